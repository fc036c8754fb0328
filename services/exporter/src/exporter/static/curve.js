/** The day's curve: PV and load above, what flows from and into the grid below, and one cursor in both. */

import { axisPowers, direction, netText, power, powerText } from "./format.js";
import { showNumber, showText } from "./numbers.js";
import { faint, onThemeChange, theme } from "./theme.js";

const { uPlot } = globalThis; // a classic script, before this module
const MINUTES_EACH = [1, 5, 15, 30]; // what a point of the curve may be the mean of
const POINT_WIDTH = 2; // [px] narrower, single minutes of single homes look like fur
const HOURS_EACH = [1, 2, 3, 4, 6, 12];
const HOUR_WIDTH = 46; // [px] of a mark's text
const AXIS_WIDTH = 60; // [px]
const LEAST_RANGE_W = 500;
const HEADROOM = 1.08;

/** Draws into an element with the plots `.power` and `.net`; the element itself is the slider that moves the cursor. */
export class Curve {
  #element;
  #plots;
  #theme = theme();
  #day = null;
  #points = [];
  #selected = null; // index of a point; null: the newest

  constructor(element) {
    this.#element = element;
    this.#plots = [this.#plotPower(element.querySelector(".power")), this.#plotNet(element.querySelector(".net"))];
    this.#listen();
  }

  /** Show this day as it is now; null: none yet. */
  show(day) {
    if (day !== this.#day) this.#selected = null;
    this.#day = day;
    const binsEach = this.#binsEach();
    this.#points = day?.points(binsEach) ?? [];
    const x = this.#points.map((point, at) => (point ?? this.#between(at)).middle / 1000);
    const column = (value) => this.#points.map((point) => (point === null ? null : value(point)));
    const [pv, load] = [column((point) => point.pv), column((point) => point.meter)];
    this.#plots[0].setData([x, pv, load]);
    this.#plots[1].setData([x, column((point) => point.meter - point.pv)]);
    this.#mark();
  }

  #between(at) {
    return { middle: (this.#points[at - 1].middle + this.#points[at + 1].middle) / 2 };
  }

  /** How many bins make a point that is wide enough to be seen. */
  #binsEach() {
    if (this.#day === null) return 1;
    const minutes = (this.#day.ends - this.#day.begins) / 60_000;
    const width = this.#plots[0].width - AXIS_WIDTH;
    const each = MINUTES_EACH.find((count) => (width * count) / minutes >= POINT_WIDTH) ?? MINUTES_EACH.at(-1);
    showText("mean", `means of ${each === 1 ? "a minute" : `${each} minutes`}`);
    return Math.max(1, Math.round((each * 60_000) / this.#day.bin));
  }

  #plotPower(element) {
    const range = (_plot, _least, most) => [0, Math.max(LEAST_RANGE_W, HEADROOM * (most ?? 0))];
    const series = ["pv", "load"].map((name) => ({
      stroke: () => this.#theme[name],
      fill: () => faint(this.#theme[name], 0.16),
      width: 2,
      points: this.#dots(() => this.#theme[name]),
    }));
    return this.#plot(element, { range, series, marked: false });
  }

  #plotNet(element) {
    const series = {
      stroke: (plot) => this.#aboveAndBelow(plot, this.#theme.import, this.#theme.export),
      fill: (plot) => this.#aboveAndBelow(plot, faint(this.#theme.import, 0.4), faint(this.#theme.export, 0.4)),
      fillTo: 0,
      width: 1.5,
      points: this.#dots((plot) => this.#aboveAndBelow(plot, this.#theme.import, this.#theme.export)),
    };
    return this.#plot(element, { range: netRange, series: [series], marked: true });
  }

  #plot(element, { range, series, marked }) {
    const options = {
      width: element.clientWidth,
      height: element.clientHeight,
      padding: [8, 12, 0, 0],
      legend: { show: false },
      cursor: { bind: NO_MOUSE, drag: { x: false, y: false }, y: false },
      scales: { x: { range: () => this.#range() }, y: { range } },
      axes: [this.#timeAxis(marked), this.#powerAxis()],
      series: [{}, ...series],
      hooks: { drawClear: [(plot) => this.#hatch(plot)], draw: [(plot) => this.#writeNotLoaded(plot)] },
    };
    return new uPlot(options, [[], ...series.map(() => [])], element);
  }

  #range() {
    return this.#day === null ? [0, 86_400] : [this.#day.begins / 1000, this.#day.ends / 1000];
  }

  #timeAxis(marked) {
    const step = (plot) => HOURS_EACH.find((hours) => ((plot.width - AXIS_WIDTH) * hours) / 24 >= HOUR_WIDTH) ?? HOURS_EACH.at(-1);
    return {
      ...this.#axis(),
      size: marked ? 28 : 6,
      splits: (plot) => this.#day?.marks(step(plot)).map((instant) => instant / 1000) ?? [],
      values: (_plot, marks) => marks.map((mark) => (marked ? this.#day.clock.time(mark * 1000) : "")),
    };
  }

  #powerAxis() {
    return { ...this.#axis(), size: AXIS_WIDTH, space: 34, values: (_plot, marks) => axisPowers(marks) };
  }

  #axis() {
    const line = { stroke: () => this.#theme.line, width: 1 };
    return { stroke: () => this.#theme.muted, font: this.#theme.font, grid: line, ticks: { show: false } };
  }

  /** Dots where a line would not be seen: single points between gaps, and the newest point, to show that it lives. */
  #dots(colour) {
    const isAlone = (at) => !this.#points[at - 1] && !this.#points[at + 1];
    return {
      size: 7,
      width: 0,
      fill: colour,
      show: true,
      filter: () => [...this.#points.keys()].filter((at) => this.#points[at] && (isAlone(at) || at === this.#points.length - 1)),
    };
  }

  /** One colour above zero, another below. */
  #aboveAndBelow(plot, above, below) {
    const { top, height } = plot.bbox;
    if (!(height > 0) || plot.scales.y.min === null) return above;
    const zero = Math.min(1, Math.max(0, (plot.valToPos(0, "y", true) - top) / height));
    const gradient = plot.ctx.createLinearGradient(0, top, 0, top + height);
    gradient.addColorStop(zero, above);
    gradient.addColorStop(zero, below);
    return gradient;
  }

  /** Mark the part of the day that is not loaded yet. */
  #hatch(plot) {
    const { ctx, bbox } = plot;
    const end = this.#endOfNotLoaded(plot);
    if (end === null) return;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, end - bbox.left, bbox.height);
    ctx.clip();
    ctx.fillStyle = faint(this.#theme.muted, 0.08);
    ctx.fillRect(bbox.left, bbox.top, end - bbox.left, bbox.height);
    this.#stripes(plot, end);
    ctx.restore();
  }

  #endOfNotLoaded(plot) {
    if (this.#day === null || this.#day.loadedFrom <= this.#day.begins) return null;
    return plot.valToPos(Math.min(this.#day.loadedFrom, this.#day.ends) / 1000, "x", true);
  }

  #stripes({ ctx, bbox }, end) {
    const step = 10 * uPlot.pxRatio;
    ctx.strokeStyle = faint(this.#theme.muted, 0.35);
    ctx.lineWidth = uPlot.pxRatio;
    ctx.beginPath();
    for (let x = bbox.left - bbox.height; x < end; x += step) {
      ctx.moveTo(x, bbox.top + bbox.height);
      ctx.lineTo(x + bbox.height, bbox.top);
    }
    ctx.stroke();
  }

  #writeNotLoaded(plot) {
    const { ctx, bbox } = plot;
    const end = this.#endOfNotLoaded(plot);
    if (end === null) return;
    ctx.save();
    ctx.font = this.#theme.font.replace("12px", `${12 * uPlot.pxRatio}px`);
    const text = "not loaded yet";
    const [width, height] = [ctx.measureText(text).width + 12 * uPlot.pxRatio, 22 * uPlot.pxRatio];
    ctx.translate((bbox.left + end) / 2, bbox.top + bbox.height / 2);
    if (width > end - bbox.left) ctx.rotate(-Math.PI / 2);
    ctx.fillStyle = this.#theme.card;
    ctx.fillRect(-width / 2, -height / 2, width, height);
    ctx.fillStyle = this.#theme.muted;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(text, 0, 0);
    ctx.restore();
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
    if (this.#day !== null) this.show(this.#day);
  }

  #recolour() {
    this.#theme = theme();
    for (const plot of this.#plots) plot.redraw(false);
  }

  #point(event) {
    const [plot] = this.#plots;
    const x = event.clientX - plot.over.getBoundingClientRect().left;
    const instant = plot.posToVal(x, "x") * 1000;
    const distance = (at) => Math.abs(this.#points[at].middle - instant);
    const real = this.#realPoints();
    if (real.length > 0) this.#select(real.reduce((best, at) => (distance(at) < distance(best) ? at : best)));
  }

  #press(event) {
    const real = this.#realPoints();
    const at = real.indexOf(this.#selected ?? real.at(-1));
    const hour = Math.max(1, Math.round(3_600_000 / ((this.#points[real[0]]?.end ?? 0) - (this.#points[real[0]]?.begin ?? 0))));
    const last = real.length - 1;
    const targets = {
      ArrowLeft: at - 1, ArrowDown: at - 1, ArrowRight: at + 1, ArrowUp: at + 1,
      PageDown: at - hour, PageUp: at + hour, Home: 0, End: last,
    };
    if (event.key === "Escape") this.#select(null);
    if (!(event.key in targets) || last < 0) return;
    event.preventDefault();
    this.#select(real[Math.min(last, Math.max(0, targets[event.key]))]);
  }

  #realPoints() {
    return [...this.#points.keys()].filter((at) => this.#points[at] !== null);
  }

  #select(index) {
    this.#selected = index;
    this.#mark();
  }

  /** Say what the selected point is, or the newest, and put the cursor there. */
  #mark() {
    const at = this.#selected ?? this.#points.length - 1;
    const point = this.#points[at] ?? null;
    for (const plot of this.#plots) {
      const left = this.#selected === null || point === null ? -10 : plot.valToPos(point.middle / 1000, "x");
      plot.setCursor({ left, top: left < 0 ? -10 : 0 }, false);
    }
    this.#say(at, point);
  }

  #say(at, point) {
    const net = point === null ? null : point.meter - point.pv;
    const way = direction(net);
    showText("selected", point === null ? "" : `${this.#day.clock.time(point.begin)}–${this.#day.clock.time(point.end)}`);
    showNumber("selected_pv", power(point?.pv ?? null), point?.pv);
    showNumber("selected_meter", power(point?.meter ?? null), point?.meter);
    showNumber("selected_import", power(point === null ? null : way === "from" ? net : 0), net);
    showNumber("selected_export", power(point === null ? null : way === "into" ? -net : 0), net);
    this.#element.ariaValueMax = String(Math.max(0, this.#points.length - 1));
    this.#element.ariaValueNow = String(Math.max(0, at));
    this.#element.ariaValueText = point === null ? "nothing yet" : this.#text(point, net);
  }

  #text(point, net) {
    const time = this.#day.clock.time(point.begin);
    return `${time}, PV ${powerText(point.pv)}, load ${powerText(point.meter)}, ${netText(net)}`;
  }
}

const NO_MOUSE = Object.fromEntries(
  ["mousedown", "mouseup", "click", "dblclick", "mousemove", "mouseleave", "mouseenter"].map((name) => [name, () => null]),
);

function netRange(_plot, least, most) {
  const low = HEADROOM * Math.min(0, least ?? 0);
  const high = HEADROOM * Math.max(0, most ?? 0);
  return [low, Math.max(high, low + LEAST_RANGE_W)];
}
