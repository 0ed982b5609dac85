// The card while it is looked at. The page comes without a name: whose card it is and its code of this minute come from
// /card/now, by the server's clock; without a network, on a phone whose holder asked for it, the phone makes the codes.

import { cover, draw, end, face, nothing, parts, pressed, say, seconds, showTrouble, stands, words } from "./card_view.js";
import { forgetGone, keepShells, madeHere, renewed, told } from "./card_phone.js";
import { STEP_MILLIS, stepAt } from "./phone_codes.js";
import { forget, forgetAll, keptOf } from "./phone_kept.js";

/** @typedef {import("./card_view.js").Now} Now */
/** @typedef {import("./phone_kept.js").Kept} Kept */

const PATIENCE = 1_200; // after this many milliseconds without an answer the phone's own code is shown
const SOON = 1_500; // after so many a failed look is tried again, and each time twice as late
const LATEST = 20_000;
const LONGEST = 8_000;

const whose = new URLSearchParams(location.search).get("person") ?? "";
/** @type {Kept | undefined} */
let kept;
let ahead = 0; // the server's clock against this phone's
let refreshAt = 0;
let until = Infinity;
let wait = SOON;
let next = 0;
let asking = false;
let asked = false; // by somebody's tap
let failing = false;
let device = false; // whether the code for readers without a network is shown
let ended = false;

const now = () => Date.now() + ahead;

async function start() {
  kept = await keptOf(whose);
  if (kept !== undefined) {
    ahead = kept.ahead;
    face(kept, kept.until);
    parts.readers.hidden = kept.certified === null;
  }
  setInterval(tick, 500);
  void ask();
  void keepAwake();
}

function tick() {
  if (document.hidden || ended) return;
  const left = refreshAt - now();
  seconds(left);
  if (now() >= until && cover(true)) say(words.over);
  if (left <= 0 && failing && kept !== undefined) void make();
  if ((left <= 0 || failing) && !asking && Date.now() >= next) void ask();
}

async function ask() {
  asking = true;
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), LONGEST);
  const patience = setTimeout(() => void (refreshAt <= now() && kept !== undefined && make()), PATIENCE);
  const sent = Date.now();
  try {
    const answer = await fetch(`/card/now${location.search}`, { signal: stop.signal, credentials: "same-origin" });
    if ([401, 403, 404, 409].includes(answer.status)) return await leave(answer);
    if (!answer.ok) throw new Error(String(answer.status));
    /** @type {Now} */
    const heard = await answer.json();
    ahead = heard.now - (sent + Date.now()) / 2;
    wait = SOON;
    next = 0;
    failing = false;
    await hear(heard);
  } catch {
    failing = true;
    next = Date.now() + wait;
    wait = Math.min(wait * 2, LATEST);
    await make();
    tell();
  } finally {
    clearTimeout(timer);
    clearTimeout(patience);
    asking = false;
  }
}

/** Show what the city says. @param {Now} heard */
async function hear(heard) {
  const troubled = showTrouble("");
  kept = await forgetGone(kept, heard);
  if (kept !== undefined) kept = await told(kept, heard, ahead);
  parts.readers.hidden = kept === undefined || kept.certified === null;
  if (parts.readers.hidden) device = false;
  face(heard, heard.until, heard);
  if (heard.code === null) {
    ended = true;
    return stands(heard, whose);
  }
  if (device) await make();
  else show(heard.code.text, heard.code.refresh_at, heard.code.valid_until);
  // Once a minute would be a nuisance: only what somebody waited for is said aloud.
  if (troubled || asked) say(words.fresh);
  asked = false;
  if (kept !== undefined && now() >= kept.renewAt) {
    kept = await renewed(kept);
    parts.readers.hidden = kept.certified === null;
  }
}

/** Show a code this phone makes, if it can. */
async function make() {
  if (kept === undefined) return;
  const step = stepAt(now());
  const text = (await madeHere(kept, step, device)) ?? (device ? await withoutDevice(step) : null);
  if (text !== null) show(text, (step + 1) * STEP_MILLIS, (step + 2) * STEP_MILLIS);
  else if (!failing) tell();
}

/** Go back to the usual code where there is none for readers without a network. @param {number} step */
async function withoutDevice(step) {
  device = false;
  pressed("online");
  showTrouble(words.deviceOver);
  return kept === undefined ? null : madeHere(kept, step, false);
}

/** @param {string} text @param {number} refresh @param {number} valid */
function show(text, refresh, valid) {
  draw(text, device);
  nothing(false);
  refreshAt = refresh;
  until = valid;
  cover(false);
}

/** Say in words why there is no new code of the city's, and where the one shown is from. */
function tell() {
  const at = kept === undefined ? "" : end(kept.heardAt).slice(5);
  const own = kept !== undefined && refreshAt > now();
  nothing(refreshAt === 0);
  if (own) return showTrouble((navigator.onLine ? words.localFailed : words.local).replace("#", at));
  if (kept?.stopped) return showTrouble(words.stopped.replace("#", at));
  if (kept !== undefined) return showTrouble(words.spent);
  return showTrouble(navigator.onLine ? words.failed : words.offline);
}

/** Go where the city says, and keep nothing of whom this browser speaks for no more. @param {Response} answer */
async function leave(answer) {
  ended = true;
  if (answer.status === 401 || answer.status === 403) await forgetAll();
  else await forget(whose).catch(() => undefined);
  const { go } = await answer.json();
  location.replace(go);
}

parts.refresh.addEventListener("click", (event) => {
  event.preventDefault();
  asked = true;
  say("");
  if (!asking) void ask();
});
for (const button of parts.readers.querySelectorAll("button")) {
  button.addEventListener("click", () => {
    device = button.value === "device";
    pressed(button.value);
    showTrouble("");
    if (failing) void make().then(tell);
    else void (device ? make() : ask());
  });
}
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  next = 0;
  tick();
  void keepAwake();
});
window.addEventListener("online", () => {
  next = 0;
  tick();
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) void ask();
});
window.addEventListener("hashchange", enlarge);

/** Show nothing but the code, as large as the screen lets it be, while the address says so; Back leads back. */
function enlarge() {
  document.body.classList.toggle("enlarged", location.hash === "#large");
}

/** Keep the screen on while the code is looked at; where that cannot be had, nothing is lost. */
async function keepAwake() {
  if (!("wakeLock" in navigator) || document.hidden) return;
  try {
    await navigator.wakeLock.request("screen");
  } catch {
    // A low battery, or a policy of the phone.
  }
}

enlarge();
void start();
setTimeout(keepShells, 2_000); // when the code is there: it fetches what the page has fetched already
