// Signing out takes everything along that this phone keeps of cards: first here, then the phone's place at the city. The
// answer of signing out clears this site's storage too, in browsers that know how.

import { remove } from "./card_phone.js";
import { everyKept, forgetAll } from "./phone_kept.js";

const LONGEST = 3_000;

for (const form of document.querySelectorAll('form[action="/sign-out"]')) {
  form.addEventListener("submit", (event) => {
    if (!(form instanceof HTMLFormElement) || !navigator.onLine) return;
    event.preventDefault();
    event.stopPropagation();
    void taken().finally(() => form.submit());
  });
}

async function taken() {
  const kept = await everyKept();
  await forgetAll();
  const removed = Promise.allSettled(kept.map(remove));
  await Promise.race([removed, new Promise((go) => setTimeout(go, LONGEST))]);
}
