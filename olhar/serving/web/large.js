// One of many pictures, large, above the page; arrows go to its neighbours in the order that is shown.

import { newCard, showCard } from "./card.js";
import { $ } from "./parts.js";

let open = null;
let card = null;
let around = () => [];
let about = null;
let remove = () => {};

function show(item) {
  open = item;
  card = newCard(item, about, remove);
  const list = around();
  const place = list.indexOf(item);
  $("before").disabled = place <= 0;
  $("after").disabled = place < 0 || place >= list.length - 1;
  $("large-card").replaceChildren(card);
}

function step(by) {
  const next = around()[around().indexOf(open) + by];
  if (next) show(next);
}

export function showLarge(item, met, shown) {
  [about, around] = [met, shown];
  show(item);
  $("large").showModal();
}

// The picture that is open is another one's matter now: its answer has come, or it has gone.
export function refreshLarge(item, met) {
  if (item !== open) return;
  about = met;
  showCard(card, item, met);
}

export function setUpLarge(removed) {
  remove = (item) => {
    $("large").close();
    removed(item);
  };
  $("before").addEventListener("click", () => step(-1));
  $("after").addEventListener("click", () => step(1));
  $("large-close").addEventListener("click", () => $("large").close());
  $("large").addEventListener("close", () => {
    if (open?.url) URL.revokeObjectURL(open.url);
    if (open) open.url = null;
    open = null;
    $("large-card").replaceChildren();
  });
  $("large").addEventListener("keydown", ({ key }) => {
    if (key === "ArrowLeft") step(-1);
    if (key === "ArrowRight") step(1);
  });
}
