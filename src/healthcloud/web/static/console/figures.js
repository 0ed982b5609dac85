// The overview follows what happens: a stream while there is one, else a question every few seconds. Without script the
// page is as fresh as it was when it was asked for.

const ASK_MS = 5000;
const LONGEST_MS = 60000;
const board = document.getElementById("board");
const told = document.getElementById("live-state");

/** @param {"live" | "asking" | "ended"} how */
function say(how) {
  const text = told?.dataset[how] ?? "";
  if (told !== null && told.textContent !== text) told.textContent = text;
}

/** Put the new numbers in place; what was opened stays open, what had the focus keeps it. @param {string} html */
function show(html) {
  if (board === null) return;
  const open = [...board.querySelectorAll("details[open]")].map((one) => one.id);
  const focused = board.contains(document.activeElement) ? document.activeElement?.getAttribute("href") : null;
  board.innerHTML = html;
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  const again = focused ? board.querySelector(`a[href="${CSS.escape(focused)}"]`) : null;
  if (again instanceof HTMLElement) again.focus({ preventScroll: true });
}

/** @param {string} address */
function ask(address) {
  let wait = ASK_MS;
  const again = async () => {
    try {
      const after = encodeURIComponent(board?.dataset.state ?? "");
      const answer = await fetch(`${address}?after=${after}`, { headers: { Accept: "application/json" } });
      if (answer.status === 401 || answer.status === 403) return say("ended");
      if (!answer.ok) throw new Error(String(answer.status));
      const { state, html } = await answer.json();
      if (html !== null) show(html);
      if (board !== null) board.dataset.state = state;
      wait = ASK_MS;
      say("asking");
    } catch {
      wait = Math.min(wait * 2, LONGEST_MS);
    }
    setTimeout(again, wait);
  };
  setTimeout(again, wait);
}

/** @param {string} address */
function follow(address) {
  const stream = new EventSource(address);
  let failures = 0;
  stream.addEventListener("figures", (event) => {
    failures = 0;
    show(JSON.parse(event.data).html);
    if (board !== null) board.dataset.state = event.lastEventId;
    say("live");
  });
  stream.addEventListener("end", () => {
    stream.close();
    say("ended");
  });
  stream.addEventListener("error", () => {
    failures += 1;
    if (stream.readyState !== EventSource.CLOSED && failures < 3) return;
    stream.close();
    ask(address);
  });
}

const address = board?.dataset.live;
if (address) {
  if ("EventSource" in window) follow(address);
  else ask(address);
}
