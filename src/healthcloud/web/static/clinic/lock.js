// A desk left alone is covered and its session locked; what was typed stays under the cover until somebody unlocks it.
const cover = /** @type {HTMLDialogElement | null} */ (document.getElementById("lock"));
const STATE_MS = 60_000;
const USED = "hc_used"; // when somebody last worked in any tab of this desk

/** Note that somebody works here, for every tab. @param {number} at */
function note(at) {
  try {
    localStorage.setItem(USED, String(at));
  } catch {
    // storage is full or shut: each tab counts for itself
  }
}

/** Return when somebody last worked in any tab. */
function noted() {
  try {
    return Number(localStorage.getItem(USED));
  } catch {
    return 0;
  }
}

/** @param {HTMLDialogElement} box */
function guard(box) {
  const form = /** @type {HTMLFormElement} */ (document.getElementById("unlock"));
  const secret = /** @type {HTMLInputElement} */ (document.getElementById("secret"));
  const says = /** @type {HTMLElement} */ (document.getElementById("lock-says"));
  const idle = Number(box.dataset.idle) * 1000;
  let used = Date.now();
  let told = Date.now();
  /** @type {Element | null} */
  let had = null;
  // While the platform is away nothing can be unlocked; scans may go on without anybody's data on the page.
  const goOn = document.getElementById("go-on");
  let owed = false;

  function show() {
    if (box.open) return;
    had = document.activeElement;
    document.body.classList.add("covered");
    secret.value = "";
    says.textContent = "";
    box.showModal();
    secret.focus();
  }

  function hide() {
    document.body.classList.remove("covered");
    used = told = Date.now();
    note(used);
    box.close();
    document.dispatchEvent(new Event("counter-unlocked"));
    if (had instanceof HTMLElement) had.focus();
  }

  function lock() {
    show();
    void fetch("/staff/lock/now", { method: "POST", redirect: "manual", headers: { "Content-Type": "application/x-www-form-urlencoded" } }).catch(() => undefined);
  }

  /** Tell the server that somebody works here, at most once a minute, so that both count the same idle time. */
  async function alive() {
    told = Date.now();
    const answer = await fetch("/staff/lock/state", { credentials: "same-origin" }).catch(() => null);
    if (answer?.ok && !(await answer.json()).awake) show();
  }

  function touched() {
    if (box.open) return;
    const now = Date.now();
    if (now - used > 1000) note(now);
    used = now;
    if (used - told > STATE_MS) void alive();
  }

  /** Cover the page where nobody worked in any tab for so long. */
  function look() {
    if (!box.open && Date.now() - Math.max(used, noted()) >= idle) lock();
  }

  document.addEventListener("counter-away", () => goOn && (goOn.hidden = false));
  document.addEventListener("counter-back", () => {
    if (goOn) goOn.hidden = true;
    if (owed) lock(); // what was put off
    owed = false;
  });
  goOn?.querySelector("button")?.addEventListener("click", () => {
    for (const id of ["result", "last", "late-list"]) document.getElementById(id)?.replaceChildren();
    owed = true;
    hide();
  });

  for (const kind of ["keydown", "pointerdown", "wheel"]) addEventListener(kind, touched, { capture: true, passive: true });
  note(used);
  setInterval(look, 1000);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) look();
  });

  // Esc takes no cover away; a browser lets the second one through.
  box.addEventListener("cancel", (event) => event.preventDefault());
  box.addEventListener("close", () => {
    if (document.body.classList.contains("covered")) box.showModal();
  });
  document.addEventListener(
    "submit",
    (event) => {
      if (!(event.target instanceof HTMLFormElement)) return;
      if (event.target.id === "lock-now") {
        event.preventDefault();
        lock();
      } else if (event.target === form) {
        event.preventDefault();
        void unlock();
      }
    },
    true,
  );

  async function unlock() {
    const body = new URLSearchParams({ secret: secret.value });
    secret.value = "";
    try {
      const answer = await fetch(form.action, { method: "POST", body, redirect: "manual", credentials: "same-origin" });
      if (answer.type !== "opaqueredirect") {
        says.textContent = box.dataset.over ?? "";
        return secret.focus();
      }
      const state = await (await fetch("/staff/lock/state", { credentials: "same-origin" })).json();
      if (state.awake) hide();
      else location.reload(); // the session is over: sign in again
    } catch {
      says.textContent = box.dataset.offline ?? "";
    }
  }
}

if (cover) guard(cover);
