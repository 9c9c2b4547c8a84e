// data-country-form: the reader's country is remembered in a cookie that only this script writes and reads, and what it
// changes (data-country-part) is fetched: the page that everybody gets stays the same. Without a script the form
// itself leads to the same page for that country.
"use strict";
(() => {
  const NAME = "country";
  const YEAR = 31536000;
  // every page has the numbers and the choice; pages without more take them from one that is quick everywhere
  const ANYWHERE = "/trust/";
  const OWN = '[data-country-part]:not([data-country-part="numbers"])';
  // a page whose address has other parameters has no form: its country stands on the footer
  const here = document.querySelector("[data-country]");
  if (!here) return;

  const main = document.querySelector("main");
  const remembered = () => (document.cookie.match(/(?:^|;\s*)country=([A-Z]{2})(?:;|$)/) || [])[1];
  const remember = (code) => {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `${NAME}=${code}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`;
  };

  const fetched = async (address, code) => {
    const url = new URL(address, location.href);
    url.hash = "";
    url.searchParams.set(NAME, code);
    const response = await fetch(url, { credentials: "same-origin" });
    if (!response.ok) return null;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return page.querySelector(`[data-country="${code}"]`) ? page : null;
  };

  const swap = (part, page) => {
    const next = page.querySelector(`[data-country-part="${part.dataset.countryPart}"]`);
    if (!next || part.isEqualNode(next)) return false;
    const held = part.contains(document.activeElement);
    const fresh = document.importNode(next, true);
    // what stands below must not jump up
    if (getComputedStyle(part).display !== "inline") fresh.style.minBlockSize = `${part.offsetHeight}px`;
    part.replaceWith(fresh);
    if (held) fresh.querySelector("summary, select")?.focus();
    return main.contains(fresh);
  };

  let turn = 0;
  const show = async (code) => {
    const mine = ++turn;
    const own = main.querySelector(OWN) ? await fetched(location.href, code) : null;
    const page = own || await fetched(ANYWHERE, code);
    if (mine !== turn) return;
    if (!page) throw new Error("no page for this country");
    Object.assign(here.dataset, page.querySelector("[data-country]").dataset);
    const changed = [...document.querySelectorAll("[data-country-part]")].filter((part) => swap(part, page));
    if (changed.length) document.querySelector("[data-country-said]").textContent = `Shown for: ${here.dataset.countryName}`;
  };

  document.addEventListener("submit", (event) => {
    // names of parameters stand in the form as fields, and a field may hide what a form can do
    const form = event.target;
    if (!Element.prototype.matches.call(form, "[data-country-form]")) return;
    event.preventDefault();
    const code = Element.prototype.querySelector.call(form, "select").value;
    remember(code);
    const url = new URL(location.href);
    url.searchParams.delete(NAME);
    history.replaceState(history.state, "", url);
    show(code).catch(() => HTMLFormElement.prototype.submit.call(form));
  });

  // an address that names a country wins over what is remembered
  const code = remembered();
  if (code && code !== here.dataset.country && !new URL(location.href).searchParams.has(NAME)) show(code).catch(() => {});
})();
