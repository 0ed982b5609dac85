// Keeps a part of a page fresh: asks for the page again and puts the same part of it in place of the one shown.

/**
 * @param {string} id of the part
 * @param {number} seconds between two looks; none while the page is hidden
 * @param {(fresh: boolean) => void} [told] whether the last look succeeded
 * @returns {() => void} ends it
 */
export function refresh(id, seconds, told = () => {}) {
  const timer = setInterval(() => void look(), seconds * 1000);
  const seen = () => {
    if (!document.hidden) void look();
  };
  document.addEventListener("visibilitychange", seen);

  async function look() {
    if (document.hidden) return;
    const part = document.getElementById(id);
    if (part === null || part.contains(document.activeElement)) return; // never under somebody's hands
    try {
      const answer = await fetch(location.href, { credentials: "same-origin", headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = page.getElementById(id);
      if (!answer.ok || next === null) return told(false);
      part.replaceChildren(...next.childNodes);
      told(true);
    } catch {
      told(false);
    }
  }

  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", seen);
  };
}
