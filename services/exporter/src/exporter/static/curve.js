/** The day's curve: two plots with one cursor, moved by mouse, finger or keys, and what it points at in words. */

import { direction, netText, power, powerText } from "./format.js";
import { showNumber, showText } from "./numbers.js";
import { AXIS_WIDTH, netPlot, powerPlot } from "./plots.js";
import { onThemeChange, theme } from "./theme.js";

const MINUTES_EACH = [1, 5, 15, 30]; // what a point may be the mean of
const POINT_WIDTH = 2; // [px] narrower, the minutes of a single home look like fur
const HOUR_MS = 3_600_000;

/** Draws into the `.power` and `.net` of an element, which is itself the slider that moves the cursor. */
export class Curve {
  #element;
  #view = { day: null, points: [], theme: theme() };
  #plots;
  #selected = null; // index of a point; null: the newest

  constructor(element) {
    this.#element = element;
    const [power, net] = [element.querySelector(".power"), element.querySelector(".net")];
    this.#plots = [powerPlot(power, this.#view), netPlot(net, this.#view)];
    this.#listen();
  }

  /** Show this day as it is now; null: none. */
  show(day) {
    if (day !== this.#view.day) this.#selected = null;
    const points = day?.points(this.#binsEach(day)) ?? [];
    Object.assign(this.#view, { day, points });
    const x = points.map((point, at) => (point ?? between(points, at)).middle / 1000);
    const column = (value) => points.map((point) => (point === null ? null : value(point)));
    this.#plots[0].setData([x, column((point) => point.pv), column((point) => point.meter)]);
    this.#plots[1].setData([x, column((point) => point.net)]);
    this.#mark();
  }

  /** How many bins make a point wide enough to be seen. */
  #binsEach(day) {
    const minutes = (day.ends - day.begins) / 60_000;
    const width = this.#plots[0].width - AXIS_WIDTH;
    const each = MINUTES_EACH.find((count) => (width * count) / minutes >= POINT_WIDTH) ?? MINUTES_EACH.at(-1);
    showText("mean", `means of ${each === 1 ? "a minute" : `${each} minutes`}`);
    return Math.max(1, Math.round((each * 60_000) / day.bin));
  }

  #listen() {
    new ResizeObserver(() => this.#resize()).observe(this.#element);
    onThemeChange(() => this.#recolour());
    this.#element.addEventListener("pointermove", (event) => this.#point(event));
    this.#element.addEventListener("pointerdown", (event) => this.#point(event));
    this.#element.addEventListener("pointerleave", () => this.#select(null));
    this.#element.addEventListener("keydown", (event) => this.#press(event));
    this.#element.addEventListener("blur", () => this.#select(null));
  }

  #resize() {
    for (const plot of this.#plots) {
      const { clientWidth: width, clientHeight: height } = plot.root.parentElement;
      if (width !== plot.width || height !== plot.height) plot.setSize({ width, height });
    }
    if (this.#view.day !== null) this.show(this.#view.day);
  }

  #recolour() {
    this.#view.theme = theme();
    for (const plot of this.#plots) plot.redraw(false);
  }

  #point(event) {
    const [plot] = this.#plots;
    const x = event.clientX - plot.over.getBoundingClientRect().left;
    const distance = (at) => Math.abs(this.#view.points[at].middle - 1000 * plot.posToVal(x, "x"));
    const stops = this.#stops();
    if (stops.length > 0) this.#select(stops.reduce((best, at) => (distance(at) < distance(best) ? at : best)));
  }

  #press(event) {
    const stops = this.#stops();
    const target = this.#target(event.key, stops);
    if (event.key === "Escape") this.#select(null);
    if (target === null || stops.length === 0) return;
    event.preventDefault();
    this.#select(stops[Math.min(stops.length - 1, Math.max(0, target))]);
  }

  /** Which of the stops a key asks for; null: it asks for none. */
  #target(key, stops) {
    const { points } = this.#view;
    const at = stops.indexOf(this.#selected ?? stops.at(-1));
    const first = points[stops[0]];
    const hour = first ? Math.round(HOUR_MS / (first.end - first.begin)) : 0;
    const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -hour, PageUp: hour };
    if (key in steps) return at + steps[key];
    return { Home: 0, End: stops.length - 1 }[key] ?? null;
  }

  /** Indexes of points the cursor can stop at: all but gaps. */
  #stops() {
    const { points } = this.#view;
    return [...points.keys()].filter((at) => points[at] !== null);
  }

  #select(index) {
    this.#selected = index;
    this.#mark();
  }

  /** Put the cursor at the selected point and say what it is; where none is selected, only say what the newest is. */
  #mark() {
    const { points } = this.#view;
    const at = this.#selected ?? points.length - 1;
    const point = points[at] ?? null;
    for (const plot of this.#plots) {
      const left = this.#selected === null || point === null ? -10 : plot.valToPos(point.middle / 1000, "x");
      plot.setCursor({ left, top: left < 0 ? -10 : 0 }, false);
    }
    this.#showLegend(point);
    this.#element.ariaValueMax = String(Math.max(0, points.length - 1));
    this.#element.ariaValueNow = String(Math.max(0, at));
    this.#element.ariaValueText = point === null ? "nothing yet" : this.#text(point);
  }

  #showLegend(point) {
    const clock = this.#view.day?.clock;
    const way = direction(point?.net ?? null);
    const flow = (name) => (point === null ? null : way === name ? Math.abs(point.net) : 0);
    showText("selected", point === null ? "" : `${clock.time(point.begin)}–${clock.time(point.end)}`);
    showNumber("selected_pv", power(point?.pv ?? null), point?.pv);
    showNumber("selected_meter", power(point?.meter ?? null), point?.meter);
    showNumber("selected_import", power(flow("from")), flow("from"));
    showNumber("selected_export", power(flow("into")), flow("into"));
  }

  #text({ begin, pv, meter, net }) {
    return `${this.#view.day.clock.time(begin)}, PV ${powerText(pv)}, load ${powerText(meter)}, ${netText(net)}`;
  }
}

/** Where the gap between two points is. */
function between(points, at) {
  return { middle: (points[at - 1].middle + points[at + 1].middle) / 2 };
}
