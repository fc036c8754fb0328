/** The chooser of a site: a combobox that asks the exporter while one types, for it may know 10,000 of them. */

import { count } from "./format.js";

const FLEET = "Whole fleet";
const LIMIT = 20;
const TYPING_MS = 120;

/** Calls `choose` with a site's name, or with null for the whole fleet. */
export class Chooser {
  #input;
  #popup;
  #list;
  #found;
  #choose;
  #site = null;
  #active = -1;
  #asked = 0;
  #typing;
  #answered = Promise.resolve();

  constructor(form, choose) {
    this.#input = form.querySelector("input");
    this.#popup = form.querySelector(".popup");
    this.#list = form.querySelector("[role=listbox]");
    this.#found = form.querySelector("[aria-live]");
    this.#choose = choose;
    form.addEventListener("submit", (event) => event.preventDefault());
    this.#input.addEventListener("focus", () => this.#input.select());
    this.#input.addEventListener("click", () => this.#open());
    this.#input.addEventListener("input", () => this.#search());
    this.#input.addEventListener("keydown", (event) => this.#press(event));
    this.#input.addEventListener("blur", () => this.#close());
    this.#popup.addEventListener("pointerdown", (event) => event.preventDefault()); // the input keeps the focus
    this.#list.addEventListener("click", (event) => this.#take(event.target.closest("[role=option]")));
  }

  /** Show which site is chosen. */
  show(site) {
    this.#site = site;
    this.#input.value = site ?? FLEET;
  }

  get #isOpen() {
    return !this.#popup.hidden;
  }

  #open() {
    if (this.#isOpen) return;
    this.#input.select();
    this.#ask("");
  }

  #close() {
    clearTimeout(this.#typing);
    this.#asked += 1; // an answer that still comes is not wanted any more
    this.#popup.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
    this.#activate(-1);
    this.show(this.#site);
  }

  #search() {
    clearTimeout(this.#typing);
    this.#answered = new Promise((resolve) => {
      this.#typing = setTimeout(() => resolve(this.#ask(this.#input.value.trim().toLowerCase())), TYPING_MS);
    });
  }

  async #ask(query) {
    this.#asked += 1;
    const asked = this.#asked;
    const answer = await sitesLike(query);
    if (asked === this.#asked) this.#fill(query, answer);
  }

  #fill(query, { sites, known, problem }) {
    const names = FLEET.toLowerCase().includes(query) ? [null, ...sites] : sites;
    this.#list.replaceChildren(...names.map((name, at) => this.#option(name, at)));
    this.#found.textContent = problem ?? foundText(sites.length, known);
    this.#popup.hidden = false;
    this.#input.setAttribute("aria-expanded", "true");
    this.#activate(query === "" ? names.indexOf(this.#site) : names.length > 0 ? 0 : -1);
  }

  #option(name, at) {
    const option = document.createElement("li");
    option.id = `sites-${at}`;
    option.role = "option";
    option.dataset.site = name ?? "";
    option.textContent = name ?? FLEET;
    option.setAttribute("aria-selected", String(name === this.#site));
    return option;
  }

  #activate(index) {
    this.#list.children[this.#active]?.classList.remove("active");
    this.#active = index;
    const option = this.#list.children[index];
    option?.classList.add("active");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.#input.setAttribute("aria-activedescendant", option.id);
    else this.#input.removeAttribute("aria-activedescendant");
  }

  #press(event) {
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves) {
      event.preventDefault();
      if (this.#isOpen) this.#move(moves[event.key]);
      else this.#open();
    } else if (event.key === "Enter") {
      this.#enter();
    } else if (event.key === "Escape" && this.#isOpen) {
      event.preventDefault();
      this.#close();
      this.#input.select();
    }
  }

  #move(step) {
    const length = this.#list.children.length;
    if (length > 0) this.#activate(this.#active < 0 && step < 0 ? length - 1 : (this.#active + step + length) % length);
  }

  /** Take the active option, once what was typed last is answered. */
  async #enter() {
    await this.#answered;
    if (this.#isOpen) this.#take(this.#list.children[this.#active]);
    else this.#open();
  }

  #take(option) {
    if (!option) return;
    const site = option.dataset.site || null;
    const changed = site !== this.#site;
    this.show(site);
    this.#close();
    if (changed) this.#choose(site);
  }
}

async function sitesLike(query) {
  try {
    const answer = await fetch(`api/sites?query=${encodeURIComponent(query)}&limit=${LIMIT}`);
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    return await answer.json();
  } catch {
    return { sites: [], known: 0, problem: "The exporter does not answer." };
  }
}

function foundText(found, known) {
  if (found === 0) return `None of ${count(known)} sites is called so.`;
  return found < known ? `${count(found)} of ${count(known)} sites; type to find others` : `${count(known)} sites`;
}
