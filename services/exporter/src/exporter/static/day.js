/** One day of one site or of the fleet: mean powers in bins, and the hours and points made of them. */

import { LocalTime } from "./format.js";

const HOUR_MS = 3_600_000;
const PARTIAL_BINS = 2; // of the oldest instants that are loaded, some sites are not

/** The day as event `day` tells it, kept up to date with the bins of event `now`. */
export class Day {
  /** From when on it is loaded, as the last event `now` told it; all of it where none did. */
  constructor(event, loadedFrom) {
    this.begins = event.begins_ms;
    this.ends = event.ends_ms;
    this.bin = event.bin_ms;
    this.timezone = event.timezone;
    this.clock = new LocalTime(event.timezone);
    this.loadedFrom = loadedFrom ?? event.begins_ms;
    this.#meter = [...event.meter_w];
    this.#pv = [...event.pv_w];
  }

  #meter;
  #pv;

  /** Take over what event `now` says of the curve; whether it is another one now. */
  update({ bins, loaded_from_ms: loadedFrom }) {
    for (const [index, meter, pv] of bins) {
      while (this.#meter.length < index) this.#append(null, null);
      this.#meter[index] = meter;
      this.#pv[index] = pv;
    }
    const before = this.loadedFrom;
    this.loadedFrom = loadedFrom ?? this.begins;
    return bins.length > 0 || this.loadedFrom !== before;
  }

  /** Each hour of the day so far, 23 to 25 in all: begin, text, and mean powers, null where there is no record. */
  hours() {
    const begins = this.#hoursSoFar();
    const texts = begins.map((begin) => this.clock.time(begin));
    return begins.map((begin, at) => {
      const twice = texts.indexOf(texts[at]) !== texts.lastIndexOf(texts[at]); // the hour when clocks go back
      const text = `${texts[at]}–${this.clock.time(begin + HOUR_MS)}${twice ? ` ${this.clock.zone(begin)}` : ""}`;
      const [from, to] = [begin, begin + HOUR_MS].map((instant) => (instant - this.begins) / this.bin);
      return { begin, text, ...this.#mean(Math.floor(from), Math.floor(to)) };
    });
  }

  /** Instants of full hours whose number on the clock is a multiple of a step. */
  marks(step) {
    const marks = [];
    for (let instant = this.begins; instant < this.ends; instant += HOUR_MS) {
      if (Number(this.clock.time(instant).slice(0, 2)) % step === 0) marks.push(instant);
    }
    return marks;
  }

  /** Mean powers of so many bins each, in order; null between two points where records are missing. */
  points(binsEach) {
    const points = [];
    const gap = 3 * this.#usualStep();
    for (let from = 0; from < this.#meter.length; from += binsEach) {
      const mean = this.#mean(from, from + binsEach);
      if (mean.meter === null) continue;
      if (points.length > 0 && mean.first - points.at(-1).last > gap) points.push(null);
      const [begin, end] = [from, from + binsEach].map((index) => this.begins + index * this.bin);
      const middle = this.begins + ((mean.first + mean.last + 1) / 2) * this.bin;
      points.push({ begin, end, middle, ...mean });
    }
    return points;
  }

  #append(meter, pv) {
    this.#meter.push(meter);
    this.#pv.push(pv);
  }

  #hoursSoFar() {
    const newest = this.begins + this.#meter.length * this.bin;
    const count = Math.max(0, Math.ceil((newest - this.begins) / HOUR_MS));
    return Array.from({ length: count }, (_, at) => this.begins + at * HOUR_MS);
  }

  #mean(from, to) {
    const filled = [];
    for (let index = Math.max(from, this.#firstWhole()); index < Math.min(to, this.#meter.length); index += 1) {
      if (this.#meter[index] !== null) filled.push(index);
    }
    if (filled.length === 0) return { meter: null, pv: null, net: null };
    const mean = (powers) => filled.reduce((sum, index) => sum + powers[index], 0) / filled.length;
    const [meter, pv] = [mean(this.#meter), mean(this.#pv)];
    return { meter, pv, net: meter - pv, first: filled[0], last: filled.at(-1) };
  }

  /** Index of the first bin that has all of its records. */
  #firstWhole() {
    const partial = Math.floor((this.loadedFrom - this.begins) / this.bin);
    return this.loadedFrom > this.begins ? partial + PARTIAL_BINS : 0;
  }

  /** Bins from one with a record to the next, mostly: more than one where readings are rarer than bins. */
  #usualStep() {
    const filled = [...this.#meter.keys()].filter((index) => this.#meter[index] !== null);
    const steps = filled.slice(1).map((index, at) => index - filled[at]);
    return steps.sort((a, b) => a - b)[steps.length >> 1] ?? 1;
  }
}
