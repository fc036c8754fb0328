/** The page's colours, for what is drawn on a canvas. */

const NAMES = ["pv", "load", "import", "export", "text", "muted", "line", "card"];

/** The colours of page.css as they are now, and the font. */
export function theme() {
  const style = getComputedStyle(document.body);
  const colours = NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]);
  return { ...Object.fromEntries(colours), font: `12px ${style.fontFamily}` };
}

/** The colour, see-through. */
export function faint(colour, share) {
  return `color-mix(in srgb, ${colour} ${100 * share}%, transparent)`;
}

/** Call when light turns to dark, or back. */
export function onThemeChange(listener) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", listener);
}
