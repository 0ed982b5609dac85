// The codes a phone makes by itself. The dynamic one: docs/decisions/0002; the device-signed one, EHC1:, for readers
// without a network: docs/reference/offline-format.md. No key here can be taken out of the browser.

export const STEP_MILLIS = 60_000;
export const PERIOD_STEPS = 43_200; // of 30 days
const MAC_LENGTH = 13;
const NAME_AT = 88; // in a certificate: the length of the name, which is its last field
const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const P256 = { name: "ECDSA", namedCurve: "P-256" };
const SIGNED = { name: "ECDSA", hash: "SHA-256" };

/** @typedef {{ period: number, key: CryptoKey }} Secret */
/** @typedef {{ card: string, slot: number, epoch: number, secrets: Secret[] }} Slot */
/** @typedef {{ key: CryptoKey, bytes: Uint8Array<ArrayBuffer>, expires: number }} Certified `expires` in milliseconds */

/** Return the step an instant lies in. @param {number} millis */
export const stepAt = (millis) => Math.floor(millis / STEP_MILLIS);

/** Return bytes of hexadecimal digits. @param {string} digits */
export function bytesOf(digits) {
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** Return bytes of base64url. @param {string} text */
export function bytesOf64(text) {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
}

/** @param {Uint8Array} bytes */
export function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Import a slot's secret for good: it can be used and never read. @param {string} digits @returns {Promise<CryptoKey>} */
export function importSecret(digits) {
  return crypto.subtle.importKey("raw", bytesOf(digits), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}

/** Make a key of this phone's own, which cannot be taken out. @returns {Promise<CryptoKeyPair>} */
export function makeKeys() {
  return crypto.subtle.generateKey(P256, false, ["sign", "verify"]);
}

/** Return the public half, an uncompressed point of 65 bytes. @param {CryptoKey} key */
export async function pointOf(key) {
  return new Uint8Array(await crypto.subtle.exportKey("raw", key));
}

/**
 * Prove to the city that this phone has the key.
 * @param {CryptoKey} key the private half @param {string} phone its id @param {number} minutes since 1970
 */
export async function proofOf(key, phone, minutes) {
  return signed(key, joined(label("EHC1-KEY\0"), bytesOf(phone.replaceAll("-", "")), number(minutes, 4)));
}

/**
 * Return the dynamic code of a step, or null where no secret is good for it: one serves its period and the next.
 * @param {Slot} slot @param {number} step @returns {Promise<string | null>}
 */
export async function dynamicCode(slot, step) {
  const period = Math.floor(step / PERIOD_STEPS);
  const secret = slot.secrets.find((one) => one.period === period) ?? slot.secrets.find((one) => one.period === period - 1);
  if (secret === undefined) return null;
  const card = bytesOf(slot.card);
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", secret.key, joined(label("EHC-TOKEN-1"), card, number(step, 8))));
  const token = joined(number(slot.slot, 1), number(slot.epoch, 2), mac.subarray(0, MAC_LENGTH));
  return `${hex(card)}:0:${hex(token)}::`;
}

/**
 * Return the device-signed code of a step, or null once the certificate is over.
 * @param {Certified} certified @param {number} step @returns {Promise<string | null>}
 */
export async function deviceCode(certified, step) {
  if (step * STEP_MILLIS >= certified.expires) return null;
  const body = certified.bytes.subarray(0, NAME_AT + 1 + certified.bytes[NAME_AT]);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  const at = number(step, 4);
  const signature = await signed(certified.key, joined(label("EHC1-STEP\0"), digest, at));
  return `EHC1:${base45(joined(certified.bytes, at, signature))}`;
}

/** Write bytes as RFC 9285 does. @param {Uint8Array} bytes */
export function base45(bytes) {
  let text = "";
  for (let place = 0; place < bytes.length; place += 2) {
    const pair = place + 1 < bytes.length;
    const value = pair ? bytes[place] * 256 + bytes[place + 1] : bytes[place];
    text += LETTERS[value % 45] + LETTERS[Math.floor(value / 45) % 45];
    if (pair) text += LETTERS[Math.floor(value / 2025)];
  }
  return text;
}

/** @param {CryptoKey} key @param {Uint8Array<ArrayBuffer>} message */
async function signed(key, message) {
  return new Uint8Array(await crypto.subtle.sign(SIGNED, key, message));
}

/** @param {string} text */
const label = (text) => new TextEncoder().encode(text);

/** Write a number big-endian. @param {number} value @param {number} length */
function number(value, length) {
  const bytes = new Uint8Array(length);
  for (let place = length - 1, left = value; place >= 0; place -= 1, left = Math.floor(left / 256)) bytes[place] = left % 256;
  return bytes;
}

/** @param {Uint8Array[]} parts @returns {Uint8Array<ArrayBuffer>} */
function joined(...parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** @param {Uint8Array} bytes */
function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("").toUpperCase();
}
