// A scanner is a keyboard, only faster. What it types, judged: pure but for `listen`, so that timing can be tested.

/** Most milliseconds between two characters of one scan. */
export const BURST_MS = 35;
/** Fewest characters of a scan; fewer are somebody typing. */
export const SHORTEST = 20;
/** How long the same code is the same scan. */
export const SAME_CODE_MS = 3000;
const PLAIN = /^(?:[0-9A-Za-z:._\-/]+|EHC1:[0-9A-Z $%*+\-./:]+)$/;
// A key an input method has taken to itself; no character of any code.
const TAKEN = "\uFFFD";

/** Return a text as the scanner meant it: full-width signs, which an input method makes of plain ones, are folded. */
export const folded = (/** @type {string} */ text) =>
  text.replace(/[\uFF01-\uFF5E]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0)).replaceAll("\u3000", " ").trim();

/**
 * Return the code in what was read, without the prefix a scanner may be set to; null where it holds a sign no code has.
 * @param {string} text @param {string} prefix @returns {string | null}
 */
export function codeIn(text, prefix = "") {
  const plain = folded(text);
  const code = prefix !== "" && plain.startsWith(prefix) ? plain.slice(prefix.length) : plain;
  return code === "" || PLAIN.test(code) ? code : null;
}

/** Keys one after the other, and whether those so far are a scanner's. Times are of the keys, in milliseconds. */
export class Burst {
  #text = "";
  #at = -Infinity;
  #shortest;

  constructor(shortest = SHORTEST) {
    this.#shortest = shortest;
  }

  /** Whether a burst is under way at this instant. @param {number} at */
  runs(at) {
    return this.#text.length > 1 && at - this.#at <= BURST_MS;
  }

  /**
   * Take a key; return the burst it ends, or null. @param {string} key @param {number} at @returns {string | null}
   */
  take(key, at) {
    const quick = at - this.#at <= BURST_MS;
    this.#at = at;
    if (key === "Enter" || key === "Tab") {
      const whole = quick && this.#text.length >= this.#shortest ? this.#text : null;
      this.#text = "";
      return whole;
    }
    const sign = key === "Process" || key === "Unidentified" ? TAKEN : key;
    if (sign.length === 1) this.#text = quick ? this.#text + sign : sign;
    return null;
  }
}

/** Remembers the last code for three seconds. */
export class Repeats {
  #code = "";
  #at = -Infinity;

  /** Whether this very code came just now; it is remembered either way. @param {string} code @param {number} at */
  again(code, at) {
    const same = code === this.#code && at - this.#at < SAME_CODE_MS;
    if (!same) {
      this.#code = code;
      this.#at = at;
    }
    return same;
  }

  /** Forget it: nobody was asked. */
  forget() {
    this.#code = "";
  }
}

/**
 * Hear a document's keys; `scanned` is given each burst. Its end presses nothing, and what it typed into a field that
 * had the focus is taken out again.
 * @param {Document} page @param {(text: string) => void} scanned @param {number} shortest
 */
export function listen(page, scanned, shortest = SHORTEST) {
  const burst = new Burst(shortest);
  page.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const whole = burst.take(event.key, event.timeStamp); // when it was pressed, however late we hear of it
      if (whole === null) return;
      event.preventDefault();
      event.stopPropagation();
      scanned(takenOut(event.target, whole) ?? whole);
    },
    true,
  );
  return burst;
}

/**
 * Take what a burst typed out of the field it went to, and return it as the field has it; null where it has none.
 * @param {EventTarget | null} target @param {string} typed
 */
function takenOut(target, typed) {
  if (!(target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement)) return null;
  const { value } = target;
  if (target.hasAttribute("data-scan-line")) {
    target.value = "";
    return value === "" || value.endsWith(typed) ? null : value; // an input method writes other signs than it was typed
  }
  if (value.endsWith(typed)) target.value = value.slice(0, -typed.length);
  return null;
}
