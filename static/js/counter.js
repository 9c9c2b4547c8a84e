// data-counter on a field with maxlength: says how many characters are left, aloud only near the end.
"use strict";
(() => {
  const NEAR = 20;

  // as the server counts: code points, a line break as two characters
  const length = (text) => [...text.replace(/\r?\n/g, "\r\n")].length;

  const wire = (field) => {
    const limit = Number(field.dataset.counter || field.getAttribute("maxlength"));
    if (!limit) return;
    // the browser would cut a pasted text silently, and counts line breaks and emoji otherwise than the server
    field.removeAttribute("maxlength");
    const counter = document.createElement("span");
    counter.className = "counter";
    const say = () => {
      const left = limit - length(field.value);
      counter.textContent = left < 0 ? `${-left} too many` : `${left} left`;
      counter.dataset.state = left < 0 ? "over" : left <= NEAR ? "near" : "";
      counter.setAttribute("aria-live", left <= NEAR ? "polite" : "off");
    };
    field.after(counter);
    field.addEventListener("input", say);
    say();
  };
  document.querySelectorAll("[data-counter]").forEach(wire);
})();
