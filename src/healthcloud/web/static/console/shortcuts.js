// Keys of one character, on pages that name them: an element with data-key is pressed by its key, a field gets the
// focus. Never while one types, never with Ctrl, Alt or Meta, never under an open dialog; and they can be switched off
// (WCAG 2.2, 2.1.4), which this browser remembers. The page says each key beside what it presses, and tells it by
// aria-keyshortcuts.

const KEPT = "console-keys";
const OFF = "off";
const toggle = document.querySelector("[data-keys-switch]");
const SEEN_MS = 400;
const isOn = () => localStorage.getItem(KEPT) !== OFF;

/** Whether what has the focus takes characters, or is about to. @param {EventTarget | null} target */
function takesText(target) {
  if (target instanceof HTMLInputElement) return !["radio", "checkbox", "button", "submit"].includes(target.type);
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLElement && target.isContentEditable;
}

/** The element of this page that a key presses. @param {string} key */
function pressedBy(key) {
  const found = document.querySelector(`[data-key="${CSS.escape(key.toLowerCase())}"]`);
  return found instanceof HTMLElement && !found.hasAttribute("aria-disabled") ? found : null;
}

/** Say on the page whether the keys work. */
function tell() {
  document.documentElement.toggleAttribute("data-keys-off", !isOn());
  if (!(toggle instanceof HTMLButtonElement)) return;
  toggle.dataset.off ??= toggle.textContent ?? "";
  toggle.textContent = (isOn() ? toggle.dataset.off : toggle.dataset.on) ?? "";
  toggle.hidden = false;
}

document.addEventListener("keydown", (event) => {
  if (!isOn() || event.isComposing || event.repeat || event.defaultPrevented) return;
  if (event.ctrlKey || event.altKey || event.metaKey || takesText(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  const element = pressedBy(event.key);
  if (element === null) return;
  if (element instanceof HTMLButtonElement && document.documentElement.dataset.keysReady === undefined) return;
  event.preventDefault();
  if (takesText(element)) element.focus();
  else element.click();
});

toggle?.addEventListener("click", () => {
  if (isOn()) localStorage.setItem(KEPT, OFF);
  else localStorage.removeItem(KEPT);
  tell();
});
tell();

// A key pressed twice must not answer what was only just shown.
setTimeout(() => {
  document.documentElement.dataset.keysReady = "";
}, SEEN_MS);
