// A second reader, written from docs/reference/offline-format.md alone: node, WebCrypto, and `openssl` for SM2.
// usage: node second_reader.mjs codes.json lists.json; prints what it found, as JSON, in the files' order.
import { execFileSync } from "node:child_process";
import { createHash, webcrypto } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const { subtle } = webcrypto;
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const ALGORITHMS = { 1: "SM2-SM3", 2: "P-256-SHA-256", 3: "Ed25519" };
const JOSE = { "SM2-SM3": "SM2-SM3", ES256: "P-256-SHA-256", EdDSA: "Ed25519" };
const ALL_VOID = 4294967295;
const WEEK = 10080;

class Unreadable extends Error {}
const no = (reason) => {
  throw new Unreadable(reason);
};
const text = (words) => Buffer.from(words, "utf8");
const sha256 = (data) => createHash("sha256").update(data).digest();
const sm3 = (data) => createHash("sm3").update(data).digest();
const u32 = (number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(number);
  return bytes;
};

function fromBase45(written) {
  const bytes = [];
  for (let at = 0; at < written.length; at += 3) {
    const group = [...written.slice(at, at + 3)].map((sign) => ALPHABET.indexOf(sign));
    if (group.length === 1 || group.includes(-1)) no("device-text");
    const number = group.reduce((sum, value, place) => sum + value * 45 ** place, 0);
    if (number >= 256 ** (group.length - 1)) no("device-text");
    if (group.length === 3) bytes.push(number >> 8);
    bytes.push(number & 255);
  }
  return Buffer.from(bytes);
}

function read(written) {
  const folded = written.trim().toUpperCase();
  if (folded.startsWith("HC1:")) no("eu-certificate");
  if (!folded.startsWith("EHC1:")) no("other");
  const bytes = fromBase45(folded.slice(5));
  if (bytes.length > 0 && bytes[0] !== 1) no("device-version");
  if (bytes.length < 89) no("device-length");
  const end = 89 + bytes[88];
  if (bytes.length < end + 64) no("device-length");
  const body = bytes.subarray(0, end);
  let name;
  try {
    name = new TextDecoder("utf-8", { fatal: true }).decode(body.subarray(89));
  } catch {
    no("device-content");
  }
  const code = {
    algorithm: ALGORITHMS[body[1]],
    cityKey: body.subarray(2, 10).toString("hex"),
    card: body.subarray(10, 42),
    slot: body[42],
    epoch: body.readUInt16BE(43),
    phone: body.subarray(45, 78),
    issued: body.readUInt32BE(78),
    lifetime: body.readUInt16BE(82),
    level: body[84],
    sex: body[85],
    birthYear: body.readUInt16BE(86),
    name,
    body,
    citySignature: bytes.subarray(end, end + 64),
  };
  const fits =
    code.algorithm !== undefined && code.slot >= 1 && code.slot <= 254 && [2, 3].includes(code.phone[0]) &&
    code.lifetime >= 1 && code.lifetime <= WEEK && [0, 1, 2, 9].includes(code.sex) && body[88] >= 1 && body[88] <= 36 &&
    !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name);
  if (!fits) no("device-content");
  if (bytes.length !== end + 64 + 4 + 64) no("device-length");
  return { ...code, step: bytes.readUInt32BE(end + 64), signature: bytes.subarray(end + 68) };
}

const keyId = (algorithm, value) => sm3(Buffer.concat([text(`${algorithm}\0`), value])).subarray(0, 8).toString("hex");

async function verifies({ algorithm, value }, message, signature) {
  if (algorithm === "SM2-SM3") return verifiesSm2(value, message, signature);
  if (algorithm === "P-256-SHA-256") return verifiesP256(value, message, signature);
  const key = await subtle.importKey("raw", value, { name: "Ed25519" }, false, ["verify"]);
  return subtle.verify("Ed25519", key, signature, message);
}

async function verifiesP256(point, message, signature) {
  const name = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const key = await subtle.importKey("raw", uncompressed(point), name, false, ["verify"]);
  return subtle.verify(name, key, signature, message);
}

// y² = x³ − 3x + b over the prime of P-256 (FIPS 186-5), for node reads no compressed point.
function uncompressed(point) {
  if (point.length === 65) return point;
  const p = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
  const b = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
  const x = BigInt(`0x${point.subarray(1).toString("hex")}`);
  const square = (((x ** 3n - 3n * x + b) % p) + p) % p;
  let y = 1n;
  for (let power = (p + 1n) / 4n, base = square; power > 0n; power >>= 1n, base = (base * base) % p) {
    if (power & 1n) y = (y * base) % p;
  }
  if (x >= p || (y * y) % p !== square) no("device-key");
  if ((y & 1n) !== BigInt(point[0] & 1)) y = p - y;
  const hex = (number) => number.toString(16).padStart(64, "0");
  return Buffer.from(`04${hex(x)}${hex(y)}`, "hex");
}

function verifiesSm2(value, message, signature) {
  const folder = mkdtempSync(join(tmpdir(), "sm2-"));
  try {
    const head = Buffer.from("3059301306072a8648ce3d020106082a811ccf5501822d034200", "hex");
    const pem = Buffer.concat([head, value]).toString("base64").match(/.{1,64}/g).join("\n");
    writeFileSync(join(folder, "key"), `-----BEGIN PUBLIC KEY-----\n${pem}\n-----END PUBLIC KEY-----\n`);
    writeFileSync(join(folder, "message"), message);
    writeFileSync(join(folder, "signature"), der(signature));
    const options = ["pkeyutl", "-verify", "-pubin", "-inkey", "key", "-sigfile", "signature", "-in", "message", "-rawin"];
    const sm = ["-digest", "sm3", "-pkeyopt", "distid:1234567812345678"];
    execFileSync("openssl", [...options, ...sm], { cwd: folder, stdio: "ignore" });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function der(signature) {
  const number = (half) => {
    let bytes = half;
    while (bytes.length > 1 && bytes[0] === 0) bytes = bytes.subarray(1);
    if (bytes[0] & 128) bytes = Buffer.concat([Buffer.of(0), bytes]);
    return Buffer.concat([Buffer.of(2, bytes.length), bytes]);
  };
  const both = Buffer.concat([number(signature.subarray(0, 32)), number(signature.subarray(32))]);
  return Buffer.concat([Buffer.of(48, both.length), both]);
}

async function check(code, trusted) {
  const key = trusted[code.cityKey];
  if (key === undefined || key.algorithm !== code.algorithm) return "city-key";
  if (!(await verifies(key, Buffer.concat([text("EHC1-CERT\0"), code.body]), code.citySignature))) return "city-signature";
  const message = Buffer.concat([text("EHC1-STEP\0"), sha256(code.body), u32(code.step)]);
  try {
    return (await verifiesP256(code.phone, message, code.signature)) ? "genuine" : "device-signature";
  } catch (error) {
    if (error instanceof Unreadable) return error.message;
    throw error;
  }
}

const isLive = (code) => code.issued - 5 <= code.step && code.step < code.issued + code.lifetime;

// Lists: JWS, general JSON serialization.
async function signed(list, kind, trusted) {
  for (const { protected: head, signature } of list.signatures) {
    const header = JSON.parse(Buffer.from(head, "base64url"));
    const key = trusted[header.kid];
    if (key === undefined || header.typ !== kind || JOSE[header.alg] !== key.algorithm) continue;
    if (await verifies(key, text(`${head}.${list.payload}`), Buffer.from(signature, "base64url"))) return true;
  }
  return false;
}

const KINDS = { trust: "EHC-TRUST-1", snapshot: "EHC-REVOKE-1", delta: "EHC-REVOKE-DELTA-1" };
const seconds = (instant) => Date.parse(instant) / 1000;
const later = (held, list) =>
  seconds(list.issued_at) > seconds(held.issued_at) ||
  (seconds(list.issued_at) === seconds(held.issued_at) && list.number >= held.number);

class Reader {
  trust = null;
  trusted = {};
  revoked = null;
  seen = new Map();
  newest = new Map();

  constructor(firstKey) {
    this.firstKey = firstKey;
  }

  async take(kind, list) {
    const content = JSON.parse(Buffer.from(list.payload, "base64url"));
    let trusted = this.trusted;
    if (kind === "trust") {
      const keys = Object.fromEntries(
        content.keys.map((one) => [one.id, { algorithm: one.algorithm, value: Buffer.from(one.public, "base64url") }]),
      );
      for (const [id, key] of Object.entries(keys)) if (keyId(key.algorithm, key.value) !== id) return "list-form";
      if (this.trust === null) trusted = this.firstKey in keys ? { [this.firstKey]: keys[this.firstKey] } : {};
      if (!(await signed(list, KINDS.trust, trusted))) return "list-untrusted";
      if (this.trust !== null && !later(this.trust, content)) return "list-backwards";
      [this.trust, this.trusted] = [content, keys];
      return "taken";
    }
    if (!(await signed(list, KINDS[kind], trusted))) return "list-untrusted";
    const entries = content.entries.map(([key, slot, before]) => [`${key} ${slot}`, before]);
    if (kind === "snapshot") {
      if (this.revoked === null || later(this.revoked, content)) this.revoked = { ...content, void: new Map(entries) };
      return "taken";
    }
    if (this.revoked === null || content.after > this.revoked.number) return "gap";
    if (content.number > this.revoked.number && seconds(content.issued_at) >= seconds(this.revoked.issued_at)) {
      this.revoked = { ...content, void: new Map([...this.revoked.void, ...entries]) };
    }
    return "taken";
  }

  async scan({ at, scene, text: written }) {
    const code = read(written);
    const forged = await check(code, this.trusted);
    if (forged !== "genuine") return `refused ${forged}`;
    const { policy } = this.trust;
    const off = code.step - Math.floor(at / 60);
    if (off < -policy.window_steps) return "refused code-old";
    if (off > policy.window_steps) return "refused code-ahead";
    if (!isLive(code)) return "refused certificate-over";
    if (this.isVoid(code)) return "refused revoked";
    const stop = policy.beyond_scenes.includes(scene) ? null : this.tooOld(at);
    if (stop !== null) return `refused ${stop}`;
    const phone = `${code.card.toString("hex")} ${code.slot}`;
    if (code.step < (this.newest.get(phone) ?? -1)) return "refused replayed";
    const use = `${phone} ${code.step} ${scene}`;
    if (this.seen.has(use)) return "repeat";
    this.seen.set(use, at);
    this.newest.set(phone, code.step);
    return "accepted";
  }

  isVoid(code) {
    const key = sha256(Buffer.concat([text("EHC-REV-1\0"), code.card])).subarray(0, 8).toString("base64url");
    return [0, code.slot].some((slot) => {
      const before = this.revoked?.void.get(`${key} ${slot}`) ?? 0;
      return code.issued < before || before === ALL_VOID;
    });
  }

  tooOld(at) {
    if (at >= seconds(this.trust.expires_at)) return "trust-expired";
    if (this.revoked === null) return "no-list";
    return at - seconds(this.revoked.issued_at) > this.trust.policy.stale_minutes * 60 ? "list-too-old" : null;
  }
}

const [codes, lists] = process.argv.slice(2).map((path) => JSON.parse(readFileSync(path)));
const trusted = {};
for (const { id, algorithm, public: value } of codes.cities) {
  trusted[id] = { algorithm, value: Buffer.from(value, "hex") };
  if (keyId(algorithm, trusted[id].value) !== id) throw new Error(`key ${id}`);
}
const found = { codes: [], stories: [] };
for (const { text: written } of codes.codes) {
  try {
    const code = read(written);
    found.codes.push({ check: await check(code, trusted), live: isLive(code), body: code.body.toString("hex"), name: code.name });
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    found.codes.push({ unreadable: error.message });
  }
}
for (const story of lists.stories) {
  const reader = new Reader(story.first_key);
  const taken = [];
  for (const { kind, list } of story.given) taken.push(await reader.take(kind, list));
  const scans = [];
  for (const scan of story.scans) scans.push(await reader.scan(scan));
  found.stories.push({ taken, scans });
}
console.log(JSON.stringify(found));
