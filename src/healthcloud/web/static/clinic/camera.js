// Codes through a camera: the browser's own detector where it has one, else ZXing in WebAssembly, fetched only then.
import { scan } from "./scan.js";

const box = /** @type {HTMLDialogElement} */ (document.getElementById("camera"));
const open = /** @type {HTMLButtonElement} */ (document.getElementById("camera-open"));
const video = /** @type {HTMLVideoElement} */ (document.getElementById("camera-view"));
const says = /** @type {HTMLElement} */ (document.getElementById("camera-says"));
const LOOK_MS = 200;
/** @type {MediaStream | null} */
let stream = null;
/** @type {((frame: CanvasImageSource) => Promise<string>) | null} */
let read = null;

async function nativeReader() {
  const Native = /** @type {any} */ (globalThis).BarcodeDetector;
  if (!Native || !(await Native.getSupportedFormats()).includes("qr_code")) return null;
  const detector = new Native({ formats: ["qr_code"] });
  return async (/** @type {CanvasImageSource} */ frame) => (await detector.detect(frame))[0]?.rawValue ?? "";
}

async function wasmReader() {
  const zxing = await import("../vendor/zxing-wasm/es/reader/index.js");
  const wasm = new URL("../vendor/zxing-wasm/zxing_reader.wasm", import.meta.url).href;
  await zxing.prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
  const canvas = document.createElement("canvas");
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  return async (/** @type {CanvasImageSource} */ frame) => {
    const seen = /** @type {any} */ (frame);
    canvas.width = seen.videoWidth ?? seen.width;
    canvas.height = seen.videoHeight ?? seen.height;
    pen.drawImage(frame, 0, 0);
    const pixels = pen.getImageData(0, 0, canvas.width, canvas.height);
    const found = await zxing.readBarcodes(pixels, { formats: ["QRCode"], maxNumberOfSymbols: 1 });
    return found[0]?.text ?? "";
  };
}

/** Return what reads a code in a picture. */
export async function reader() {
  read ??= (await nativeReader()) ?? (await wasmReader());
  return read;
}

function shut() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  if (box.open) box.close();
}

async function look() {
  const looks = await reader();
  while (stream !== null) {
    const text = video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA ? await looks(video) : "";
    if (text !== "" && stream !== null) {
      shut();
      return scan(text);
    }
    await new Promise((go) => setTimeout(go, LOOK_MS));
  }
}

open.hidden = !navigator.mediaDevices?.getUserMedia;
open.addEventListener("click", async () => {
  says.textContent = says.dataset.usual ?? "";
  box.showModal();
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    video.srcObject = stream;
    await video.play();
    await look();
  } catch {
    says.textContent = says.dataset.failed ?? "";
  }
});
box.addEventListener("close", shut);
