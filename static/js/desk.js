// The desk by keyboard: data-key on a button, link or summary names its keys, data-key-reason asks for a reason first.
// Nothing here is needed: every key presses what stands on the page, and every access key does without a script.
"use strict";
(() => {
  const FIELDS = "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=submit], [type=button])";
  const RENEW_MS = 60000; // a claim lasts fifteen minutes; whoever does something within them keeps it
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const keyed = (key) => all("[data-key]").find((element) => element.dataset.key.split(" ").includes(key));

  // the press is chosen, the reason comes first, Ctrl or Cmd with Enter sends it
  const arm = (button) => {
    const form = button.form;
    all("[data-armed]", form).forEach((other) => other.removeAttribute("data-armed"));
    button.dataset.armed = "";
    form.querySelector("[data-desk-status]").textContent = `${button.textContent.trim()}: choose or write the reason, then Ctrl or Cmd with Enter.`;
    form.querySelector("[name=reason_code], [name=reason]").focus();
  };
  const send = (form) => {
    const buttons = all("button[type=submit]", form);
    const button = form.querySelector("[data-armed]") ?? (buttons.length === 1 ? buttons[0] : null);
    if (button) { form.requestSubmit(button); return; }
    const status = form.querySelector("[data-desk-status]");
    if (status) status.textContent = "Nothing is chosen yet: leave this field with Escape and press the key of a decision, or press its button.";
  };
  const firstField = (root) => root.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  const press = (element) => {
    if ("keyReason" in element.dataset) { arm(element); return; }
    element.click();
    if (element.matches("summary")) setTimeout(() => element.parentElement.open && firstField(element.parentElement));
    const place = element.hash && document.querySelector(element.hash);
    if (place) firstField(place.closest("section"));
  };

  // in the queue the cursor is the focus: Enter opens by itself
  const lines = all("[data-desk-queue] > li");
  const move = (step) => {
    const here = lines.findIndex((line) => line.contains(document.activeElement));
    const there = here < 0 ? (step > 0 ? 0 : lines.length - 1) : Math.min(Math.max(here + step, 0), lines.length - 1);
    lines[there].querySelector("h2 a").focus();
  };
  const tick = () => lines.find((line) => line.contains(document.activeElement))?.querySelector("[type=checkbox]")?.click();
  const inQueue = lines.length ? { j: () => move(1), k: () => move(-1), x: tick } : {};

  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (event.isComposing || event.defaultPrevented) return;
    if (key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = target.closest("form");
      if (form && !event.repeat && form.method === "post") { event.preventDefault(); send(form); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const open = document.querySelector("[popover]:popover-open");
    if (target.closest(FIELDS)) {
      if (key === "Escape" && !open) target.blur();
      return;
    }
    if (open && key !== "?") return;
    const act = inQueue[key];
    const element = act ? null : keyed(key);
    if (!act && !element) return;
    event.preventDefault();
    // a key held down moves the cursor, and decides nothing a second time
    if (act) act(); else if (!event.repeat) press(element);
  });
  all("[popover]").forEach((popover) => popover.addEventListener("toggle", (event) => event.newState === "open" && popover.focus()));

  const claim = document.querySelector("form[data-desk-claim]");
  if (!claim) return;
  let renewed = Date.now();
  const renew = () => {
    if (Date.now() - renewed < RENEW_MS) return;
    renewed = Date.now();
    const body = new URLSearchParams(new FormData(claim));
    body.set("do", "renew");
    fetch(claim.action, { method: "POST", body, keepalive: true }).catch(() => { /* it ends by itself */ });
  };
  ["keydown", "pointerdown", "wheel"].forEach((sign) => document.addEventListener(sign, renew, { passive: true }));
})();
