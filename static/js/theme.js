// The theme follows the system until the reader chooses otherwise. Loaded before the styles, so that a
// remembered choice is there at the first paint. "theme" is the key the admin's own script uses too.
"use strict";
(() => {
  const KEY = "theme";
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");

  const remembered = () => {
    try { return localStorage.getItem(KEY); } catch { return null; }
  };
  const remember = (choice) => {
    try { choice ? localStorage.setItem(KEY, choice) : localStorage.removeItem(KEY); } catch { /* private mode */ }
  };
  const systemTheme = () => (system.matches ? "dark" : "light");
  const shown = () => root.dataset.theme || systemTheme();

  const choice = remembered();
  if (choice === "light" || choice === "dark") root.dataset.theme = choice;

  const wire = (button) => {
    const words = button.querySelector("[data-theme-words]") || button;
    const say = () => { words.textContent = shown() === "dark" ? "Light theme" : "Dark theme"; };
    button.hidden = false;
    say();
    system.addEventListener("change", say);
    button.addEventListener("click", () => {
      const next = shown() === "dark" ? "light" : "dark";
      // choosing what the system says anyway means following it again
      if (next === systemTheme()) { delete root.dataset.theme; remember(null); } else { root.dataset.theme = next; remember(next); }
      say();
    });
  };
  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-theme-toggle]").forEach(wire));
})();
