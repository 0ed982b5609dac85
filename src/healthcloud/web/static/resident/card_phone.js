// This phone and the city: what it keeps of a card is asked for, renewed and taken away here.

import { base64url, bytesOf64, deviceCode, dynamicCode, importSecret, makeKeys, pointOf, proofOf } from "./phone_codes.js";
import { forget, keep } from "./phone_kept.js";

/** @typedef {import("./card_view.js").Now} Now */
/** @typedef {import("./phone_kept.js").Kept} Kept */
/**
 * @typedef {object} Secrets what the city gives a phone
 * @property {string} phone_id
 * @property {string} card_id
 * @property {number} slot
 * @property {number} epoch
 * @property {{ period: number, secret: string }[]} secrets
 * @property {string} renew_at
 * @property {string} server_time
 */

const PHONES = "/api/v1/cards/phones";
const DAY = 86_400_000;
const ISSUED_AT = 78; // in a certificate: the minute since 1970 it was issued

/** Have pages that name nobody, and their files, open with no network. Elsewhere than under HTTPS that cannot be had. */
export function keepShells() {
  const wish = { scope: "/card", updateViaCache: /** @type {const} */ ("none") };
  if (navigator.onLine) void navigator.serviceWorker?.register("/card-worker.js", wish).catch(() => undefined);
}

/** A refusal of the city's: its code, by which pages say it in words. */
export class Refused extends Error {
  /** @param {number} status @param {string} code */
  constructor(status, code) {
    super(code);
    this.status = status;
    this.code = code;
  }
}

/** Return the code of a step that this phone makes; null where it may or can not. @param {Kept} kept @param {number} step @param {boolean} device */
export async function madeHere(kept, step, device) {
  const millis = step * 60_000;
  if (kept.stopped || (kept.until !== null && millis >= kept.until)) return null;
  if (device) return kept.certified === null ? null : deviceCode(kept.certified, step);
  return dynamicCode(kept, step);
}

/** Forget a card whose phone was removed, or that is another card now. @param {Kept | undefined} kept @param {Now} heard */
export async function forgetGone(kept, heard) {
  if (kept === undefined) return undefined;
  const same = heard.code === null || heard.code.text.startsWith(kept.card);
  if (same && heard.phones.includes(kept.phone)) return kept;
  await forget(kept.whose);
  return undefined;
}

/** Whether a certificate was issued before an instant. @param {Uint8Array} bytes @param {number} instant */
function isBefore(bytes, instant) {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(ISSUED_AT) * 60_000 < instant;
}

/** Keep what the city says now; renew at once what it has made void. @param {Kept} kept @param {Now} heard @param {number} ahead @returns {Promise<Kept>} */
export async function told(kept, heard, ahead) {
  const { name, document, kind, until, now } = heard;
  const isVoid = kept.certified !== null && isBefore(kept.certified.bytes, heard.certified_from);
  const renewAt = isVoid ? now : kept.renewAt;
  const fresh = { ...kept, name, document, kind, until, ahead, renewAt, heardAt: now, stopped: heard.code === null };
  await keep(fresh);
  return fresh;
}

/** Ask for the secrets and the certificate of the time to come; what is there is good till then. @param {Kept} kept @returns {Promise<Kept>} */
export async function renewed(kept) {
  try {
    const given = /** @type {Secrets} */ (await asked("GET", `${PHONES}/${kept.phone}/secrets${query(kept.whose)}`));
    const fresh = await certified({ ...kept, ...(await imported(given)) });
    await keep(fresh);
    return fresh;
  } catch {
    return { ...kept, renewAt: Date.now() + kept.ahead + DAY / 24 };
  }
}

/** Enrol this phone for a card, as its holder asked. @param {string} whose @param {string} label @param {Now} heard @param {number} ahead */
export async function enrol(whose, label, heard, ahead) {
  const wish = { label, ...(whose ? { person_id: whose } : {}) };
  const given = /** @type {Secrets} */ (await asked("POST", PHONES, wish));
  const { name, document, kind, until, now } = heard;
  /** @type {Kept} */
  const kept = {
    ...{ whose, name, document, kind, until, ahead, heardAt: now, phone: given.phone_id, stopped: false },
    certified: null,
    ...(await imported(given)),
  };
  const fresh = await certified(kept).catch(() => kept);
  await keep(fresh);
  void navigator.storage?.persist?.();
  keepShells();
  return fresh;
}

/** Take this phone away from a card: at the city where it can be reached, and here. @param {Kept} kept */
export async function remove(kept) {
  try {
    await asked("DELETE", `${PHONES}/${kept.phone}${query(kept.whose)}`);
  } finally {
    await forget(kept.whose);
  }
}

/** @param {Secrets} given */
async function imported(given) {
  const secrets = await Promise.all(
    given.secrets.map(async ({ period, secret }) => ({ period, key: await importSecret(secret) })),
  );
  const next = Date.parse(given.renew_at);
  return { card: given.card_id, slot: given.slot, epoch: given.epoch, secrets, renewAt: next };
}

/** Have the city certify a key of this phone's own, a new one each time. @param {Kept} kept @returns {Promise<Kept>} */
async function certified(kept) {
  const { privateKey, publicKey } = await makeKeys();
  const minutes = Math.floor((Date.now() + kept.ahead) / 60_000);
  const given = /** @type {any} */ (
    await asked("POST", `${PHONES}/${kept.phone}/certificate`, {
      ...(kept.whose ? { person_id: kept.whose } : {}),
      public_key: base64url(await pointOf(publicKey)),
      minutes,
      proof: base64url(await proofOf(privateKey, kept.phone, minutes)),
    })
  );
  const expires = Date.parse(given.expires_at);
  const renewAt = Math.min(kept.renewAt, Date.parse(given.renew_at));
  return { ...kept, renewAt, certified: { key: privateKey, bytes: bytesOf64(given.certificate), expires } };
}

/** @param {string} whose */
const query = (whose) => (whose ? `?person_id=${encodeURIComponent(whose)}` : "");

/** @param {string} method @param {string} address @param {object} [wish] @returns {Promise<unknown>} */
async function asked(method, address, wish) {
  /** @type {Record<string, string>} */
  const headers = wish === undefined ? {} : { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() };
  const answer = await fetch(address, {
    ...{ method, headers, credentials: "same-origin", signal: AbortSignal.timeout(15_000) },
    ...(wish === undefined ? {} : { body: JSON.stringify(wish) }),
  });
  if (answer.ok) return answer.status === 204 ? undefined : answer.json();
  throw new Refused(answer.status, (await answer.json().catch(() => ({}))).code ?? "");
}
