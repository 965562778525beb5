// A key presses the button or follows the link that names it in data-key. Everything works without.
"use strict";

document.addEventListener("keydown", (event) => {
  if (document.body.dataset.keys === "off" || event.defaultPrevented || event.repeat || event.isComposing ||
      event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  const at = event.target;
  if (at instanceof HTMLElement && at.closest("input:not([type=checkbox]):not([type=radio]), select, textarea, [contenteditable]")) {
    return;
  }
  const key = event.key.toLowerCase();
  if (!/^[a-z0-9]$/.test(key)) {
    return;
  }
  const pressed = document.querySelector(`[data-key="${key}"]`);
  if (pressed) {
    event.preventDefault();
    pressed.click();
  }
});
