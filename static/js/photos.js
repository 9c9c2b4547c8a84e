// data-photos on a tray: pictures are sent one by one while one goes on writing, dragged into order, changed in a dialog.
// data-photo-form on a picture’s page: what is to be covered is drawn with a finger or a mouse.
"use strict";
(() => {
  const AT_ONCE = 2;
  const make = (name, properties, ...inside) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...inside);
    return element;
  };
  const button = (words, act, more = {}) => {
    const made = make("button", { type: "button", className: "button button--quiet", textContent: words, ...more });
    made.addEventListener("click", act);
    return made;
  };

  // drawing: each stroke is an area to cover; with four numbers of one edge each, as the server wants them
  const wireStage = (form) => {
    const stage = form?.querySelector("[data-photo-stage]");
    if (!stage) return;
    const fields = stage.querySelector("[data-photo-fields]");
    const draw = (wanted) => { fields.hidden = wanted; stage.toggleAttribute("data-drawing", wanted); };
    const byKeys = button("Mark by keyboard instead", () => draw(!fields.hidden));
    draw(![...fields.querySelectorAll("input")].some((field) => field.checked));
    const drawn = make("div", { className: "cluster" });
    stage.before(make("p", { className: "small", textContent: "Draw over what nobody should see: press, pull, let go." }));
    stage.after(make("div", { className: "cluster" }, byKeys), drawn);
    let begun = null;
    let area = null;
    const at = (event) => {
      const box = stage.getBoundingClientRect();
      const share = (value) => Math.min(Math.max(value, 0), 1);
      return [share((event.clientX - box.left) / box.width), share((event.clientY - box.top) / box.height)];
    };
    const sides = (one, other) => [Math.min(one[0], other[0]), Math.min(one[1], other[1]), Math.max(one[0], other[0]), Math.max(one[1], other[1])];
    const put = (element, [left, top, right, bottom]) => Object.assign(element.style, {
      left: `${left * 100}%`, top: `${top * 100}%`, width: `${(right - left) * 100}%`, height: `${(bottom - top) * 100}%`,
    });
    stage.addEventListener("pointerdown", (event) => {
      if (!fields.hidden || begun || event.button) return;
      event.preventDefault();
      stage.setPointerCapture(event.pointerId);
      begun = at(event);
      area = make("div", { className: "change__area" });
      stage.append(area);
    });
    stage.addEventListener("pointermove", (event) => begun && put(area, sides(begun, at(event))));
    const end = (event) => {
      if (!begun) return;
      const found = sides(begun, at(event));
      const shown = area;
      begun = null;
      if (event.type !== "pointerup" || found[2] - found[0] < 0.01 || found[3] - found[1] < 0.01) { shown.remove(); return; }
      shown.append(make("input", { type: "hidden", name: "area", value: found.map((share) => share.toFixed(4)).join(",") }));
      const undo = button(`Take area ${drawn.children.length + 1} back`, () => { shown.remove(); undo.remove(); });
      drawn.append(undo);
    };
    stage.addEventListener("pointerup", end);
    stage.addEventListener("pointercancel", end);
  };
  wireStage(document.querySelector("[data-photo-page] [data-photo-form]"));

  const wireTray = (tray) => {
    const { photos: url, name, atMost } = tray.dataset;
    const form = tray.closest("form");
    const items = tray.querySelector("[data-photos-items]");
    const sending = tray.querySelector("[data-photos-sending]");
    const input = tray.querySelector("input[type=file]");
    const status = tray.querySelector("[data-photos-status]");
    const token = () => form.elements.namedItem("csrfmiddlewaretoken");
    const waiting = [];
    let busy = 0;
    let turns = 0;
    const say = (words) => { status.textContent = words; };
    const number = () => [...items.children].forEach((item, place) => {
      item.draggable = true;
      item.querySelectorAll("[data-number]").forEach((part) => { part.textContent = place + 1; });
    });

    // two at a time; whoever has come to an end lets the next one go
    const next = () => {
      while (busy < AT_ONCE && waiting.length) { busy += 1; send(waiting.shift()); }
    };
    const done = () => { busy -= 1; next(); };
    const refuse = (row, words) => {
      const again = button("Try again", () => { row.replaceChildren(); begin(row); });
      const away = button("Leave it out", () => { row.remove(); input.focus(); });
      row.replaceChildren(make("span", {}, `“${row.file.name}”: ${words}`), again, away);
      row.firstChild.dataset.refused = "";
      say(`“${row.file.name}”: ${words}`);
      done();
    };
    // in the order in which they were chosen, whichever arrives first
    const place = (html, turn) => {
      items.insertAdjacentHTML("beforeend", html);
      const item = items.lastElementChild;
      item.dataset.turn = turn;
      const after = [...items.children].find((other) => Number(other.dataset.turn) > turn);
      if (after) after.before(item);
    };
    const send = (row) => {
      if (items.children.length + busy > Number(atMost)) { refuse(row, `There is room for ${atMost} pictures. Remove another one first.`); return; }
      const request = new XMLHttpRequest();
      const bar = make("progress", { max: 1, value: 0 });
      bar.setAttribute("aria-label", row.file.name);
      row.replaceChildren(make("span", { textContent: row.file.name }), bar, button("Cancel", () => request.abort()));
      const body = new FormData();
      body.set("csrfmiddlewaretoken", token().value);
      body.set("name", name);
      if ("words" in tray.dataset) body.set("words", "1");
      body.set("file", row.file);
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable && event.loaded < event.total) bar.value = event.loaded / event.total; else bar.removeAttribute("value");
      });
      request.addEventListener("load", () => {
        if (request.status === 201) {
          place(request.responseText, row.turn);
          row.remove();
          number();
          say(`“${row.file.name}” is added: ${items.children.length} of ${atMost}.`);
          done();
        } else if (request.status === 403 && !row.renewed) {
          row.renewed = true; // signing in again changes the token that a form needs
          fetch(url).then((answer) => answer.text().then((words) => {
            if (!answer.ok) { refuse(row, words); return; }
            token().value = words.trim();
            send(row);
          })).catch(() => refuse(row, "There is no connection. Try again when there is."));
        } else {
          const plain = (request.getResponseHeader("Content-Type") || "").startsWith("text/plain");
          refuse(row, plain ? request.responseText.trim() : "It could not be sent just now. Try again in a minute.");
        }
      });
      request.addEventListener("error", () => refuse(row, "The connection was lost. Try again when there is one."));
      request.addEventListener("abort", () => { say(`“${row.file.name}” is left out.`); row.remove(); done(); });
      request.open("POST", url);
      request.send(body);
    };
    const begin = (row) => {
      row.renewed = false;
      row.append(make("span", { textContent: `${row.file.name}: waiting` }));
      waiting.push(row);
      next();
    };
    const take = (files) => [...files].forEach((file) => {
      const row = make("li", { file, turn: turns += 1 });
      sending.append(row);
      begin(row);
    });
    tray.querySelector(`[name=${name}-add]`).hidden = true;
    input.addEventListener("change", () => { take(input.files); input.value = ""; });
    form.addEventListener("submit", (event) => {
      if (!busy || event.submitter?.closest("[data-photos]")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      say("Pictures are still being sent. Wait until they are, or cancel them.");
      sending.scrollIntoView({ block: "center" });
    }, true);

    // order: buttons for the keyboard and for fingers, dragging for a mouse
    items.addEventListener("click", (event) => {
      const pressed = event.target.closest("button[name]");
      const item = event.target.closest("[data-photo]");
      const change = event.target.closest("[data-photo-change]");
      if (change) { event.preventDefault(); open(change.href, item); return; }
      if (!pressed || pressed.name === `${name}-drop`) return;
      event.preventDefault();
      const earlier = pressed.name === `${name}-earlier`;
      const other = earlier ? item.previousElementSibling : item.nextElementSibling;
      if (other && earlier) other.before(item); else if (other) other.after(item);
      number();
      pressed.focus();
      say(`This is picture ${[...items.children].indexOf(item) + 1} of ${items.children.length} now.`);
    });
    let dragged = null;
    items.addEventListener("dragstart", (event) => {
      dragged = event.target.closest?.("[data-photo]");
      if (dragged) dragged.dataset.dragged = "";
    });
    items.addEventListener("dragend", () => {
      dragged?.removeAttribute("data-dragged");
      dragged = null;
      number();
    });
    tray.addEventListener("dragover", (event) => {
      const over = event.target.closest("[data-photo]");
      event.preventDefault();
      if (!dragged) { tray.dataset.over = ""; return; }
      if (!over || over === dragged) return;
      const box = over.getBoundingClientRect();
      if (event.clientY < box.top + box.height / 2) over.before(dragged); else over.after(dragged);
    });
    tray.addEventListener("dragleave", () => tray.removeAttribute("data-over"));
    tray.addEventListener("drop", (event) => {
      event.preventDefault();
      tray.removeAttribute("data-over");
      if (!dragged) take(event.dataTransfer.files);
    });

    // the page of one picture, without leaving the form
    const open = async (href, item) => {
      const part = `${href}?part`;
      const inside = make("div");
      const shut = button("Back to the form", () => dialog.close());
      const dialog = make("dialog", { className: "dialog" }, inside, shut);
      dialog.setAttribute("aria-label", "Turn, cut or cover your picture");
      const show = async (answer) => {
        if (!(answer.headers.get("Content-Type") || "").startsWith("text/html") || answer.redirected || answer.status >= 500) throw new Error(answer.status);
        inside.innerHTML = await answer.text();
        wireStage(inside.querySelector("[data-photo-form]"));
        inside.querySelector("[data-focus-on-load]")?.focus();
      };
      const trouble = () => inside.append(make("p", { className: "errorlist", role: "alert", textContent: "That did not work: there is no connection, or you are signed out. Try again." }));
      inside.addEventListener("submit", (event) => {
        event.preventDefault();
        fetch(part, { method: "POST", body: new FormData(event.target, event.submitter) }).then(show).catch(trouble);
      });
      dialog.addEventListener("close", () => {
        const picture = inside.querySelector("[data-photo-stage] .photo");
        if (picture) item.querySelector("[data-photo-picture]").replaceChildren(picture);
        dialog.remove();
        item.querySelector("[data-photo-change]").focus();
      });
      form.after(dialog);
      dialog.showModal();
      fetch(part).then(show).catch(trouble);
    };
    number();
  };
  document.querySelectorAll("[data-photos]").forEach(wireTray);
})();
