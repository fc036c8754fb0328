/** What the page says about itself: its state in a word, and a notice where something is wrong. */

const STATES = {
  connecting: "Connecting",
  live: "Live",
  reading: "Reading",
  stale: "Stale",
  lost: "No connection",
};

/** The state in one word of STATES, from the connection's and the last event `now`. */
export function stateOf(connection, now) {
  if (connection !== "live" || now === null) return connection === "lost" ? "lost" : "connecting";
  if (now.pipeline.read_share !== null) return "reading";
  return now.pipeline.stale ? "stale" : "live";
}

/** The word for a state. */
export function stateText(state) {
  return STATES[state];
}

/** What is wrong, in a sentence or two; empty when nothing is. It must not change each second: it is read out. */
export function noticeText(state, site, now, moment) {
  if (state === "lost") return "The connection to the exporter is lost. The page tries again until it is back.";
  if (state === "connecting" || state === "reading") return "";
  if (now.timestamp_ms === null) return `There is no record${site === null ? "" : ` of ${site}`} yet.`;
  if (state === "live") return "";
  const pvsim = now.pipeline.pvsim === "ok" ? "" : ` pvsim: ${now.pipeline.pvsim}.`;
  return `No new records for longer than is to be expected; the newest is of ${moment}.${pvsim}`;
}
