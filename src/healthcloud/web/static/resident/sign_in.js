// Counts down until another code may be asked for. Without script the button is there at once, and the server says when.

const wait = document.getElementById("again-wait");
const again = document.getElementById("again");
if (wait && again instanceof HTMLButtonElement) countDown(wait, again);

/** @param {HTMLElement} shown @param {HTMLButtonElement} button */
function countDown(shown, button) {
  const over = Date.now() + Number(shown.dataset.seconds) * 1000;
  const tick = () => {
    const left = Math.ceil((over - Date.now()) / 1000);
    button.disabled = left > 0;
    shown.hidden = left <= 0;
    shown.textContent = (shown.dataset.words ?? "").replace("#", String(left));
    if (left > 0) setTimeout(tick, 500);
  };
  tick();
}
