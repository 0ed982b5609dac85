// An identity-card reader types like a keyboard: its number goes to the document's field, wherever the focus is, and its
// Enter sends nothing.
import { listen } from "./wedge.js";

const SHORTEST_NUMBER = 15;
const NUMBER = /^(\d{15}|\d{17}[\dX])$/i;

/** Return the field a number belongs to: the one in use, or the first that is empty. */
function field() {
  const fields = /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll("input[data-document]")]);
  const used = fields.find((one) => one === document.activeElement);
  return used ?? fields.find((one) => one.value === "") ?? fields[0];
}

listen(
  document,
  (text) => {
    const target = field();
    if (!target || !NUMBER.test(text)) return;
    target.value = text.toUpperCase();
    target.dispatchEvent(new Event("change", { bubbles: true }));
    const inputs = /** @type {HTMLElement[]} */ ([...(target.form?.querySelectorAll("input:not([type=hidden]), select, button") ?? [])]);
    inputs[inputs.indexOf(target) + 1]?.focus();
  },
  SHORTEST_NUMBER,
);
