// The parts of the card's page, and what is shown in them.

import { STEP_MILLIS } from "./phone_codes.js";
import { svgOf } from "./qr.js";

/**
 * What /card/now tells; instants are milliseconds of Unix time by the server's clock.
 * @typedef {object} Now
 * @property {number} now
 * @property {string} person
 * @property {string} name
 * @property {string} document
 * @property {{ person: string, name: string }[]} members
 * @property {string} standing
 * @property {string} kind
 * @property {number | null} until
 * @property {{ text: string, refresh_at: number, valid_until: number } | null} code
 * @property {{ at: number, where: string } | null} used
 * @property {string[]} phones
 * @property {number} certified_from before which certificates are void
 */
/** @typedef {{ name: string, about: string, go: string, do: string }} Standing */
/** @typedef {Record<string, string> & { standings: Record<string, Standing>, kinds: Record<string, string> }} Words */

/** @param {string} id @returns {HTMLElement} */
function part(id) {
  const found = document.getElementById(id) ?? document.querySelector(id);
  if (!(found instanceof HTMLElement)) throw new Error(id);
  return found;
}

/** @type {Words} */
export const words = JSON.parse(part("words").textContent ?? "");
export const parts = {
  shown: part("shown"),
  name: part("name"),
  document: part("document"),
  until: part("until"),
  code: part("code"),
  plate: part(".plate-code"),
  over: part(".over"),
  bar: part(".left i"),
  tells: part(".tells"),
  said: part("[role=status]"),
  trouble: part(".trouble"),
  readers: part(".readers"),
  refresh: part(".refresh"),
  stands: part("stands"),
  last: part(".last"),
  where: part("where"),
  when: part("when"),
  chips: part(".chips"),
};
// How much of a code may be damaged; docs/decisions/0048 has what was measured.
const LEVEL = { online: "M", device: "Q" };
let former = "";

/** Draw a code. @param {string} text @param {boolean} device whether it is the one for readers without a network */
export function draw(text, device) {
  parts.code.classList.toggle("device", device);
  parts.plate.replaceChildren(svgOf(text, /** @type {import("./qr.js").Level} */ (device ? LEVEL.device : LEVEL.online)));
}

/**
 * Show whose card it is; with what the city says now, also everybody else whose card may be shown, and the last use.
 * @param {{ name: string, document: string, kind: string }} who @param {number | null} until @param {Now} [heard]
 */
export function face(who, until, heard) {
  parts.name.textContent = who.name;
  parts.plate.setAttribute("aria-label", words.label.replace("#", who.name));
  parts.shown.setAttribute("aria-label", words.of.replace("#", who.name));
  parts.document.textContent = who.document ? `${words.document} ${who.document}` : words.noDocument;
  if (who.kind && who.kind !== "standard") {
    const kind = document.createElement("b");
    kind.className = "card-kind";
    kind.textContent = words.kinds[who.kind] ?? who.kind;
    parts.document.append(kind);
  }
  parts.until.hidden = until === null;
  if (until !== null) parts.until.replaceChildren(`${words.until} `, moment(until));
  if (heard === undefined) return;
  const shape = JSON.stringify([heard.members, heard.used, heard.person]);
  if (shape === former) return;
  former = shape;
  parts.last.hidden = false;
  chips(heard);
  used(heard);
  for (const link of document.querySelectorAll("a.of-card")) {
    const address = new URL(link.getAttribute("href") ?? "", location.href);
    link.setAttribute("href", address.pathname + (heard.person ? `?person=${heard.person}` : ""));
  }
}

/** @param {Now} heard */
function chips(heard) {
  const family = /** @type {HTMLElement} */ (parts.chips.lastElementChild);
  const links = heard.members.map((one) => {
    const link = document.createElement("a");
    link.href = one.person ? `/card?person=${one.person}` : "/card";
    link.textContent = one.person ? one.name : words.own;
    if (one.person === heard.person) link.setAttribute("aria-current", "true");
    return link;
  });
  parts.chips.replaceChildren(...links, family);
}

/** @param {Now} heard */
function used(heard) {
  parts.where.textContent = heard.used === null ? words.never : heard.used.where || words.somePlace;
  parts.where.classList.toggle("never", heard.used === null);
  parts.when.hidden = heard.used === null;
  if (heard.used !== null) parts.when.replaceChildren(moment(heard.used.at));
}

/** Show why there is no code, and the way on. @param {Now} heard @param {string} whose */
export function stands(heard, whose) {
  const told = words.standings[heard.standing];
  const [name, title, about, link] = ["b", "h2 span", "h2 + p", "a"].map((one) => parts.stands.querySelector(one));
  if (!name || !title || !about || !link) return;
  name.textContent = heard.name;
  title.textContent = told.name;
  about.textContent = told.about;
  link.textContent = told.do;
  link.setAttribute("href", told.go + (whose ? `?person=${whose}` : ""));
  parts.stands.classList.add(heard.standing);
  parts.shown.remove();
  parts.stands.hidden = false;
  for (const gone of document.querySelectorAll('a[href^="/card/label"], a[href^="/card/freeze"], a[href^="/card/offline"]')) gone.remove();
  if (heard.standing === "none") for (const gone of document.querySelectorAll(".last, .tiles")) gone.remove();
}

/** Show neither a code nor the last use, where none is known. @param {boolean} none */
export function nothing(none) {
  parts.shown.classList.toggle("nothing", none);
  parts.last.hidden = former === "" && navigator.onLine === false;
}

/** Say how long the code is new. @param {number} left milliseconds */
export function seconds(left) {
  parts.bar.style.transform = `scaleX(${Math.min(1, Math.max(0, left / STEP_MILLIS))})`;
  const count = Math.ceil(left / 1000);
  parts.tells.textContent = count > 0 ? words.in.replace("#", String(count)) : words.hold;
}

/** Cover a code that is over, or uncover a new one; tell whether that changed anything. @param {boolean} over */
export function cover(over) {
  const changed = parts.over.hidden === over;
  parts.over.hidden = !over;
  parts.code.classList.toggle("stale", over);
  return changed;
}

/** Say aloud, calmly. @param {string} text */
export function say(text) {
  if (parts.said.textContent !== text) parts.said.textContent = text;
}

/** Show trouble and say it once; none with "". Tell whether there was trouble before. @param {string} text */
export function showTrouble(text) {
  const troubled = !parts.trouble.hidden;
  parts.trouble.hidden = text === "";
  if (parts.trouble.textContent !== text) parts.trouble.textContent = text;
  if (text) say(text);
  return troubled;
}

/** Say which code is shown. @param {string} value */
export function pressed(value) {
  for (const button of parts.readers.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.value === value));
  }
}

/** Write an instant as people here read it. @param {number} millis */
export function end(millis) {
  return new Date(millis).toLocaleString("sv-SE", { timeZone: "Asia/Shanghai" }).slice(0, 16);
}

/** @param {number} millis */
function moment(millis) {
  const time = document.createElement("time");
  time.dateTime = new Date(millis).toISOString();
  time.textContent = end(millis);
  return time;
}
