// data-focus-on-load: the list of mistakes takes the focus, so that it is the first thing heard after a refused form.
"use strict";
document.querySelector("[data-focus-on-load]")?.focus();
