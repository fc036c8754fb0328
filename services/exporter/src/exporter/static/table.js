/** The day's curve as a table, an hour a row: for those who do not see the curve, or want its numbers. */

import { netText, powerText } from "./format.js";

/** Fills the table within a <details> while that is open. */
export class HourTable {
  #details;
  #body;
  #day = null;

  constructor(details) {
    this.#details = details;
    this.#body = details.querySelector("tbody");
    details.addEventListener("toggle", () => this.#fill());
  }

  /** Show this day as it is now. */
  show(day) {
    this.#day = day;
    this.#fill();
  }

  #fill() {
    if (!this.#details.open) return;
    const hours = this.#day?.hours() ?? [];
    while (this.#body.rows.length > hours.length) this.#body.deleteRow(-1);
    hours.forEach((hour, at) => this.#fillRow(this.#body.rows[at] ?? this.#addRow(), hour));
  }

  #addRow() {
    const row = this.#body.insertRow();
    const heading = document.createElement("th");
    heading.scope = "row";
    row.append(heading);
    for (const name of ["pv", "meter", "net"]) row.insertCell().dataset.column = name;
    return row;
  }

  #fillRow(row, hour) {
    const [heading, ...cells] = row.cells;
    heading.textContent = hour.text;
    row.dataset.begin = hour.begin;
    const missing = hour.begin < this.#day.loadedFrom ? "not loaded yet" : "–";
    for (const cell of cells) {
      const watts = hour[cell.dataset.column];
      const text = cell.dataset.column === "net" ? netText : powerText;
      cell.dataset.value = watts ?? "";
      cell.textContent = watts === null ? missing : text(watts);
    }
  }
}
