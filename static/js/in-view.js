// data-current-in-view: of a line of links that scrolls sideways, the one of the page that is open is not out of sight.
"use strict";
document.querySelectorAll("[data-current-in-view]").forEach((line) => {
  const current = line.querySelector("[aria-current]");
  if (current) line.scrollLeft += current.getBoundingClientRect().right - line.getBoundingClientRect().right + line.clientWidth / 3;
});
