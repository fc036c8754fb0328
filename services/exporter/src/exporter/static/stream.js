/** The live connection: opens the event stream of a site, tells its state, and opens it again when it is lost. */

const SILENCE_MS = 15_000; // there is an event every 5 s at least
const HIDDEN_MS = 60_000; // nobody looks: the exporter need not send
const RETRIES_MS = [2_000, 4_000, 8_000, 16_000, 30_000];

/** Calls `day` and `now` with each event, and `state` with connecting, live or lost when that changes. */
export class LiveStream {
  #listener;
  #address = null;
  #source = null;
  #state = "connecting";
  #failures = 0;
  #silence;
  #retry;
  #hidden;

  constructor(listener) {
    this.#listener = listener;
    document.addEventListener("visibilitychange", () => this.#followVisibility());
    addEventListener("online", () => this.#state === "lost" && this.#connect());
    addEventListener("pagehide", () => this.#disconnect());
    addEventListener("pageshow", (event) => event.persisted && this.#connect());
  }

  /** Follow a site, or the whole fleet (null), from now on. */
  open(site) {
    this.#address = site === null ? "api/stream" : `api/stream?site=${encodeURIComponent(site)}`;
    this.#failures = 0;
    this.#turn("connecting");
    this.#connect();
  }

  #connect() {
    this.#disconnect();
    this.#source = new EventSource(this.#address);
    this.#source.addEventListener("day", (event) => this.#hear(() => this.#listener.day(JSON.parse(event.data))));
    this.#source.addEventListener("now", (event) => this.#hear(() => this.#listener.now(JSON.parse(event.data))));
    this.#source.addEventListener("error", () => this.#fail());
    this.#awaitEvent();
  }

  #disconnect() {
    clearTimeout(this.#silence);
    clearTimeout(this.#retry);
    this.#source?.close();
    this.#source = null;
  }

  #hear(tell) {
    this.#failures = 0;
    this.#turn("live");
    this.#awaitEvent();
    tell();
  }

  /** The browser connects again by itself, except after an answer that is no stream: then it has closed. */
  #fail() {
    this.#turn("lost");
    if (this.#source?.readyState === EventSource.CLOSED) this.#tryLater();
  }

  #awaitEvent() {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      this.#turn("lost");
      this.#tryLater();
    }, SILENCE_MS);
  }

  #tryLater() {
    this.#disconnect();
    const wait = RETRIES_MS[Math.min(this.#failures, RETRIES_MS.length - 1)];
    this.#failures += 1;
    this.#retry = setTimeout(() => this.#connect(), wait * (0.75 + Math.random() / 2)); // pages do not come all at once
  }

  #followVisibility() {
    clearTimeout(this.#hidden);
    if (document.visibilityState === "hidden") {
      this.#hidden = setTimeout(() => this.#disconnect(), HIDDEN_MS);
    } else if (this.#source === null && this.#address !== null) {
      this.#connect();
    }
  }

  #turn(state) {
    if (state === this.#state) return;
    this.#state = state;
    this.#listener.state(state);
  }
}
