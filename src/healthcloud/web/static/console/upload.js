// A file handed in piece by piece, dragged or chosen: no piece is larger than what an address takes, what has arrived
// is not sent again, and the bar says how far it is. Without script the form itself sends a small file whole.

const form = /** @type {HTMLFormElement} */ (document.getElementById("upload"));
const field = /** @type {HTMLInputElement} */ (document.getElementById("file"));
const drop = /** @type {HTMLElement} */ (document.getElementById("drop"));
const chosen = /** @type {HTMLElement} */ (document.getElementById("chosen"));
const bar = /** @type {HTMLProgressElement} */ (document.getElementById("upload-bar"));
const says = /** @type {HTMLElement} */ (document.getElementById("upload-says"));
const button = /** @type {HTMLButtonElement} */ (form.querySelector("button:not([type=button])"));
const most = Number(form.dataset.most);
let isSending = false;

/** @param {string} name @param {Record<string, string>} [values] */
function word(name, values = {}) {
  const text = form.dataset[name] ?? "";
  return text.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
}

/** @param {number} bytes */
const sized = (bytes) => (bytes < 1 << 20 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / (1 << 20)).toFixed(1)} MB`);

/** Say what was chosen, or what is wrong with it. */
function tell() {
  const [file] = field.files ?? [];
  chosen.textContent = file === undefined ? "" : word("chosen", { name: file.name, size: sized(file.size) });
  says.textContent = file !== undefined && file.size > most ? word("tooLarge") : "";
}

/** Send something; the answer as JSON. @param {string} address @param {FormData} body */
async function send(address, body) {
  const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, String(told.told ?? ""));
  return told;
}

class Refused extends Error {
  /** @param {number} status @param {string} told */
  constructor(status, told) {
    super(told);
    this.status = status;
  }
}

/** By what a file is known again, whoever sends it: its SHA-256. @param {File} file */
async function digestOf(file) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Announce the file, send what is missing of it, say that it is whole, go to its page. @param {File} file */
async function upload(file) {
  const announced = new FormData(form);
  announced.delete("file");
  announced.append("name", file.name);
  announced.append("size", String(file.size));
  says.textContent = word("looking");
  announced.append("digest", await digestOf(file));
  const { href, piece, have, whole: isWhole } = await send(form.dataset.announce ?? "", announced);
  if (isWhole) return location.assign(href);
  const pieces = Math.max(1, Math.ceil(file.size / piece));
  for (let number = 0; number < pieces; number += 1) {
    if (!have.includes(number)) {
      const body = new FormData();
      body.append("piece", file.slice(number * piece, (number + 1) * piece), "piece");
      await send(`${href}/pieces/${number}`, body);
    }
    const done = Math.floor(((number + 1) * 100) / pieces);
    bar.value = done;
    if (done % 10 === 0 || pieces < 10) says.textContent = word("uploading", { done: String(done) });
  }
  const { next } = await send(`${href}/whole`, new FormData());
  location.assign(next);
}

form.addEventListener(
  "submit",
  async (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    const [file] = field.files ?? [];
    if (isSending) return;
    if (file === undefined || file.size > most) {
      says.textContent = word(file === undefined ? "noFile" : "tooLarge");
      return field.focus();
    }
    isSending = true;
    button.setAttribute("aria-disabled", "true");
    bar.hidden = false;
    try {
      await upload(file);
    } catch (error) {
      says.textContent = (error instanceof Refused && error.message) || word("stopped");
      button.removeAttribute("aria-disabled");
      isSending = false;
    }
  },
  true,
);

field.required = false; // what is missing is said above, in the page's words
field.addEventListener("change", tell);
for (const name of ["dragenter", "dragover"]) {
  drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
}
for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  const files = /** @type {DragEvent} */ (event).dataTransfer?.files;
  if (files === undefined || files.length === 0 || isSending) return;
  field.files = files;
  tell();
});
tell();
