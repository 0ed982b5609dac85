// The scan page without a new page for each scan. Without this script every form here works by itself.
import { codeIn, listen, Repeats } from "./wedge.js";

const form = /** @type {HTMLFormElement} */ (document.getElementById("scan"));
const line = /** @type {HTMLInputElement} */ (document.getElementById("code"));
const hint = /** @type {HTMLElement} */ (document.getElementById("hint"));
const usual = hint.textContent ?? "";
const repeats = new Repeats();
const SLOW_MS = 2000;
let busy = false;

/** @param {string | undefined} words @param {boolean} wrong */
function say(words, wrong) {
  hint.textContent = words ?? "";
  hint.classList.toggle("wrong", wrong);
}

function ready() {
  line.value = "";
  const fact = document.getElementById("value");
  (fact ?? line).focus();
}

/** Put parts of an answered page in the place of ours. @param {Document} page */
function put(page) {
  for (const id of ["result", "last"]) {
    const fresh = page.getElementById(id);
    if (fresh !== null) document.getElementById(id)?.replaceChildren(...fresh.childNodes);
  }
  document.title = page.title;
}

/** Send a form and show its answer. @param {HTMLFormElement} sent */
async function show(sent) {
  if (busy) return;
  busy = true;
  document.body.classList.add("asking");
  const slow = setTimeout(() => say(form.dataset.slow, true), SLOW_MS);
  try {
    const body = new URLSearchParams(/** @type {any} */ (new FormData(sent)));
    const answer = await fetch(sent.action, { method: "POST", body, credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (page.getElementById("result") === null) return location.reload(); // signed out meanwhile, or bound elsewhere
    put(page);
    say(usual, false);
  } catch {
    repeats.forget();
    say(form.dataset.offline, true);
  } finally {
    clearTimeout(slow);
    document.body.classList.remove("asking");
    busy = false;
    ready();
  }
}

/** Ask about what a scanner or a camera read. @param {string} text */
export function scan(text) {
  const code = codeIn(text, form.dataset.prefix);
  if (code === null) {
    say(form.dataset.wrong, true);
    return ready();
  }
  if (code === "" || repeats.again(code, performance.now())) return ready();
  line.value = code;
  void show(form);
}

function clear() {
  document.getElementById("result")?.replaceChildren();
  say(usual, false);
  ready();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  scan(line.value);
});

document.addEventListener(
  "submit",
  (event) => {
    if (event.target instanceof HTMLFormElement && event.target.id === "fact") {
      event.preventDefault();
      void show(event.target);
    }
  },
  true,
);

const burst = listen(document, scan);

/** Keys of the desk: F2 the scan line, Esc an empty page, / the search. @param {KeyboardEvent} event */
function shortcut(event) {
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "F2") {
    event.preventDefault();
    line.focus();
  } else if (event.key === "Escape") {
    clear();
  }
}
document.addEventListener("keydown", shortcut);

// A slash may be the first character of a scan: wait whether more come.
document.addEventListener("keydown", (event) => {
  const typing = event.target instanceof HTMLInputElement && event.target !== line;
  if (event.key !== "/" || typing || event.ctrlKey || event.altKey || event.metaKey) return;
  setTimeout(() => {
    const alone = line.value === "" || line.value === "/";
    if (alone && !burst.runs(performance.now())) location.assign(form.dataset.find ?? "/counter/find");
  }, 80);
});

// The line has the focus again whenever somebody clicked on nothing.
document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  if (!target?.closest("a, button, input, select, textarea, label, summary, dialog")) line.focus();
});

addEventListener("offline", () => say(form.dataset.offline, true));
addEventListener("online", () => say(usual, false));
