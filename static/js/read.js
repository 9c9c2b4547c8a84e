// data-read on a page: once a tab has shown it for a few seconds, its reading is counted, without who or from where.
// The doctors who answered there see the sum.
"use strict";
(() => {
  const SECONDS = 5;
  const address = document.querySelector("[data-read]")?.dataset.read;
  if (!address || !navigator.sendBeacon) return;
  const isCounted = () => { try { return sessionStorage.getItem(address) !== null; } catch { return false; } };
  const count = () => {
    if (document.visibilityState !== "visible" || isCounted()) return;
    try { sessionStorage.setItem(address, "read"); } catch { /* private mode: counted again when it is opened again */ }
    navigator.sendBeacon(address);
  };
  const wait = () => setTimeout(count, SECONDS * 1000);
  wait();
  document.addEventListener("visibilitychange", wait);
})();
