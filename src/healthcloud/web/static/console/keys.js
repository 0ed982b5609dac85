// Keys of the consoles: "/" to the first filter, Esc one page up, Ctrl+Enter sends the form one is in.

/** @param {EventTarget | null} target */
const isTyping = (target) =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey || event.metaKey) return;
  const target = event.target;
  if (event.key === "/" && !isTyping(target)) {
    const first = document.querySelector('form[role="search"] input, form.fill input:not([type="hidden"])');
    if (first instanceof HTMLInputElement) {
      event.preventDefault();
      first.focus();
      first.select();
    }
  } else if (event.key === "Escape") {
    if (isTyping(target) && target instanceof HTMLElement) {
      target.blur();
      return;
    }
    const up = document.querySelector("a[data-up]");
    if (up instanceof HTMLAnchorElement && !document.querySelector("dialog[open]")) up.click();
  } else if (event.key === "Enter" && event.ctrlKey && isTyping(target)) {
    const form = /** @type {HTMLInputElement} */ (target).form;
    if (form?.method === "post") form.requestSubmit();
  }
});
