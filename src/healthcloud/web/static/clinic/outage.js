// A bad day at a counter: while the platform is away, scans are taken unverified and kept; once it is back they are sent,
// each until it is answered for, and what came of it is shown. Every page of a desk has the number that waits.
import { Unverified } from "./unverified.js";

/** How long an answer may take before the platform counts as away. */
export const PATIENCE_MS = 8000;
const PROBE = "/readyz";
const SEND = "/scan/late";
const FIRST_MS = 1000;
const LAST_MS = 30_000;
const TICK_MS = 1000;
const AT_ONCE = 50;
const SPREAD = 0.3; // so that a hospital's desks do not all come back in the same second
const CHANNEL = "hc-counter";
const CLOCK = "hc_clock_off";
const LEAST_OFF_MS = 2000; // an answer says whole seconds, and takes some of one

/** @typedef {{ id: string, outcome: string, name: string, words: string, todo: string }} Outcome */

const box = /** @type {HTMLElement | null} */ (document.getElementById("outage"));
const chip = /** @type {HTMLElement | null} */ (document.getElementById("held"));

/** Whether an answer says that the platform, not the request, is at fault. @param {Response} answer */
export const isAway = (answer) => [502, 503, 504].includes(answer.status);

/** Ask with patience; throws where nobody answers in time. @param {string} path @param {RequestInit} wish */
export async function ask(path, wish = {}) {
  const answer = await fetch(path, { credentials: "same-origin", ...wish, signal: AbortSignal.timeout(PATIENCE_MS) });
  if (isAway(answer)) throw new TypeError("away");
  const said = Date.parse(answer.headers.get("Date") ?? "");
  if (!Number.isNaN(said)) remember(said - Date.now());
  return answer;
}

/** Keep how far this device's clock is off, since a code is proven by the minute it was scanned in. @param {number} off */
function remember(off) {
  try {
    localStorage.setItem(CLOCK, String(Math.abs(off) > LEAST_OFF_MS ? off : 0));
  } catch {
    // storage is full or shut: its own clock must do
  }
}

/** Return the platform's time as this device last learned it. */
export function now() {
  try {
    return Date.now() + Number(localStorage.getItem(CLOCK));
  } catch {
    return Date.now();
  }
}

/** @type {Unverified | null} */
let kept = null;
let away = false;
let wait = FIRST_MS;
let next = 0;
let stopped = ""; // why what waits is not sent though the platform is there: a word of the box
const others = "BroadcastChannel" in globalThis ? new BroadcastChannel(CHANNEL) : null;

/** Whether scans are taken unverified just now. */
export const isOn = () => away;

/** What waits; null where this browser cannot keep it. */
export const waiting = () => kept;

function show() {
  const count = kept?.size ?? 0;
  if (chip) {
    chip.hidden = count === 0;
    const number = chip.querySelector("b");
    if (number) number.textContent = String(count);
  }
  if (!box) return;
  const state = away ? "away" : count > 0 && stopped !== "" ? stopped : "";
  box.hidden = state === "";
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (box.querySelectorAll("[data-when]"))) part.hidden = part.dataset.when !== state;
  document.body.classList.toggle("away", away);
}

function count() {
  if (next === Infinity) return;
  const said = box?.querySelector("[data-next]");
  if (said) said.textContent = String(Math.max(0, Math.ceil((next - Date.now()) / 1000)));
}

/** The platform does not answer. */
export function leave() {
  if (!away) {
    away = true;
    document.dispatchEvent(new Event("counter-away"));
  }
  next = Date.now() + wait * (1 - SPREAD + 2 * SPREAD * Math.random());
  wait = Math.min(wait * 2, LAST_MS);
  count();
  show();
}

async function probe() {
  next = Infinity;
  try {
    await ask(PROBE, { cache: "no-store" });
  } catch {
    return leave();
  }
  away = false;
  show();
  document.dispatchEvent(new Event("counter-back"));
  await send();
}

/** Send what waits, a few at a time; what is not answered for stays. */
export async function send() {
  if (kept === null || kept.size === 0 || away) return;
  const once = async () => {
    await kept?.load(); // another tab may have sent some
    while (kept && kept.size > 0 && !away) if (!(await sendSome(kept))) return;
    wait = FIRST_MS;
  };
  if (!navigator.locks) return once();
  await navigator.locks.request(CHANNEL, { ifAvailable: true }, (lock) => (lock ? once() : undefined));
}

/** @param {Unverified} from @returns {Promise<boolean>} whether to go on */
async function sendSome(from) {
  const some = from.all.slice(0, AT_ONCE);
  const scans = some.map(({ id, at, code }) => ({ id, scanned_at: new Date(at).toISOString(), code }));
  let answer;
  try {
    answer = await ask(SEND, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ scans }) });
  } catch {
    leave();
    return false;
  }
  if (!answer.ok) {
    stopped = answer.status === 401 || answer.status === 403 ? "signed-out" : "failed";
    if (answer.status === 409) location.assign("/scan"); // no terminal any more
    show();
    return false;
  }
  stopped = "";
  /** @type {Outcome[]} */
  const results = (await answer.json()).results;
  const said = new Map(some.map((one) => [one.id, one]));
  document.dispatchEvent(new CustomEvent("counter-sent", { detail: results.map((one) => ({ ...one, ...pick(said.get(one.id)) })) }));
  await from.drop(results.map((one) => one.id));
  others?.postMessage("changed");
  return results.length > 0;
}

/** @param {import("./unverified.js").Held | undefined} one */
const pick = (one) => ({ at: one?.at ?? 0, said: one?.said ?? "" });

/** Tell other tabs of this desk that what waits has changed. */
export const told = () => others?.postMessage("changed");

/** Begin, on a page of the terminal that stands in the chip. */
async function begin() {
  if (!chip) return;
  kept = await Unverified.open(chip.dataset.terminal ?? "");
  if (kept) kept.changed = show;
  show();
  document.dispatchEvent(new Event("counter-ready"));
  if (chip.dataset.away !== undefined) leave();
  else await send();
  setInterval(() => {
    count();
    if (away && Date.now() >= next) void probe();
  }, TICK_MS);
}

others?.addEventListener("message", () => void kept?.load());
addEventListener("online", () => away && void probe());
addEventListener("offline", () => leave());
document.addEventListener("counter-unlocked", () => void send());
box?.querySelector("[data-again]")?.addEventListener("click", () => {
  wait = FIRST_MS;
  void (away ? probe() : send());
});
export const ready = begin();
