/** The live page: shows a site, or the whole fleet, as the exporter tells it. */

import { Chooser } from "./chooser.js";
import { Curve } from "./curve.js";
import { Day } from "./day.js";
import { noticeText, stateOf, stateText } from "./notice.js";
import { showAge, showNow, showPipeline, showText } from "./numbers.js";
import { LiveStream } from "./stream.js";
import { HourTable } from "./table.js";

const FLEET = "Whole fleet";

const curve = new Curve(document.querySelector(".curve"));
const table = new HourTable(document.querySelector(".hours"));
const chooser = new Chooser(document.querySelector(".chooser"), choose);
const stream = new LiveStream({ day: showDay, now: take, state: takeState });

let site = null;
let day = null;
let now = null; // the last event `now` of this site
let connection = "connecting";
let heard = 0; // when it came [ms]

addEventListener("popstate", () => show(siteInAddress()));
setInterval(tick, 1000);
show(siteInAddress());

function siteInAddress() {
  return new URLSearchParams(location.search).get("site") || null;
}

/** Show another site and keep it in the address. */
function choose(chosen) {
  history.pushState(null, "", chosen === null ? location.pathname : `?site=${encodeURIComponent(chosen)}`);
  show(chosen);
}

function show(chosen) {
  site = chosen;
  now = null;
  const name = site ?? FLEET;
  document.title = `${name} – pvsimulator`;
  showText("site", name);
  chooser.show(site);
  showNow(null);
  showDay(null);
  stream.open(site);
  showState();
}

/** Show another day from event `day`; null: there is no record of any. */
function showDay(event) {
  day = event === null ? null : new Day(event, now?.loaded_from_ms);
  showText("date", day?.clock.date(day.begins) ?? "");
  showText("timezone", day?.timezone ?? "");
  showCurve();
}

function showCurve() {
  curve.show(day);
  table.show(day);
}

function take(event) {
  now = event;
  heard = performance.now();
  if (now.timestamp_ms === null) showDay(null);
  else if (day.update(now)) showCurve();
  showNow(day === null ? null : now, day?.clock);
  showPipeline(now, site);
  showState();
  tick();
}

function takeState(state) {
  connection = state;
  showState();
}

function showState() {
  const state = stateOf(connection, now);
  const moment = day === null || now === null ? "" : day.clock.moment(now.timestamp_ms);
  document.body.dataset.state = state;
  showText("state", stateText(state));
  showText("notice", noticeText(state, site, now, moment));
}

/** The age goes on while no event comes. */
function tick() {
  if (now === null) return;
  const age = now.pipeline.last_write_age_s;
  showAge(age === null ? null : age + (performance.now() - heard) / 1000);
}
