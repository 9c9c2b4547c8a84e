// data-print on a hidden button: shown where it works, in the place of the hint.
"use strict";
document.querySelectorAll("[data-print]").forEach((button) => {
  document.querySelector("[data-print-hint]")?.remove();
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
