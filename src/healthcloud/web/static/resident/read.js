// @ts-check
/** Reads a part of the page aloud where the browser can; the button shows itself only there. */
if ("speechSynthesis" in window) {
  for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("[data-read]"))) {
    const label = /** @type {HTMLElement} */ (button.querySelector("span"));
    const words = label.textContent ?? "";
    button.hidden = false;
    button.addEventListener("click", () => {
      if (speechSynthesis.speaking) {
        speechSynthesis.cancel();
        label.textContent = words;
        return;
      }
      const part = document.getElementById(button.dataset.read ?? "");
      const speech = new SpeechSynthesisUtterance(part?.innerText ?? "");
      speech.lang = document.documentElement.lang;
      speech.rate = 0.9;
      speech.addEventListener("end", () => { label.textContent = words; });
      label.textContent = button.dataset.stop ?? words;
      speechSynthesis.speak(speech);
    });
  }
  addEventListener("pagehide", () => speechSynthesis.cancel());
}
