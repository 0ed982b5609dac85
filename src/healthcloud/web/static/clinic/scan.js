// The scan page without a new page for each scan. Without this script every form here works by itself.
import { ask, isOn, leave, now, ready as outageReady, told, waiting } from "./outage.js";
import { holderIn, kindOf } from "./shown_code.js";
import { tone } from "./tone.js";
import { codeIn, listen, Repeats } from "./wedge.js";

const form = /** @type {HTMLFormElement} */ (document.getElementById("scan"));
const line = /** @type {HTMLInputElement} */ (document.getElementById("code"));
const hint = /** @type {HTMLElement} */ (document.getElementById("hint"));
const usual = hint.textContent ?? "";
const repeats = new Repeats();
const SLOW_MS = 2000;
const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" });
let busy = false;
/** @type {string[]} read while an answer was on its way */
const behind = [];

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
  tone(document.querySelector("#result .verdict"));
}

/** Send a form and show its answer. @param {HTMLFormElement} sent */
async function show(sent) {
  if (busy) return;
  busy = true;
  const code = line.value; // another may be read meanwhile
  document.body.classList.add("asking");
  const slow = setTimeout(() => say(form.dataset.slow, true), SLOW_MS);
  try {
    const body = new URLSearchParams(/** @type {any} */ (new FormData(sent)));
    const answer = await ask(sent.action, { method: "POST", body });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (page.getElementById("result") === null) return location.reload(); // signed out meanwhile, or bound elsewhere
    put(page);
    say(usual, false);
  } catch {
    leave();
    if (sent === form) await hold(code);
    else say(form.dataset.offline, true);
  } finally {
    clearTimeout(slow);
    document.body.classList.remove("asking");
    busy = false;
    ready();
    const next = behind.shift();
    if (next !== undefined) take(next);
  }
}

/** Show a verdict of this page's own, from its template. @param {string} id @returns {HTMLElement} */
function verdict(id) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(id));
  const result = /** @type {HTMLElement} */ (document.getElementById("result"));
  result.replaceChildren(template.content.cloneNode(true));
  const shown = /** @type {HTMLElement} */ (result.firstElementChild);
  tone(shown);
  return shown;
}

/** Take a code unverified and keep it until the platform is back. @param {string} code */
async function hold(code) {
  await outageReady;
  const kept = waiting();
  const kind = kindOf(code);
  if (kind === "printed" || kind === "other") return void verdict(`not-held-${kind}`);
  if (kept === null) {
    repeats.forget();
    return say(form.dataset.offline, true);
  }
  if (kept.has(code)) return void verdict("held-already");
  const one = { id: crypto.randomUUID(), at: now(), code, said: "" };
  if (!(await kept.keep(one))) return void verdict("not-held-full");
  told();
  const shown = verdict("held-now");
  const holder = holderIn(code);
  const who = shown.querySelector("[data-holder]");
  if (holder !== null && who instanceof HTMLElement) {
    const born = who.dataset.born?.replace("{year}", String(holder.birthYear));
    who.textContent = [holder.name, who.getAttribute(`data-sex-${holder.sex}`), born].filter(Boolean).join(" · ");
    who.hidden = false;
  }
  shown.querySelector("input")?.addEventListener("change", async (event) => {
    one.said = /** @type {HTMLInputElement} */ (event.target).value.trim().slice(0, 50);
    await kept.keep(one);
    line.focus();
  });
}

/** Ask about what a scanner or a camera read. @param {string} text */
export function scan(text) {
  const code = codeIn(text, form.dataset.prefix);
  if (code === null) {
    say(form.dataset.wrong, true);
    return ready();
  }
  if (code === "" || repeats.again(code, performance.now())) return ready();
  if (busy) behind.push(code);
  else take(code);
}

/** Ask about a code, or keep it while the platform is away. @param {string} code */
function take(code) {
  line.value = code;
  if (isOn()) void hold(code).finally(ready);
  else void show(form);
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
    if (alone && !isOn() && !burst.runs(performance.now())) location.assign(form.dataset.find ?? "/counter/find");
  }, 80);
});

// The line has the focus again whenever somebody clicked on nothing.
document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  if (!target?.closest("a, button, input, select, textarea, label, summary, dialog")) line.focus();
});

/** Show what came of scans that waited. @param {any} event */
function sent(event) {
  const late = /** @type {HTMLElement} */ (document.getElementById("late"));
  const list = /** @type {HTMLElement} */ (document.getElementById("late-list"));
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById("late-line"));
  for (const one of event.detail) {
    const shown = /** @type {HTMLElement} */ (/** @type {DocumentFragment} */ (template.content.cloneNode(true)).firstElementChild);
    shown.className = one.outcome;
    const told = { time: CLOCK.format(one.at), name: one.name || "—", words: one.words, todo: one.todo, said: one.said };
    for (const [name, text] of Object.entries(told)) {
      const part = /** @type {HTMLElement | null} */ (shown.querySelector(`[data-${name}]`));
      if (part === null) continue;
      part.textContent = (part.dataset.before ?? "") + text;
      part.hidden = text === "";
    }
    list.prepend(shown);
  }
  late.hidden = list.childElementCount === 0;
  if (document.querySelector("#result .unverified") && waiting()?.size === event.detail.length) clear();
}

document.addEventListener("counter-sent", sent);
document.getElementById("late-seen")?.addEventListener("click", () => {
  document.getElementById("late-list")?.replaceChildren();
  /** @type {HTMLElement} */ (document.getElementById("late")).hidden = true;
  line.focus();
});
document.addEventListener("counter-back", () => {
  if (form.dataset.shell !== undefined) location.reload(); // this page was kept for the outage; the whole one is there again
  else say(usual, false);
});
