// The answers on the page: one large, or a grid of many with counts, a filter and an order; drawn again at most twice a second.

import { newCard, showCard } from "./card.js";
import { counts, items, REFUSED, shown, UNKNOWN, UNLIKE } from "./collection.js";
import { refreshLarge, showLarge } from "./large.js";
import { $, element } from "./parts.js";
import { say } from "./texts.js";
import { newTile, showTile } from "./tile.js";

const EACH = 500; // milliseconds between two drawings while answers come

let about = null;
let filter = null;
let card = null;
let drawing = 0;
let removed = () => {};

export const setUpResults = (remove) => {
  removed = remove;
  $("sort").addEventListener("change", draw);
};

export const ofModel = (met) => (about = met);

export const visible = () => shown(filter, $("sort").value === "doubtful");

// An answer has come, or something is asked anew.
export function refresh(item) {
  if (!about) return;
  if (item.tile) showTile(item, about.labels);
  if (card && items[0] === item) showCard(card, item, about);
  refreshLarge(item, about);
  drawing ||= setTimeout(draw, items.length > 1 ? EACH : 0);
}

export function draw() {
  clearTimeout(drawing);
  drawing = 0;
  if (!about) return;
  const one = items.length === 1;
  $("results").hidden = items.length === 0;
  $("ask").classList.toggle("busy", items.length > 0);
  $("cards").classList.toggle("one", one);
  for (const name of ["tools", "filter"]) $(name).hidden = items.length < 2;
  $("csv").hidden = !items.some(({ answer }) => answer);
  drawFilter();
  place(one ? [only(items[0])] : visible().map((item) => item.tile || tile(item)));
}

function only(item) {
  if (!card || card.item !== item) {
    card = newCard(item, about, removed);
    card.item = item;
  }
  return card;
}

function tile(item) {
  newTile(item, about.labels, (opened) => showLarge(opened, about, visible), removed);
  return item.tile;
}

// Only what stands elsewhere than it should is moved: nobody loses what is in focus.
function place(wanted) {
  const list = $("cards");
  if (list.children.length === wanted.length && wanted.every((one, i) => list.children[i] === one)) return;
  const focused = document.activeElement;
  list.replaceChildren(...wanted);
  if (list.contains(focused)) focused.focus({ preventScroll: true });
}

function drawFilter() {
  const found = counts();
  if (filter !== null && !found.some(([group]) => group === filter)) filter = null;
  const words = { [UNKNOWN]: say("do_not_know"), [UNLIKE]: say("unlike"), [REFUSED]: say("unreadable") };
  const all = [[null, items.length], ...found];
  const focused = $("filter").contains(document.activeElement) ? document.activeElement.dataset.group : null;
  $("filter").replaceChildren(...all.map(([group, n]) => chip(group, n, group === null ? say("all") : (words[group] ?? about.labels[group].name))));
  if (focused) $("filter").querySelector(`[data-group="${focused}"]`)?.focus();
}

function chip(group, n, name) {
  const button = element("button", "", element("bdi", name), " ", element("b", new Intl.NumberFormat(document.documentElement.lang).format(n)));
  button.type = "button";
  button.dataset.group = String(group);
  button.setAttribute("aria-pressed", String(group === filter));
  button.addEventListener("click", () => {
    filter = group;
    draw();
  });
  return button;
}

// The language has changed.
export function redraw() {
  card = null;
  for (const item of items) if (item.tile) showTile(item, about.labels);
  draw();
}
