// data-keep on the link to the page that keeps a thread: a button instead, which sends that page's form in place.
// Only a browser that has kept something asks what: this page is the same for everybody and does not say.
"use strict";
(() => {
  const HINT = "kept";
  const remember = () => { try { localStorage.setItem(HINT, "yes"); } catch { /* private mode */ } };
  const hasKept = () => { try { return localStorage.getItem(HINT) !== null; } catch { return false; } };

  if (document.querySelector("[data-kept-here]")) remember();
  const link = document.querySelector("a[data-keep]");
  if (!link) return;

  const status = document.querySelector("[data-keep-status]");
  const button = document.createElement("button");
  button.type = "button";
  button.className = link.className;
  button.textContent = link.textContent;
  const isKept = () => button.getAttribute("aria-pressed") === "true";
  const mark = (kept) => button.setAttribute("aria-pressed", String(kept));
  mark(false);
  link.replaceWith(button);

  const send = async () => {
    const page = new DOMParser().parseFromString(await (await fetch(link.href)).text(), "text/html");
    const body = new URLSearchParams(new FormData(page.querySelector("main form")));
    body.set("keep", isKept() ? "no" : "yes");
    const answer = await fetch(link.href, { method: "POST", body });
    if (!answer.ok) throw new Error(answer.status);
  };
  button.addEventListener("click", async () => {
    if (button.ariaBusy === "true") return;
    button.ariaBusy = "true";
    try {
      await send();
      mark(!isKept());
      status.textContent = isKept() ? "Kept in this browser." : "Taken off your list.";
      if (isKept()) remember();
    } catch {
      location.assign(link.href); // the page itself says what is the matter
    }
    button.ariaBusy = "false";
  });

  if (hasKept()) {
    fetch("/me/saved/here/").then((answer) => answer.json()).then(({ kept }) => {
      if (kept.includes(Number(link.dataset.keep))) { mark(true); status.textContent = "Kept in this browser."; }
    }).catch(() => { /* unmarked, and still of use */ });
  }
})();
