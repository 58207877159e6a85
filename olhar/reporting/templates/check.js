// Decisions about pictures, kept in this page, and the keep list that they make. Every text is set as text, never as HTML.
"use strict";

const $ = (id) => document.getElementById(id);
const cards = [...document.querySelectorAll(".card[data-row]")];
const holder = $("data");
for (const note of document.querySelectorAll(".script-off")) note.hidden = true;
if (holder && "DecompressionStream" in window) begin(JSON.parse(holder.textContent));

async function begin(about) {
  const list = JSON.parse(await inflated(about.data));
  const say = (key, values = {}) => about.texts[key].replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
  const number = new Intl.NumberFormat(about.language);
  const suggested = new Set(list.dropped);
  const decisions = remembered(about.key);
  let keys = true;

  // A decision is "keep", "drop" or the index of a class; without one the suggestion of the check stands in the list.
  const outcome = (row) => decisions.get(row) ?? (suggested.has(row) ? "drop" : "keep");

  // The same decision again takes it back.
  function decide(card, what) {
    const row = Number(card.dataset.row);
    const meant = what === list.labels[row] ? "keep" : what;
    if (decisions.get(row) === meant) decisions.delete(row);
    else decisions.set(row, meant);
    remember(about.key, decisions);
    for (const other of cards) if (other.dataset.row === card.dataset.row) show(other);
    count();
  }

  function controls(card) {
    const box = add(card, "div", "act");
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", say("actions"));
    for (const what of ["keep", "drop"]) {
      const button = add(box, "button", what, say(what));
      button.type = "button";
      button.addEventListener("click", () => decide(card, what));
    }
    if (card.dataset.proposed !== undefined) {
      const proposed = Number(card.dataset.proposed);
      const button = add(box, "button", "proposed", say("as_proposed", { name: list.names[proposed] }));
      button.type = "button";
      button.title = list.names[proposed];
      button.addEventListener("click", () => decide(card, proposed));
    }
    const select = add(box, "select", "other");
    select.setAttribute("aria-label", say("label"));
    add(select, "option", "", say("choose")).value = "";
    for (const open of ["pointerdown", "focus"]) select.addEventListener(open, () => fill(card, select), { once: true });
    select.addEventListener("change", () => select.value !== "" && decide(card, Number(select.value)));
    select.addEventListener("keydown", (event) => event.key === "Escape" && card.focus());
  }

  function fill(card, select) {
    if (select.length > 1) return;
    list.names.forEach((name, label) => {
      if (label !== Number(card.dataset.label)) add(select, "option", "", name).value = String(label);
    });
    show(card);
  }

  function show(card) {
    const row = Number(card.dataset.row);
    const what = decisions.get(row);
    const label = typeof what === "number" ? what : null;
    card.classList.toggle("dropped", what === "drop");
    card.classList.toggle("suggested", what === undefined && suggested.has(row));
    card.classList.toggle("relabelled", label !== null);
    card.querySelector(".keep").setAttribute("aria-pressed", String(what === "keep"));
    card.querySelector(".drop").setAttribute("aria-pressed", String(what === "drop"));
    card.querySelector(".proposed")?.setAttribute("aria-pressed", String(label !== null && String(label) === card.dataset.proposed));
    const select = card.querySelector("select");
    if (label !== null) fill(card, select);
    select.value = label === null ? "" : String(label);
    select.classList.toggle("chosen", label !== null && String(label) !== card.dataset.proposed);
    card.querySelector(".new")?.remove();
    if (label !== null) add(card.querySelector(".label"), "span", "new", list.names[label]);
    card.querySelector(".hint")?.remove();
    if (what === undefined && suggested.has(row)) card.querySelector(".file").before(hint());
  }

  function hint() {
    const made = document.createElement("p");
    made.className = "hint";
    made.textContent = say("suggested");
    return made;
  }

  function count() {
    let kept = 0;
    let relabelled = 0;
    list.pictures.forEach((_, row) => {
      if (!list.contents[row] || outcome(row) === "drop") return;
      kept += 1;
      if (typeof outcome(row) === "number") relabelled += 1;
    });
    const asked = [...new Set(cards.map((card) => Number(card.dataset.row)))];
    const decided = asked.filter((row) => decisions.has(row)).length;
    const values = { decided, asked: asked.length, kept, dropped: list.pictures.length - kept, relabelled };
    for (const name in values) values[name] = number.format(values[name]);
    $("counts").textContent = say("counts", values);
  }

  function csv() {
    const rows = [["picture", "label", "content"]];
    list.pictures.forEach((picture, row) => {
      const what = outcome(row);
      if (!list.contents[row] || what === "drop") return;
      const label = typeof what === "number" ? what : list.labels[row];
      rows.push([guarded(picture), label < 0 ? "" : guarded(list.classes[label]), list.contents[row]]);
    });
    const all = rows.slice(1).some((row) => row.some((cell) => cell.includes("\r")));
    const quoted = (cell) => (all || /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
    return rows.map((row) => `${row.map(quoted).join(",")}\n`).join("");
  }

  function download() {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([csv()], { type: "text/csv" }));
    link.download = say("file");
    link.click();
    $("saved").hidden = false;
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  function go(step) {
    const at = cards.indexOf(document.activeElement?.closest(".card") ?? null);
    const from = at < 0 ? nearest() - (step > 0 ? 1 : 0) : at;
    if (!cards.length) return;
    const next = cards[Math.min(cards.length - 1, Math.max(0, from + step))];
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "center" });
  }

  const nearest = () => Math.max(0, cards.findIndex((card) => card.getBoundingClientRect().bottom > 0));

  function press(event) {
    if (!keys || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("select, input, textarea")) return;
    const key = event.key.toLowerCase();
    const card = document.activeElement?.closest(".card[data-row]");
    if (key === "j" || key === "k") go(key === "j" ? 1 : -1);
    else if (card && key === "1") decide(card, "keep");
    else if (card && key === "2") decide(card, "drop");
    else if (card && key === "3") relabel(card);
    else return;
    event.preventDefault();
  }

  function relabel(card) {
    if (card.dataset.proposed !== undefined) decide(card, Number(card.dataset.proposed));
    else card.querySelector("select").focus();
  }

  function toggle() {
    keys = !keys;
    name();
  }

  function name() {
    $("keys").textContent = say(keys ? "keys_on" : "keys_off");
    $("keys").setAttribute("aria-pressed", String(keys));
    $("review").classList.toggle("quiet-keys", !keys);
  }

  function reset() {
    if (!decisions.size || !confirm(say("reset_sure"))) return;
    decisions.clear();
    remember(about.key, decisions);
    cards.forEach(show);
    count();
  }

  cards.forEach(controls);
  cards.forEach(show);
  count();
  name();
  $("keys").addEventListener("click", toggle);
  $("reset").addEventListener("click", reset);
  $("download").addEventListener("click", download);
  document.addEventListener("keydown", press);
  for (const note of document.querySelectorAll(".script-on")) note.hidden = false;
  $("review").hidden = false;
}

function add(parent, tag, kind = "", text = "") {
  const made = document.createElement(tag);
  if (kind) made.className = kind;
  made.textContent = text;
  parent.append(made);
  return made;
}

async function inflated(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).text();
}

// As base/cells.py: no cell is a formula.
function guarded(text) {
  return /^'*[=+\-@\t\r]/.test(text) && !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? `'${text}` : text;
}

// The browser may forbid a page from a disk to remember anything: then decisions last as long as the page.
function remembered(key) {
  try {
    return new Map(JSON.parse(localStorage.getItem(`olhar-check-${key}`) ?? "[]"));
  } catch {
    return new Map();
  }
}

function remember(key, decisions) {
  try {
    localStorage.setItem(`olhar-check-${key}`, JSON.stringify([...decisions]));
  } catch {
    return;
  }
}
