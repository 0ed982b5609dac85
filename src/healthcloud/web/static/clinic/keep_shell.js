// Have this device keep the scan page, without anybody in it, so that a reload during an outage still scans.
if ("serviceWorker" in navigator) {
  void navigator.serviceWorker.register("/scan/worker.js", { scope: "/scan", updateViaCache: "none" }).catch(() => undefined);
  void navigator.storage?.persist?.().catch(() => undefined);
}
