/** Puts numbers and words where the page shows them: each place has the name of what it shows. */

import { age, count, direction, energy, power, rate, share } from "./format.js";

const SIMULATED_MS = 120_000; // further from when it was written, an instant is not now
const places = new Map([...document.querySelectorAll("[data-shows]")].map((place) => [place.dataset.shows, place]));

/** Show a text. */
export function showText(name, text) {
  const place = places.get(name);
  if (place.textContent !== text) place.textContent = text;
}

/** Show a number with a unit, and keep the value itself beside it. */
export function showNumber(name, { number, unit }, value) {
  const place = places.get(name);
  place.dataset.value = value ?? "";
  const text = unit === "" ? number : `${number} ${unit}`;
  if (place.textContent === text) return;
  const small = document.createElement("span");
  small.className = "unit";
  small.textContent = ` ${unit}`;
  place.replaceChildren(number, ...(unit === "" ? [] : [small]));
}

/** Show or hide a place. */
export function showIf(name, shown) {
  places.get(name).hidden = !shown;
}

/** What event `now` says of this moment; null blanks it, as before the first record. */
export function showNow(now, clock) {
  for (const name of ["pv_w", "meter_w"]) showNumber(name, power(now?.[name] ?? null), now?.[name]);
  showNet(now?.net_w ?? null);
  showEnergies(now);
  const since = now?.loaded_from_ms ?? null; // of this day, while not all of it is loaded
  showText("energy_since", since === null ? "" : `since ${clock.time(since)}`);
  showMoment(now?.timestamp_ms ?? null, clock);
  showIf("simulated", now !== null && isSimulated(now));
}

/** What event `now` of a site, or of the fleet (null), says of the pipeline. */
export function showPipeline(now, site) {
  const { pipeline } = now;
  showText("readings_per_s", rate(pipeline.readings_per_s));
  for (const name of ["records", "invalid_lines", "quarantined", "discarded"]) showCount(name, pipeline[name]);
  showText("pvsim", pipeline.pvsim);
  places.get("pvsim").classList.toggle("bad", pipeline.pvsim !== "ok");
  for (const name of ["invalid_lines", "quarantined", "discarded"]) {
    places.get(name).classList.toggle("bad", pipeline[name] > 0);
  }
  showText("sites", `${site === null ? "" : "of "}${count(now.sites)} ${now.sites === 1 ? "site" : "sites"}`);
  showText("partition", partitionText(now.journals));
  showReading(pipeline.read_share);
}

/** How long ago the journal was written [s]. */
export function showAge(seconds) {
  showNumber("last_write_age_s", { number: age(seconds), unit: "" }, seconds);
}

/** "partition 0 of 2" where the exporter does not show all of them; else empty. */
export function partitionText(journals) {
  const partitions = Math.max(0, ...journals.map((journal) => journal.partitions));
  const shown = [...new Set(journals.map((journal) => journal.partition))].sort((a, b) => a - b);
  if (shown.length >= partitions) return "";
  return `${shown.length === 1 ? "partition" : "partitions"} ${shown.join(", ")} of ${partitions}`;
}

function showMoment(instant, clock) {
  showText("timestamp_ms", instant === null ? "–" : clock.moment(instant));
  places.get("timestamp_ms").dateTime = instant === null ? "" : new Date(instant).toISOString();
}

function showNet(watts) {
  const way = direction(watts);
  showNumber("net_w", power(watts === null ? null : Math.abs(watts)), watts);
  showText("direction", watts === null ? "" : way === "none" ? "balanced" : `${way} the grid`);
  places.get("net_w").parentElement.dataset.direction = way;
}

function showEnergies(now) {
  const energies = now?.energy_today_j;
  for (const name of ["pv", "meter", "imported", "exported"]) {
    showNumber(`energy_${name}`, energies ? energy(energies[name]) : power(null), energies?.[name]);
  }
  for (const name of ["self_consumption", "self_sufficiency"]) {
    const part = now?.[name] ?? null;
    showNumber(name, share(part), part);
    places.get(name).parentElement.style.setProperty("--share", part ?? 0);
  }
}

function showCount(name, value) {
  showNumber(name, { number: count(value), unit: "" }, value);
}

function showReading(part) {
  showIf("reading", part !== null);
  if (part === null) return;
  showNumber("read_share", share(part), part);
  document.getElementById("read-share").value = part;
}

/** Whether the newest reading is of another time than that at which it was written. */
function isSimulated(now) {
  if (now.timestamp_ms === null) return false;
  const written = Date.now() - 1000 * (now.pipeline.last_write_age_s ?? 0);
  return Math.abs(now.timestamp_ms - written) > SIMULATED_MS;
}
