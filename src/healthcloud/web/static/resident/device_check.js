// What this phone can do for the card. Some of it shows only after a reload, so the page loads itself again once.

import { base64url, importSecret, makeKeys } from "./phone_codes.js";
import { svgOf } from "./qr.js";

/** @typedef {"ok" | "warn" | "no"} Mark */
/** @typedef {{ name: string, mark: Mark, note?: string }} Check */

const STORE = "hc-check";
const MARK = "hc-check";
const MESSAGE = new TextEncoder().encode("device check");
const SIGNED = { name: "ECDSA", hash: "SHA-256" };
const CLOCK_OFF = 30; // seconds a clock may be off without a word
const SAMPLE = `${"0123456789ABCDEF".repeat(4)}:0:${"FEDCBA9876543210".repeat(2)}::`;
/** @param {string} id @returns {any} */
const part = (id) => document.getElementById(id);
/** @type {Record<string, string>} */
const words = JSON.parse(part("words").textContent);

/** @param {"readonly" | "readwrite"} mode @param {(store: IDBObjectStore) => IDBRequest} act @returns {Promise<any>} */
function kept(mode, act) {
  return new Promise((resolve, reject) => {
    const opened = indexedDB.open(STORE, 1);
    opened.onupgradeneeded = () => opened.result.createObjectStore("keys");
    opened.onerror = () => reject(opened.error);
    opened.onsuccess = () => {
      const transaction = opened.result.transaction("keys", mode);
      const asked = act(transaction.objectStore("keys"));
      transaction.oncomplete = () => {
        opened.result.close();
        resolve(asked.result);
      };
      transaction.onabort = () => reject(transaction.error);
    };
  });
}

/** Make keys that cannot be read, use them, keep them for after the reload. */
async function first() {
  const [pair, secret] = [await makeKeys(), await importSecret("5A".repeat(32))];
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", secret, MESSAGE));
  await crypto.subtle.sign(SIGNED, pair.privateKey, MESSAGE);
  const read = await Promise.allSettled([
    crypto.subtle.exportKey("raw", secret),
    crypto.subtle.exportKey("pkcs8", pair.privateKey),
  ]);
  if (read.some((one) => one.status === "fulfilled")) throw new Error("a key can be read");
  await kept("readwrite", (store) => store.put({ pair, secret }, "keys"));
  return base64url(mac);
}

/** Use the keys that were kept before the reload. @param {string} mac */
async function again(mac) {
  const found = await kept("readonly", (store) => store.get("keys"));
  const same = base64url(new Uint8Array(await crypto.subtle.sign("HMAC", found.secret, MESSAGE)));
  const signature = await crypto.subtle.sign(SIGNED, found.pair.privateKey, MESSAGE);
  const genuine = await crypto.subtle.verify(SIGNED, found.pair.publicKey, signature, MESSAGE);
  indexedDB.deleteDatabase(STORE);
  return same === mac && genuine;
}

/** @param {string} name @param {() => Promise<Mark | [Mark, string]>} look @param {Mark} [otherwise] @returns {Promise<Check>} */
async function check(name, look, otherwise = "no") {
  try {
    const late = new Promise((_, reject) => setTimeout(() => reject(new Error("late")), 8_000));
    const found = await /** @type {Promise<Mark | [Mark, string]>} */ (Promise.race([look(), late]));
    return Array.isArray(found) ? { name, mark: found[0], note: found[1] } : { name, mark: found };
  } catch {
    return { name, mark: otherwise };
  }
}

async function worker() {
  const made = await navigator.serviceWorker.register("/card-worker.js", { scope: "/card", updateViaCache: "none" });
  for (let tries = 0; tries < 60 && !made.active; tries += 1) await new Promise((go) => setTimeout(go, 100));
  return /** @type {Mark} */ (made.active ? "ok" : "no");
}

/** How far this phone's clock is from the city's. @returns {Promise<[Mark, string]>} */
async function clock() {
  const sent = Date.now();
  const answer = await fetch("/device-check", { method: "HEAD", cache: "no-store" });
  const city = Number(answer.headers.get("X-Server-Time"));
  const off = Math.round(((sent + Date.now()) / 2 - city) / 1000);
  return [Math.abs(off) <= CLOCK_OFF ? "ok" : "warn", `${off > 0 ? "+" : ""}${off} s`];
}

/** Draw a code and read it back. @returns {Promise<Mark | [Mark, string]>} */
async function code() {
  const picture = new Image(400, 400);
  const svg = svgOf(SAMPLE);
  svg.setAttribute("width", "400");
  svg.setAttribute("height", "400");
  picture.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(svg))}`;
  await picture.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: 400, height: 400 });
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, 400, 400);
  pen.drawImage(picture, 0, 0);
  const Native = /** @type {any} */ (globalThis).BarcodeDetector;
  if (Native && (await Native.getSupportedFormats()).includes("qr_code")) {
    const [found] = await new Native({ formats: ["qr_code"] }).detect(canvas);
    return found?.rawValue === SAMPLE ? ["ok", "BarcodeDetector"] : "no";
  }
  const zxing = await import("../vendor/zxing-wasm/es/reader/index.js");
  const wasm = new URL("../vendor/zxing-wasm/zxing_reader.wasm", import.meta.url).href;
  await zxing.prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
  const [found] = await zxing.readBarcodes(pen.getImageData(0, 0, 400, 400), { formats: ["QRCode"], maxNumberOfSymbols: 1 });
  return found?.text === SAMPLE ? ["ok", "zxing-wasm"] : "no";
}

/** @returns {Promise<Mark>} */
async function camera() {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.some((one) => one.kind === "videoinput") ? "ok" : "warn";
}

/** @returns {Promise<Mark>} */
async function wake() {
  const lock = await navigator.wakeLock.request("screen");
  await lock.release();
  return "ok";
}

/** @returns {Promise<Mark>} */
async function lasting() {
  return (await navigator.storage.persisted()) || (await navigator.storage.persist()) ? "ok" : "warn";
}

/** @param {string} mac empty where no keys could be made before the reload */
async function looked(mac) {
  return Promise.all([
    check("secure", async () => (globalThis.isSecureContext ? "ok" : "no")),
    check("keys", async () => (mac ? "ok" : "no")),
    check("kept", async () => (mac && (await again(mac)) ? "ok" : "no")),
    check("worker", worker),
    check("lasting", lasting, "warn"),
    check("clock", clock, "warn"),
    check("code", code),
    check("camera", camera, "warn"),
    check("wake", wake, "warn"),
  ]);
}

/** What will work for the resident, from what was found. @param {Check[]} checks */
function ways(checks) {
  const good = new Set(checks.filter((one) => one.mark === "ok").map((one) => one.name));
  const has = (/** @type {string[]} */ ...names) => names.every((name) => good.has(name));
  const keys = has("secure", "keys", "kept");
  return [
    ["online", has("code") ? "ok" : "no"],
    ["offline", keys && has("worker") ? "ok" : keys ? "warn" : "no"],
    ["device", keys ? "ok" : "no"],
    ["printed", "ok"],
  ];
}

/** @param {Check[]} checks */
function show(checks) {
  const list = part("ways");
  for (const [way, mark] of ways(checks)) {
    const line = document.createElement("li");
    line.className = `way ${mark}`;
    const [title, text] = [document.createElement("h2"), document.createElement("p")];
    title.textContent = `${words[`mark.${mark}`]} ${words[`way.${way}`]}`;
    text.textContent = words[`way.${way}.${mark}`];
    line.append(title, text);
    list.append(line);
  }
  for (const { name, mark, note } of checks) {
    const [line, title, text] = ["div", "dt", "dd"].map((tag) => document.createElement(tag));
    title.textContent = words[`check.${name}`];
    text.textContent = `${words[`mark.${mark}`]}${note ? ` · ${note}` : ""}`;
    line.append(title, text);
    part("checks").append(line);
  }
  part("report").textContent = report(checks);
  for (const id of ["ways", "found"]) part(id).hidden = false;
  part("start").textContent = words.again;
  const send = part("send");
  send.hidden = !("share" in navigator);
  send.addEventListener("click", () => void navigator.share({ title: document.title, text: report(checks) }).catch(() => undefined));
}

/** @param {Check[]} checks */
function report(checks) {
  const lines = checks.map(({ name, mark, note }) => `${name}: ${mark}${note ? ` (${note})` : ""}`);
  const screenful = `${screen.width}x${screen.height}@${devicePixelRatio}`;
  const found = ways(checks).map(([way, mark]) => `${way}=${mark}`).join(" ");
  return [`device-check ${new Date().toISOString().slice(0, 16)}Z`, navigator.userAgent, screenful, ...lines, found].join("\n");
}

async function begin() {
  part("says").textContent = words.looking;
  sessionStorage.setItem(MARK, await first().catch(() => "-"));
  location.reload();
}

async function start() {
  const mac = sessionStorage.getItem(MARK);
  sessionStorage.removeItem(MARK);
  part("start").hidden = mac !== null;
  part("start").addEventListener("click", () => void begin());
  if (mac === null) return;
  part("says").textContent = words.looking;
  show(await looked(mac === "-" ? "" : mac));
  part("says").textContent = words.done;
  part("start").hidden = false;
}

void start();
