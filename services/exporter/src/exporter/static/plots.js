/** The two plots of a day: PV and load, and below them what flows from and into the grid. */

import { axisPowers } from "./format.js";
import { hatch, nameHatch } from "./hatch.js";
import { faint } from "./theme.js";

export const AXIS_WIDTH = 60; // [px]

const { uPlot } = globalThis; // a classic script, before this module
const HOURS_EACH = [1, 2, 3, 4, 6, 12]; // from one mark of the time axis to the next
const MARK_WIDTH = 46; // [px]
const LEAST_RANGE_W = 500;
const HEADROOM = 1.08;
const MOUSE = ["mousedown", "mouseup", "click", "dblclick", "mousemove", "mouseleave", "mouseenter"];
const NO_MOUSE = Object.fromEntries(MOUSE.map((name) => [name, () => null])); // the cursor is moved from outside

/** PV and load. What a plot draws, it takes from `view`: its day (null: none), points and theme at that time. */
export function powerPlot(element, view) {
  const series = ["pv", "load"].map((name) => ({
    stroke: () => view.theme[name],
    fill: () => faint(view.theme[name], 0.16),
    width: 2,
    points: dots(view, () => view.theme[name]),
  }));
  const range = (_plot, _least, most) => [0, Math.max(LEAST_RANGE_W, HEADROOM * (most ?? 0))];
  return plotOf(element, view, { range, series, marked: false });
}

/** Net power: in red what comes from the grid, in green, below zero, what flows into it. */
export function netPlot(element, view) {
  const colour = (plot, share) => byDirection(plot, faint(view.theme.import, share), faint(view.theme.export, share));
  const series = {
    stroke: (plot) => colour(plot, 1),
    fill: (plot) => colour(plot, 0.4),
    fillTo: 0,
    width: 1.5,
    points: dots(view, (plot) => colour(plot, 1)),
  };
  return plotOf(element, view, { range: netRange, series: [series], marked: true });
}

function plotOf(element, view, { range, series, marked }) {
  const options = {
    width: element.clientWidth,
    height: element.clientHeight,
    padding: [8, 12, 0, 0],
    legend: { show: false },
    cursor: { bind: NO_MOUSE, drag: { x: false, y: false }, y: false },
    scales: { x: { range: () => dayRange(view.day) }, y: { range } },
    axes: [timeAxis(view, marked), powerAxis(view)],
    series: [{}, ...series],
    hooks: {
      drawClear: [(plot) => isPartial(view.day) && hatch(plot, view.day.loadedFrom, view.theme)],
      draw: [(plot) => isPartial(view.day) && nameHatch(plot, view.day.loadedFrom, view.theme)],
    },
  };
  return new uPlot(options, [[], ...series.map(() => [])], element);
}

function dayRange(day) {
  return day === null ? [0, 86_400] : [day.begins / 1000, day.ends / 1000];
}

function netRange(_plot, least, most) {
  const low = HEADROOM * Math.min(0, least ?? 0);
  const high = HEADROOM * Math.max(0, most ?? 0);
  return [low, Math.max(high, low + LEAST_RANGE_W)];
}

function isPartial(day) {
  return day !== null && day.loadedFrom > day.begins;
}

function timeAxis(view, marked) {
  const fits = (plot) => (hours) => ((plot.width - AXIS_WIDTH) * hours) / 24 >= MARK_WIDTH;
  return {
    ...axis(view),
    size: marked ? 28 : 6,
    splits: (plot) => view.day?.marks(HOURS_EACH.find(fits(plot)) ?? 12).map((instant) => instant / 1000) ?? [],
    values: (_plot, marks) => marks.map((mark) => (marked ? view.day.clock.time(mark * 1000) : "")),
  };
}

function powerAxis(view) {
  return { ...axis(view), size: AXIS_WIDTH, space: 34, values: (_plot, marks) => axisPowers(marks) };
}

function axis(view) {
  const grid = { stroke: () => view.theme.line, width: 1 };
  return { stroke: () => view.theme.muted, font: view.theme.font, grid, ticks: { show: false } };
}

/** Dots where a line would not be seen: a point between two gaps; and the newest point, to show that it lives. */
function dots(view, colour) {
  const isAlone = (at) => !view.points[at - 1] && !view.points[at + 1];
  const isDot = (at) => view.points[at] !== null && (isAlone(at) || at === view.points.length - 1);
  return { size: 7, width: 0, fill: colour, show: true, filter: () => [...view.points.keys()].filter(isDot) };
}

/** One colour above zero, another below. */
function byDirection(plot, above, below) {
  const { top, height } = plot.bbox;
  if (!(height > 0) || plot.scales.y.min === null) return above; // nothing is drawn yet
  const zero = Math.min(1, Math.max(0, (plot.valToPos(0, "y", true) - top) / height));
  const gradient = plot.ctx.createLinearGradient(0, top, 0, top + height);
  gradient.addColorStop(zero, above);
  gradient.addColorStop(zero, below);
  return gradient;
}
