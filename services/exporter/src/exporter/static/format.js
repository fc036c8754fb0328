/** Numbers and times as people read them; nothing here touches the page. */

const LOCALE = "en-GB"; // the page is in English; this one has 24 hours a day and the day before the month
const JOULES_PER_KWH = 3.6e6;
const UNKNOWN = { number: "–", unit: "" };

const whole = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0, signDisplay: "negative" });
const threeDigits = new Intl.NumberFormat(LOCALE, { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });
const fewDigits = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 2, signDisplay: "negative" });
const decimals = [0, 1, 2].map(
  (count) => new Intl.NumberFormat(LOCALE, { minimumFractionDigits: count, maximumFractionDigits: count }),
);

/** A power [W] with three digits that count: 432 W, 5.27 kW, 1.25 MW. */
export function power(watts) {
  if (watts === null) return UNKNOWN;
  const size = Math.abs(watts);
  if (size < 999.5) return { number: minus(whole.format(watts)), unit: "W" };
  return size < 999_500
    ? { number: minus(threeDigits.format(watts / 1e3)), unit: "kW" }
    : { number: minus(threeDigits.format(watts / 1e6)), unit: "MW" };
}

/** Powers [W] along an axis, all in the unit that suits the largest. */
export function axisPowers(watts) {
  const largest = Math.max(...watts.map(Math.abs));
  const [divisor, unit] = largest < 1e3 ? [1, "W"] : largest < 1e6 ? [1e3, "kW"] : [1e6, "MW"];
  return watts.map((power) => `${minus(fewDigits.format(power / divisor))} ${unit}`);
}

/** An energy [J] in kWh. */
export function energy(joules) {
  const kwh = joules / JOULES_PER_KWH;
  const digits = kwh < 9.995 ? 2 : kwh < 99.95 ? 1 : 0;
  return { number: decimals[digits].format(kwh), unit: "kWh" };
}

/** A share of 0 to 1 in percent. */
export function share(part) {
  return part === null ? UNKNOWN : { number: whole.format(part * 100), unit: "%" };
}

/** A count, or a dash where nobody knows it. */
export function count(number) {
  return number === null ? UNKNOWN.number : whole.format(number);
}

/** A rate [1/s], exact where it is low. */
export function rate(perSecond) {
  return perSecond < 99.5 ? fewDigits.format(Number(perSecond.toPrecision(2))) : whole.format(perSecond);
}

/** How long ago something was [s]. */
export function age(seconds) {
  if (seconds === null) return "never";
  if (seconds < 1.5) return "just now";
  if (seconds < 120) return `${Math.round(seconds)} s ago`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min ago`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h ago` : `${Math.round(seconds / 86_400)} days ago`;
}

/** Which way a net power [W] flows: from, into, or none. */
export function direction(watts) {
  if (watts === null || Math.abs(watts) < 0.5) return "none";
  return watts > 0 ? "from" : "into";
}

/** "20.1 kW into the grid". */
export function netText(watts) {
  const { number, unit } = power(Math.abs(watts));
  const way = direction(watts);
  return way === "none" ? "nothing from or into the grid" : `${number} ${unit} ${way} the grid`;
}

/** "25.4 kW". */
export function powerText(watts) {
  const { number, unit } = power(watts);
  return `${number} ${unit}`.trim();
}

/** Instants [ms since 1970] as the clocks of a time zone show them. */
export class LocalTime {
  #date;
  #shortDate;
  #time;
  #seconds;
  #zone;

  constructor(timeZone) {
    const format = (options) => new Intl.DateTimeFormat(LOCALE, { timeZone, ...options });
    this.#date = format({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
    this.#shortDate = format({ weekday: "short", day: "numeric", month: "short", year: "numeric" });
    this.#time = format({ hour: "2-digit", minute: "2-digit" });
    this.#seconds = format({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
    this.#zone = format({ timeZoneName: "short" });
  }

  /** "Sunday 21 June 2026". */
  date(instant) {
    return this.#date.format(instant).replaceAll(",", "");
  }

  /** "14:30". */
  time(instant) {
    return this.#time.format(instant);
  }

  /** "Sun 21 Jun 2026, 14:30:00". */
  moment(instant) {
    return `${this.#shortDate.format(instant).replaceAll(",", "")}, ${this.#seconds.format(instant)}`;
  }

  /** "CEST". */
  zone(instant) {
    return this.#zone.formatToParts(instant).find((part) => part.type === "timeZoneName").value;
  }
}

function minus(text) {
  return text.replace("-", "−");
}
