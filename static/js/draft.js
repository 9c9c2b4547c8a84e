// data-draft on a form: what is typed is saved on the server every few seconds, and kept in this browser while that fails.
// Two tabs never overwrite each other: whoever is behind is shown both texts. Signing out empties this browser.
"use strict";
(() => {
  const PREFIX = "draft:";
  const PAUSE_MS = 1500; // after the last key
  const RETRY_MS = 5000;
  const keys = () => { try { return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)); } catch { return []; } };
  const read = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
  const keep = (key, value) => { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* private mode, or full */ } };
  const forget = (key) => { try { localStorage.removeItem(key); } catch { /* nothing was kept */ } };

  document.querySelectorAll("[data-forget-drafts]").forEach((form) => form.addEventListener("submit", () => keys().forEach(forget)));
  // what was sent is forgotten once the server has it
  keys().forEach(async (key) => {
    const kept = read(key);
    if (!kept?.sent || document.querySelector("form[data-draft]")) return;
    const known = await fetch(kept.url).then((answer) => answer.ok ? answer.json() : {}).catch(() => ({}));
    if (known.answered && !known.version) forget(key);
  });

  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const url = form.dataset.draft;
  // a key for each tab: two that lose the connection together keep two texts
  const family = `${PREFIX}${form.dataset.draftKey}:`;
  const tab = () => {
    try { return sessionStorage.tab || (sessionStorage.tab = Math.random().toString(36).slice(2)); } catch { return ""; }
  };
  let key = family + tab();
  // a duplicated tab begins with the name of the one it was made from, which holds the lock
  const hold = () => navigator.locks?.request(key, { ifAvailable: true }, (lock) => {
    if (lock) return new Promise(() => {});
    try { sessionStorage.removeItem("tab"); } catch { return null; }
    key = family + tab();
    hold();
    return null;
  });
  hold();
  const status = form.querySelector("[data-draft-status]");
  const choice = form.querySelector("[data-draft-choice]");
  const reading = form.querySelector("[data-reading]");
  const field = (name) => form.elements.namedItem(name);
  const version = field("draft_version");
  const OWN = new Set(["csrfmiddlewaretoken", "draft_version", "editing", "reply", "doctor"]);

  document.querySelectorAll("[data-draft-words]").forEach((place) => { place.textContent = place.dataset.draftWords; });

  const values = () => Object.fromEntries([...new FormData(form)].filter(([name]) => !OWN.has(name)));
  const same = (one, other) => [...new Set([...Object.keys(one), ...Object.keys(other)])]
    .every((name) => (one[name] || "").replace(/\r\n/g, "\n") === (other[name] || "").replace(/\r\n/g, "\n"));
  const put = (fields) => {
    Object.entries(fields).forEach(([name, value]) => { if (field(name) && !OWN.has(name)) field(name).value = value; });
    form.querySelectorAll("textarea").forEach((area) => area.dispatchEvent(new Event("input", { bubbles: true })));
  };
  // by the clock of whoever reads it
  const clock = (at) => {
    const moment = new Date(at);
    const isToday = moment.toDateString() === new Date().toDateString();
    return moment.toLocaleString([], isToday ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" });
  };
  const say = (...parts) => status.replaceChildren(...parts);
  const link = (words, href) => Object.assign(document.createElement("a"), { textContent: words, href });

  let saved = values(); // what the server has, as far as this tab knows
  let timer = 0;
  let busy = false;
  let stopped = false;

  const keepHere = () => keep(key, { fields: values(), version: Number(version.value), url });
  const later = (wait) => { clearTimeout(timer); timer = setTimeout(save, wait); };
  const signedOut = () => {
    keepHere();
    say("You are signed out. What you typed is kept in this browser: ",
      link("sign in", `/accounts/login/?next=${encodeURIComponent(location.pathname)}`), " and it is here again.");
    later(RETRY_MS);
  };

  const ask = (title, text, ...buttons) => {
    const heading = Object.assign(document.createElement("p"), { className: "notice__title", textContent: title });
    const body = Object.assign(document.createElement("p"), { textContent: text, dir: "auto" });
    const row = Object.assign(document.createElement("div"), { className: "cluster" });
    row.append(...buttons.map(([words, act]) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "button button--quiet", textContent: words });
      button.addEventListener("click", () => { choice.hidden = true; stopped = false; act(); });
      return button;
    }));
    const inside = document.createElement("div");
    inside.append(heading, body, row);
    choice.replaceChildren(inside);
    choice.hidden = false;
    stopped = true;
  };
  const choose = (other) => {
    keepHere();
    say("Not saved: another tab has saved a different text.");
    ask(`Another tab saved a different text at ${clock(other.at)}`, `${other.fields.summary} ${other.fields.body}`.trim().slice(0, 600),
      ["Keep the text of this tab", () => { version.value = other.version; later(0); }],
      ["Take the other text", () => { version.value = other.version; put(other.fields); saved = values(); forget(key); say("This is the other text."); }]);
  };

  const post = async () => {
    const body = new URLSearchParams(new FormData(form));
    return fetch(url, { method: "POST", body, redirect: "manual" });
  };
  // signing in again changes the token that a form needs
  const renewed = async () => {
    const answer = await fetch(url, { redirect: "manual" });
    if (!answer.ok) return false;
    field("csrfmiddlewaretoken").value = (await answer.json()).token;
    return true;
  };
  const save = async () => {
    const now = values();
    if (busy) { later(PAUSE_MS); return; }
    if (stopped || same(now, saved)) return;
    busy = true;
    try {
      let answer = await post();
      if (answer.status === 403 && await renewed()) answer = await post();
      await heard(answer, now);
    } catch {
      keepHere();
      say("No connection: what you typed is kept in this browser and saved as soon as there is one.");
      later(RETRY_MS);
    }
    busy = false;
  };
  const heard = async (answer, now) => {
    if (answer.status === 401 || answer.status === 403 || answer.type === "opaqueredirect") { signedOut(); return; }
    if (answer.status >= 500) throw new Error(answer.status);
    const told = await answer.json();
    if (answer.status === 409 && told.answered) {
      stopped = true;
      keepHere();
      say("You have answered this question already, perhaps in another tab. What you typed stays here: ", link("open your answer", told.url), ".");
    } else if (answer.status === 409) {
      choose(told);
    } else {
      saved = now;
      version.value = told.version;
      if (reading) reading.textContent = told.reading;
      say(`Draft saved at ${clock(told.at)}.`);
      if (same(values(), now)) forget(key); else later(PAUSE_MS);
    }
  };

  form.addEventListener("input", () => { keepHere(); if (!stopped) later(PAUSE_MS); });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    // an edit stays until the form begins with it: that there is an answer does not say that it has arrived
    keep(key, { fields: values(), version: Number(version.value), url, sent: !field("editing") });
  });
  window.addEventListener("online", () => later(0));
  window.addEventListener("focus", () => { if (!same(values(), saved)) later(0); });

  form.querySelector("[data-insert]")?.addEventListener("click", (event) => {
    event.preventDefault();
    const list = form.querySelector("[data-replies]");
    const area = document.getElementById(list.dataset.replies);
    area.setRangeText(list.selectedOptions[0].dataset.text, area.selectionStart, area.selectionEnd, "end");
    area.focus();
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });

  const known = status.querySelector("time");
  say(known ? `Draft saved at ${clock(known.dateTime)}.` : "What you type is saved by itself as a draft.");

  const offer = (from) => {
    const kept = read(from);
    if (!kept) return;
    const take = () => { put(kept.fields); if (from !== key) forget(from); later(0); };
    if (same(kept.fields, saved)) {
      forget(from);
    } else if (kept.version === Number(version.value)) {
      take();
      say("What this browser had kept is here again.");
    } else {
      ask("This browser has kept another text", `${kept.fields.summary || ""} ${kept.fields.body || ""}`.trim().slice(0, 600),
        ["Put it into the form", take], ["Throw it away", () => forget(from)]);
    }
  };
  // its own first; what a closed tab has left is offered one at a time
  offer(keys().includes(key) ? key : keys().find((one) => one.startsWith(family)));
})();
