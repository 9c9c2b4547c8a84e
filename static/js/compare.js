// data-compare on two pictures of one size: style sheets lay the second over the first where a page has scripts, and this
// moves the line between them, by the range below (keyboard), by a pointer or by a thumb; data-compare-apart puts them
// side by side. Without a script they stand side by side from the start.
"use strict";
(() => {
  const words = (before) => {
    if (before === 0) return "Only the picture after";
    if (before === 100) return "Only the picture before";
    return `${before} per cent before, ${100 - before} per cent after`;
  };

  document.querySelectorAll("[data-compare]").forEach((pair) => {
    const range = pair.querySelector("[data-compare-range]");
    const apart = pair.querySelector("[data-compare-apart]");
    const pictures = pair.querySelector("[data-compare-pictures]");

    const show = (share) => {
      pair.style.setProperty("--before", `${share}%`);
      range.setAttribute("aria-valuetext", words(Number(range.value)));
    };
    const follow = (event) => {
      if ("apart" in pair.dataset) return;
      const box = pictures.getBoundingClientRect();
      const share = Math.min(100, Math.max(0, (100 * (event.clientX - box.left)) / box.width));
      range.value = share;
      show(share);
    };

    range.addEventListener("input", () => show(range.value));
    pictures.addEventListener("pointerdown", (event) => {
      if (event.button === 0 && !("apart" in pair.dataset)) pictures.setPointerCapture(event.pointerId);
    });
    pictures.addEventListener("pointermove", (event) => { if (pictures.hasPointerCapture(event.pointerId)) follow(event); });
    pictures.addEventListener("click", follow);
    apart.addEventListener("click", () => {
      const isApart = pair.toggleAttribute("data-apart");
      apart.setAttribute("aria-pressed", isApart);
      range.disabled = isApart;
    });
    // browsers remember where a range stood
    show(range.value);
  });
})();
