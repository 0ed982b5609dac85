// A scanner types like a keyboard, only faster. Wherever the focus is, a burst of characters that ends with Enter is a
// scan; its Enter presses no button. Without this script the form works by itself.
const BURST_MS = 35;
const SHORTEST = 20;
const SAME_CODE_MS = 3000;
const PLAIN = /^[0-9A-Za-z:._/+-]+$/;

const form = document.getElementById("scan");
const line = document.getElementById("code");
const hint = document.getElementById("hint");
const usual = hint.textContent;
const last = { code: "", at: 0 };
let burst = "";
let typedAt = 0;
let busy = false;

/** Full-width letters and digits are what a Chinese input method makes of plain ones. @param {string} text */
const folded = (text) => text.replace(/[！-～]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0)).trim();

/** @param {string} words @param {boolean} wrong */
function say(words, wrong) {
  hint.textContent = words;
  hint.classList.toggle("wrong", wrong);
}

function ready() {
  line.value = "";
  burst = "";
  if (!document.getElementById("fact")) line.focus();
}

/** Send a form and put its answer's result in place of the one shown. @param {HTMLFormElement} sent */
async function show(sent) {
  if (busy) return;
  busy = true;
  try {
    const body = new URLSearchParams(new FormData(sent));
    const answer = await fetch(sent.action, { method: "POST", body, credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const result = page.getElementById("result");
    if (result === null) return location.reload(); // signed out meanwhile, or bound elsewhere
    document.getElementById("result").replaceChildren(...result.childNodes);
    document.title = page.title;
    say(usual, false);
  } catch {
    say(form.dataset.offline, true);
  } finally {
    busy = false;
    ready();
  }
}

/** @param {string} text what the scanner read */
function scan(text) {
  const code = folded(text);
  if (code === "") return;
  if (!PLAIN.test(code)) {
    say(form.dataset.wrong, true);
    ready();
    return;
  }
  const now = performance.now();
  if (code === last.code && now - last.at < SAME_CODE_MS) return ready();
  Object.assign(last, { code, at: now });
  line.value = code;
  void show(form);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  scan(line.value);
});

document.addEventListener("submit", (event) => {
  if (event.target instanceof HTMLFormElement && event.target.id === "fact") {
    event.preventDefault();
    void show(event.target);
  }
});

document.addEventListener("keydown", (event) => {
  if (event.target === line || event.ctrlKey || event.altKey || event.metaKey) return;
  const now = event.timeStamp; // when the key was pressed, however late we hear of it
  if (event.key === "Enter" || event.key === "Tab") {
    if (burst.length >= SHORTEST && now - typedAt <= BURST_MS) {
      event.preventDefault();
      scan(burst);
    }
    burst = "";
  } else if (event.key.length === 1) {
    burst = now - typedAt <= BURST_MS ? burst + event.key : event.key;
  }
  typedAt = now;
});
