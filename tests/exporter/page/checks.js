// Checks of a page for accessibility, run within it; each gives what is wrong.

/** Texts whose contrast with what is behind them is below WCAG's AA. */
function textsWithLittleContrast() {
  const pixel = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const over = (colours) => {
    pixel.clearRect(0, 0, 1, 1);
    for (const colour of colours) {
      pixel.fillStyle = colour;
      pixel.fillRect(0, 0, 1, 1);
    }
    return [...pixel.getImageData(0, 0, 1, 1).data.slice(0, 3)];
  };
  const luminance = (rgb) => {
    const [red, green, blue] = rgb.map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ancestors = (element) => (element === null ? [] : [...ancestors(element.parentElement), element]);
  const isSeen = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest(".unseen");
  const shown = [...document.querySelectorAll("body *")].filter(
    (element) => isSeen(element) && (element.value || [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())),
  );
  return shown.flatMap((element) => {
    const style = getComputedStyle(element);
    const backs = ancestors(element).map((each) => getComputedStyle(each).backgroundColor);
    const [dark, light] = [over(backs), over([...backs, style.color])].map(luminance).sort((a, b) => a - b);
    const contrast = (light + 0.05) / (dark + 0.05);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    return contrast < (isLarge ? 3 : 4.5) ? [`${element.textContent.trim() || element.value}: ${contrast.toFixed(2)}`] : [];
  });
}

/** Attributes that name an id which is not there, and ids that are there twice. */
function brokenReferences() {
  const attributes = ["for", "aria-controls", "aria-labelledby", "aria-describedby", "aria-activedescendant"];
  const named = attributes.flatMap((name) => [...document.querySelectorAll(`[${name}]`)].map((element) => element.getAttribute(name)));
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  return [...named.filter((id) => !ids.includes(id)), ...ids.filter((id, at) => ids.indexOf(id) !== at)];
}

/** Things to use or to see that have no name. */
function thingsWithoutName() {
  const isNamed = (element) =>
    element.labels?.length > 0 || element.hasAttribute("aria-label") || element.hasAttribute("aria-labelledby") ||
    element.hasAttribute("alt") || element.textContent.trim() !== "";
  const things = "input, select, textarea, button, a, summary, progress, img, section, [role=slider], [role=listbox]";
  return [...document.querySelectorAll(things)].filter((element) => !isNamed(element)).map((element) => element.outerHTML);
}

/** How far things moved while the page was built: Chromium's cumulative layout shift. */
function layoutShift() {
  return new Promise((resolve) => {
    let sum = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) sum += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
    setTimeout(() => resolve(sum), 300);
  });
}
