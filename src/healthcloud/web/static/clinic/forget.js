// This browser is no terminal any more: what it kept for an outage goes, and how much that was is said.
import { wipe } from "./unverified.js";

const registered = await navigator.serviceWorker?.getRegistration("/scan");
await registered?.unregister();
await globalThis.caches?.delete("hc-scan");
const lost = await wipe().catch(() => 0);
const says = document.getElementById("lost");
if (says && lost > 0) {
  says.textContent = (says.dataset.lost ?? "").replace("{count}", String(lost));
  says.hidden = false;
}
