// A menu is a <details> and works without this; with it, Escape and a press elsewhere close it.
"use strict";
(() => {
  const open = () => [...document.querySelectorAll("details[data-menu][open]")];

  document.addEventListener("keydown", (event) => {
    const innermost = open().pop();
    if (event.key !== "Escape" || !innermost) return;
    innermost.open = false;
    innermost.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => {
    open().filter((menu) => !menu.contains(event.target)).forEach((menu) => { menu.open = false; });
  });
})();
