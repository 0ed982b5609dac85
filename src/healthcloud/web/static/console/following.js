// What runs is followed: the part of the page that says how far it is comes anew every few seconds until it says that
// it is over; then the page itself, which has more to say by then. Without script the page's own link does the same.

const ASK_MS = 1500;
const LONGEST_MS = 30000;
const part = document.querySelector("[data-follow]");

/** Put the new state in place; what has the focus keeps it. @param {HTMLElement} shown @param {string} html */
function show(shown, html) {
  const focused = shown.contains(document.activeElement) ? document.activeElement?.id : "";
  shown.innerHTML = html;
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

/** @param {HTMLElement} shown @param {string} address */
function follow(shown, address) {
  let wait = ASK_MS;
  const ask = async () => {
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      if (answer.status === 401 || answer.status === 403) return;
      if (!answer.ok) throw new Error(String(answer.status));
      const { state, html } = await answer.json();
      if (state !== shown.dataset.state) return location.replace(location.pathname);
      show(shown, html);
      wait = ASK_MS;
    } catch {
      wait = Math.min(wait * 2, LONGEST_MS);
    }
    setTimeout(ask, wait);
  };
  setTimeout(ask, wait);
}

if (part instanceof HTMLElement && part.dataset.follow) follow(part, part.dataset.follow);
