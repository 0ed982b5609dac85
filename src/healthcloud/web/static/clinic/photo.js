// A photograph at a counter: a square out of the camera's picture or a file, drawn anew, so that nothing but the picture
// is sent. It is on no disk; leaving the page forgets it.

const form = /** @type {HTMLFormElement} */ (document.getElementById("photo-form"));
const field = /** @type {HTMLInputElement} */ (document.getElementById("photo"));
const view = /** @type {HTMLVideoElement} */ (document.getElementById("photo-view"));
const shot = /** @type {HTMLImageElement} */ (document.getElementById("photo-shot"));
const open = /** @type {HTMLButtonElement} */ (document.getElementById("photo-open"));
const take = /** @type {HTMLButtonElement} */ (document.getElementById("photo-take"));
const file = /** @type {HTMLInputElement} */ (document.getElementById("photo-file"));
const says = /** @type {HTMLElement} */ (document.getElementById("photo-says"));
const SIDE = 480;
const QUALITIES = [0.85, 0.7, 0.55, 0.4];
const largest = Number(form.dataset.largest);
/** @type {MediaStream | null} */
let stream = null;

/** Show and keep the middle square of a picture. @param {CanvasImageSource} picture @param {number} width @param {number} height */
function keep(picture, width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  const pen = canvas.getContext("2d");
  const side = Math.min(width, height);
  if (pen === null || side === 0) return void (says.textContent = form.dataset.failed ?? "");
  pen.drawImage(picture, (width - side) / 2, (height - side) / 2, side, side, 0, 0, SIDE, SIDE);
  const made = QUALITIES.map((quality) => canvas.toDataURL("image/jpeg", quality)).find((one) => (one.length * 3) / 4 < largest);
  if (made === undefined || !made.startsWith("data:image/jpeg")) return void (says.textContent = form.dataset.failed ?? "");
  field.value = made;
  shot.src = made;
  shot.hidden = false;
  says.textContent = "";
}

open.hidden = !navigator.mediaDevices?.getUserMedia;
open.addEventListener("click", async () => {
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "user", width: { ideal: 1280 } } });
    view.hidden = false;
    view.srcObject = stream;
    await view.play();
    take.hidden = false;
    take.focus();
  } catch {
    says.textContent = form.dataset.failed ?? "";
  }
});
take.addEventListener("click", () => keep(view, view.videoWidth, view.videoHeight));
file.addEventListener("change", async () => {
  const [chosen] = file.files ?? [];
  if (chosen === undefined) return;
  try {
    const picture = await createImageBitmap(chosen); // turned as the camera says
    keep(picture, picture.width, picture.height);
    picture.close();
  } catch {
    says.textContent = form.dataset.failed ?? "";
  }
});
form.addEventListener(
  "submit",
  (event) => {
    if (field.value !== "") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    says.textContent = form.dataset.noPicture ?? "";
    (open.hidden ? file : open).focus();
  },
  true,
);
addEventListener("pagehide", () => stream?.getTracks().forEach((track) => track.stop()));
