// A key presses the button or follows the link that names it in data-key; in a list, J and K lead to the next and the
// previous link. Everything works without.
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
    return;
  }
  if (key === "j" || key === "k") {
    const links = [...document.querySelectorAll("[data-rows] > li a")];
    const from = links.indexOf(document.activeElement);
    const to = from < 0 ? links[0] : links[from + (key === "j" ? 1 : -1)];
    if (to) {
      event.preventDefault();
      to.focus();
    }
  }
});
