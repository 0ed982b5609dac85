// An identity-card reader types like a keyboard: its number goes to the document's field, wherever the focus is, and its
// Enter sends nothing.
import { listen } from "./wedge.js";

const SHORTEST_NUMBER = 15;
const NUMBER = /^(\d{15}|\d{17}[\dX])$/i;

const WITHIN = /(?<!\d)\d{17}[\dX](?![\dX])/i;
const PARTS = /[|\t^;；,，]/;

/** Whether a text is a whole record of a card, not its number alone. @param {string} text */
const isRecord = (text) => WITHIN.test(text) && PARTS.test(text);

/** Have the form filled in from a record. @param {string} text */
function fillIn(text) {
  const record = /** @type {HTMLTextAreaElement | null} */ (document.getElementById("record"));
  if (record === null) return;
  record.value = text;
  document.getElementById("read-card")?.click();
}

document.addEventListener("paste", (event) => {
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!isRecord(text) || document.getElementById("record") === null) return;
  event.preventDefault();
  fillIn(text);
});

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
    if (isRecord(text)) return fillIn(text);
    if (!target || !NUMBER.test(text)) return;
    target.value = text.toUpperCase();
    target.dispatchEvent(new Event("change", { bubbles: true }));
    const inputs = /** @type {HTMLElement[]} */ ([...(target.form?.querySelectorAll("input:not([type=hidden]), select, button") ?? [])]);
    inputs[inputs.indexOf(target) + 1]?.focus();
  },
  SHORTEST_NUMBER,
);
