// Asking for offline use on this phone, seeing what it keeps, and taking it away.

import { Refused, enrol, forgetGone, remove, renewed, told } from "./card_phone.js";
import { PERIOD_STEPS, STEP_MILLIS } from "./phone_codes.js";
import { forgetAll, keptOf } from "./phone_kept.js";

/** @typedef {import("./card_view.js").Now} Now */
/** @typedef {import("./phone_kept.js").Kept} Kept */

const whose = new URLSearchParams(location.search).get("person") ?? "";
/** @param {string} id @returns {any} */
const part = (id) => document.getElementById(id) ?? document.querySelector(id);
/** @type {Record<string, string> & { problems: Record<string, string> }} */
const words = JSON.parse(part("words").textContent);
const [begin, end, state, trouble] = ["begin", "end", "state", ".trouble"].map(part);
/** @type {Now | null} */
let heard = null;
/** @type {Kept | undefined} */
let kept;
let ahead = 0;

async function start() {
  for (const link of document.querySelectorAll('a.of-card, a[href="/card"]')) if (whose) link.setAttribute("href", link.getAttribute("href") + location.search);
  kept = await keptOf(whose);
  const missing = lacks();
  if (missing) return say("warn", missing);
  try {
    const sent = Date.now();
    const answer = await fetch(`/card/now${location.search}`, { credentials: "same-origin" });
    if ([401, 403, 404, 409].includes(answer.status)) {
      if (answer.status === 401 || answer.status === 403) await forgetAll();
      return location.replace((await answer.json()).go);
    }
    if (!answer.ok) throw new Error(String(answer.status));
    heard = /** @type {Now} */ (await answer.json());
    ahead = heard.now - (sent + Date.now()) / 2;
    const had = kept !== undefined;
    kept = await forgetGone(kept, heard);
    if (had && kept === undefined) tell(words.removed);
    if (kept !== undefined) {
      kept = await told(kept, heard, ahead);
      if (heard.now >= kept.renewAt || kept.certified === null) kept = await renewed(kept);
    }
  } catch {
    heard = null;
  }
  shown();
}

/** Return why this browser cannot keep a card; "" where it can. */
function lacks() {
  if (!globalThis.isSecureContext || !crypto.subtle) return words.insecure;
  if (!("indexedDB" in globalThis)) return words.noStore;
  return "";
}

function shown() {
  const name = heard?.name ?? kept?.name ?? "";
  part("whose").textContent = name ? words.whose.replace("#", name) : "\u00a0";
  begin.hidden = true;
  end.hidden = kept === undefined;
  if (kept !== undefined) {
    const last = Math.max(...kept.secrets.map((one) => one.period)) + 2;
    part("good").textContent = written(last * PERIOD_STEPS * STEP_MILLIS);
    part("device").textContent = kept.certified ? written(kept.certified.expires) : words.noDevice;
    part("heard").textContent = written(kept.heardAt);
    return say("ok", navigator.serviceWorker ? words.on : words.onOpen);
  }
  if (heard === null) return say("warn", words.needsNetwork);
  if (heard.code === null) return say("warn", words.notUsable);
  begin.hidden = false;
  part("label").value ||= words.device;
  say("info", navigator.serviceWorker ? words.off : words.offOpen);
}

/** @param {"ok" | "warn" | "info"} kind @param {string} text */
function say(kind, text) {
  for (const one of state.children) {
    one.hidden = one.dataset.kind !== kind;
    one.querySelector("p").lastChild.textContent = one.hidden ? "" : ` ${text}`;
  }
}

/** @param {string} text */
function tell(text) {
  trouble.hidden = text === "";
  trouble.textContent = text;
  if (text) trouble.scrollIntoView({ block: "center" });
}

/** Carry out one act at a time, and say in words what went wrong. @param {any} form @param {() => Promise<unknown>} act */
function on(form, act) {
  let busy = false;
  form.addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    tell("");
    try {
      await act();
    } catch (error) {
      const code = error instanceof Refused ? error.code : "";
      tell(words.problems[code] ?? (navigator.onLine ? words.failed : words.needsNetwork));
    } finally {
      busy = false;
      shown();
      state.scrollIntoView({ block: "center" });
    }
  });
}

on(begin, async () => {
  if (heard !== null) kept = await enrol(whose, part("label").value, heard, ahead);
});
on(end, async () => {
  if (kept === undefined) return;
  const gone = kept;
  kept = undefined;
  await remove(gone).catch((error) => {
    if (!(error instanceof Refused && error.status === 404)) throw new Refused(0, "phone-kept-in-list");
  });
});

/** @param {number} millis */
function written(millis) {
  return new Date(millis).toLocaleString("sv-SE", { timeZone: "Asia/Shanghai" }).slice(0, 16);
}

void start();
