// A form is sent once: a second tap while the answer is on its way does nothing. The server holds to it by the form's key.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method === "dialog" || event.defaultPrevented) return;
  if (form.dataset.sent !== undefined) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "";
  const button = event.submitter;
  if (button instanceof HTMLButtonElement) {
    button.setAttribute("aria-disabled", "true");
    if (button.dataset.sending) {
      button.dataset.said = button.textContent ?? "";
      button.textContent = button.dataset.sending;
    }
  }
});

// Back from the next page the browser may show this one as it was left: it can be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) form.removeAttribute("data-sent");
  for (const button of document.querySelectorAll("button[aria-disabled=true]")) {
    button.removeAttribute("aria-disabled");
    if (button instanceof HTMLElement && button.dataset.said) button.textContent = button.dataset.said;
  }
});
