// Reads a page from top to bottom, waits for its pictures, and tells what is to be seen.
(async () => {
  const frame = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)))
  const shifts = [], tag = node => node?.cloneNode?.().outerHTML ?? node?.nodeValue
  // What is no node of the page is inside of the browser's own player.
  const add = list => list.filter(entry => entry.sources.some(s => s.node)).forEach(entry => shifts.push(entry.value +
    " of " + entry.sources.map(s => tag(s.node) + " " + JSON.stringify([s.previousRect, s.currentRect])).join(", ")))
  const observer = new PerformanceObserver(list => add(list.getEntries()))
  observer.observe({ type: "layout-shift", buffered: true })
  const root = document.documentElement, pictures = [...document.images]
  for (let y = 0; y < root.scrollHeight; y += innerHeight / 2) {
    scrollTo(0, y)
    await frame()
  }
  await Promise.all(pictures.filter(p => p.checkVisibility()).map(p => p.complete ||
    new Promise(done => p.onload = p.onerror = done)))
  scrollTo(0, 0)
  await frame()
  await frame()
  add(observer.takeRecords())
  const faults = []
  pictures.forEach((p, n) => {
    const style = getComputedStyle(p), say = what => faults.push(p.outerHTML + " " + what)
    if (!(p.hasAttribute("width") && p.hasAttribute("height")) && style.aspectRatio === "auto") say("has no size")
    if (p.loading !== "lazy" && n > 0) say("is loaded before it is seen")
    if (p.loading === "lazy" && p.getAttribute("fetchpriority") === "high") say("comes late")
    if (p.getAttribute("referrerpolicy") !== "no-referrer" && !p.src.startsWith(location.origin) &&
      document.querySelector("meta[name=referrer]")?.content !== "no-referrer") say("tells where it is shown")
    if (!p.hasAttribute("alt")) say("has no alt")
    if (p.checkVisibility() && p.naturalWidth === 0) say("cannot be shown")
  })
  return {
    Status: performance.getEntriesByType("navigation")[0].responseStatus,
    Language: root.lang, Text: document.body.innerText, Shifts: shifts,
    Wide: root.scrollWidth <= root.clientWidth ? [] : [...document.body.querySelectorAll("*")].filter(e =>
      e.checkVisibility() && e.getBoundingClientRect().right > root.clientWidth).map(tag).slice(0, 5),
    Scroll: root.scrollWidth,
    Scripts: document.querySelectorAll("script:not([type='application/ld+json']), [onclick], [onload]").length,
    Headings: document.querySelectorAll("h1").length,
    Pictures: pictures.filter(p => p.checkVisibility()).length, Faults: faults,
  }
})()
