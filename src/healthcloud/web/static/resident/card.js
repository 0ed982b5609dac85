// The card while it is looked at: a new code each minute by the server's clock, the screen kept awake, and words for
// what goes wrong. Without script the page shows the code of the minute it was asked for, and a link that asks again.

/** @typedef {{ svg: string, now: number, refresh_at: number, valid_until: number }} Drawn */

const SOON = 1_500; // after this many milliseconds a failed look is tried again, and each time twice as late
const LATEST = 20_000;

const code = document.getElementById("code");
if (code) start(code);

/** @param {HTMLElement} root */
function start(root) {
  const plate = part(".plate-code");
  const tells = part(".tells");
  const said = part("[role=status]");
  const trouble = part(".trouble");
  const over = part(".over");
  const bar = part(".left i");
  const again = part(".refresh");

  let ahead = Number(root.dataset.now) - Date.now(); // the server's clock against this phone's
  let began = Number(root.dataset.now);
  let refreshAt = Number(root.dataset.refresh);
  let until = Number(root.dataset.until);
  let wait = SOON;
  let next = 0;
  let asking = false;
  let asked = false; // by somebody's tap

  /** @param {string} selector @returns {HTMLElement} */
  function part(selector) {
    const found = root.querySelector(selector);
    if (!(found instanceof HTMLElement)) throw new Error(selector);
    return found;
  }

  const now = () => Date.now() + ahead;

  function tick() {
    if (document.hidden) return;
    const left = refreshAt - now();
    bar.style.transform = `scaleX(${Math.min(1, Math.max(0, left / Math.max(1, refreshAt - began)))})`;
    const seconds = Math.ceil(left / 1000);
    tells.textContent =
      seconds > 0 ? (tells.dataset.in ?? "").replace("#", String(seconds)) : (tells.dataset.plain ?? "");
    if (now() >= until && over.hidden) {
      over.hidden = false;
      root.classList.add("stale");
      plate.classList.add("stale");
      say(said.dataset.over ?? "");
    }
    if (left <= 0 && !asking && Date.now() >= next) void ask();
  }

  async function ask() {
    asking = true;
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), 8_000);
    const sent = Date.now();
    try {
      const answer = await fetch(root.dataset.address ?? "", { signal: stop.signal, credentials: "same-origin" });
      // Signed out, frozen, ended: the page itself knows how to say it.
      if (answer.redirected || [401, 403, 404, 409].includes(answer.status)) return location.reload();
      if (!answer.ok) throw new Error(String(answer.status));
      show(/** @type {Drawn} */ (await answer.json()), sent);
    } catch {
      next = Date.now() + wait;
      wait = Math.min(wait * 2, LATEST);
      tell((navigator.onLine ? said.dataset.failed : said.dataset.offline) ?? "");
    } finally {
      clearTimeout(timer);
      asking = false;
    }
  }

  /** @param {Drawn} drawn @param {number} sent */
  function show(drawn, sent) {
    const picture = new DOMParser().parseFromString(drawn.svg, "text/html").querySelector("svg");
    if (picture === null) throw new Error("no picture");
    plate.replaceChildren(picture);
    ahead = drawn.now - (sent + Date.now()) / 2;
    began = drawn.now;
    refreshAt = drawn.refresh_at;
    until = drawn.valid_until;
    wait = SOON;
    next = 0;
    over.hidden = true;
    root.classList.remove("stale");
    plate.classList.remove("stale");
    const troubled = !trouble.hidden;
    trouble.hidden = true;
    // Once a minute would be a nuisance: only what somebody waited for is said aloud.
    if (troubled || asked) say(said.dataset.fresh ?? "");
    asked = false;
  }

  /** Say aloud, calmly. @param {string} words */
  function say(words) {
    if (said.textContent !== words) said.textContent = words;
  }

  /** Show trouble, and say it once. @param {string} words */
  function tell(words) {
    trouble.textContent = words;
    trouble.hidden = false;
    say(words);
  }

  again.addEventListener("click", (event) => {
    event.preventDefault();
    asked = true;
    said.textContent = "";
    if (!asking) void ask();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    next = 0;
    tick();
    void keepAwake();
  });
  window.addEventListener("online", () => {
    next = 0;
    trouble.hidden = true;
    tick();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) void ask();
  });
  setInterval(tick, 500);
  tick();
  void keepAwake();
}

/** Keep the screen on while the code is looked at; where that cannot be had, nothing is lost. */
async function keepAwake() {
  if (!("wakeLock" in navigator) || document.hidden) return;
  try {
    await navigator.wakeLock.request("screen");
  } catch {
    // A low battery, or a policy of the phone.
  }
}
