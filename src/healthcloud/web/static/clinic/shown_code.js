// What can be told of a code without the platform: which kind it is, and what a device-signed one says of its holder.
// Nothing here is verified; docs/reference/offline-format.md has the layout.

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const BASE = 45;
const DYNAMIC = /^[0-9A-F]{64}:0:[0-9A-F]{32}(?::|$)/i;
const PRINTED = /^[0-9A-F]{64}(?:$|:1(?::|$))/i;
const SIGNED = "EHC1:";
const BODY = { sex: 85, birthYear: 86, length: 88, name: 89 };

/** @param {string} text @returns {Uint8Array | null} */
function unbase45(text) {
  const bytes = [];
  for (let at = 0; at < text.length; at += 3) {
    const signs = [...text.slice(at, at + 3)].map((sign) => ALPHABET.indexOf(sign));
    if (signs.length === 1 || signs.includes(-1)) return null;
    const value = signs.reduceRight((sum, sign) => sum * BASE + sign, 0);
    if (signs.length === 3) bytes.push(value >> 8, value & 255);
    else bytes.push(value);
    if (bytes.some((byte) => byte > 255)) return null;
  }
  return Uint8Array.from(bytes);
}

/**
 * Return the kind of a code: only `dynamic` and `signed` can be verified later.
 * @param {string} code @returns {"dynamic" | "signed" | "printed" | "other"}
 */
export function kindOf(code) {
  if (code.startsWith(SIGNED)) return holderIn(code) === null ? "other" : "signed";
  if (DYNAMIC.test(code)) return "dynamic";
  return PRINTED.test(code) ? "printed" : "other";
}

/**
 * Return what a device-signed code says of its holder: a masked name, sex and year of birth; null where it says nothing.
 * @param {string} code @returns {{ name: string, sex: number, birthYear: number } | null}
 */
export function holderIn(code) {
  const bytes = code.startsWith(SIGNED) ? unbase45(code.slice(SIGNED.length)) : null;
  const end = BODY.name + (bytes?.[BODY.length] ?? 0);
  if (bytes === null || bytes[0] !== 1 || bytes.length < end) return null;
  try {
    const name = new TextDecoder("utf-8", { fatal: true }).decode(bytes.slice(BODY.name, end));
    return { name, sex: bytes[BODY.sex], birthYear: bytes[BODY.birthYear] * 256 + bytes[BODY.birthYear + 1] };
  } catch {
    return null;
  }
}
