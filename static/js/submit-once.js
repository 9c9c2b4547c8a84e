// data-submit-once on a form: a second press while the first is under way sends nothing.
"use strict";
(() => {
  const PATIENCE_MS = 15000; // then the person may try again: the answer may never come

  const release = (form) => {
    delete form.dataset.sending;
    form.querySelectorAll("[type=submit][aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
  };
  const forms = document.querySelectorAll("form[data-submit-once]");
  forms.forEach((form) => form.addEventListener("submit", (event) => {
    if (form.dataset.sending) { event.preventDefault(); return; }
    form.dataset.sending = "true";
    // not disabled: a disabled button would take its own name and value out of what is sent
    form.querySelectorAll("[type=submit]").forEach((button) => button.setAttribute("aria-disabled", "true"));
    setTimeout(release, PATIENCE_MS, form);
  }));
  // coming back by the back button finds the form ready
  window.addEventListener("pageshow", () => forms.forEach(release));
})();
