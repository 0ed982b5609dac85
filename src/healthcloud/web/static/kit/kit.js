// What every page does where script runs. Each part does nothing on a page that has no use for it, and every page works
// without any of it.

const offline = document.querySelector("[data-kit-offline]");

/** @param {EventTarget | null} target @returns {HTMLFormElement | null} a form that leaves this page; one that opens a file beside it has data-kit-stays */
function leaving(target) {
  if (!(target instanceof HTMLFormElement) || target.method === "dialog") return null;
  return target.dataset.kitStays === undefined ? target : null;
}

/** Say whether there is a network. */
function tellNetwork() {
  if (offline instanceof HTMLElement) offline.hidden = navigator.onLine;
}

window.addEventListener("online", tellNetwork);
window.addEventListener("offline", tellNetwork);
tellNetwork();

// A form is sent once: a second tap while the answer is on its way does nothing (the server holds to it by the form's
// key). Without a network it is not sent into nowhere: it stays as it was filled in.
document.addEventListener("submit", (event) => {
  const form = leaving(event.target);
  if (form === null || event.defaultPrevented) return;
  if (!navigator.onLine) {
    event.preventDefault();
    tellNetwork();
    offline?.scrollIntoView({ block: "center" });
    return;
  }
  if (form.dataset.sent !== undefined) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "";
  const button = event.submitter;
  if (!(button instanceof HTMLButtonElement)) return;
  button.setAttribute("aria-disabled", "true");
  if (button.dataset.sending === undefined) return;
  button.dataset.label = button.textContent ?? "";
  button.textContent = button.dataset.sending;
});

// Back from the next page the browser may show this one as it was left.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) form.removeAttribute("data-sent");
  for (const button of document.querySelectorAll("button[aria-disabled=true]")) {
    button.removeAttribute("aria-disabled");
    if (button instanceof HTMLElement && button.dataset.label) button.textContent = button.dataset.label;
  }
});

// A page that answered a form is, to Back and Reload, the page its address gives: no browser asks to send the form again.
const answered = document.documentElement.dataset.answered;
if (answered !== undefined) history.replaceState(null, "", answered);

// Back from what is looked at before it is confirmed, the form shows what was filled in. Only the draft's address is
// remembered here, for this tab; what was filled in stays with the server.
const draftKey = `kit-draft ${location.pathname}`;
const changing = document.querySelector("[data-kit-change]");
const [arrival] = performance.getEntriesByType("navigation");
if (changing instanceof HTMLAnchorElement) sessionStorage.setItem(draftKey, changing.search);
else if (location.search === "" || !location.search.includes("draft=")) {
  const kept = sessionStorage.getItem(draftKey);
  if (kept !== null && arrival instanceof PerformanceNavigationTiming && arrival.type === "back_forward") {
    location.replace(location.pathname + kept);
  } else sessionStorage.removeItem(draftKey);
}

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const opener = target?.closest("[data-kit-opens]");
  const copier = target?.closest("[data-kit-copy]");
  if (opener) open(opener.getAttribute("data-kit-opens") ?? "");
  else if (copier instanceof HTMLButtonElement) void copy(copier);
  else if (target instanceof HTMLDialogElement) target.close(); // a tap beside it
});

/** Open a dialog; Esc, the focus and the way back are the browser's. @param {string} id */
function open(id) {
  const dialog = document.getElementById(id);
  if (dialog instanceof HTMLDialogElement) dialog.showModal();
}

/** Copy the text of the element a button names. @param {HTMLButtonElement} button */
async function copy(button) {
  const text = document.getElementById(button.dataset.kitCopy ?? "")?.textContent ?? "";
  await navigator.clipboard.writeText(text.trim());
  button.textContent = button.dataset.done ?? "";
}

if (navigator.clipboard) for (const button of document.querySelectorAll("[data-kit-copy]")) button.removeAttribute("hidden");

// The error summary takes the focus, also where the browser keeps `autofocus` to fields.
const summary = document.querySelector("[data-kit-summary]");
if (summary instanceof HTMLElement) summary.focus();
