// One picture among many: its thumbnail, the name of its file and its answer, as small as can be read.

import { confidence, doubt, named, namesFile, sure } from "./answer.js";
import { made } from "./parts.js";
import { speakIn, say } from "./texts.js";
import { whenSeen } from "./thumbnail.js";

export function newTile(item, labels, open, remove) {
  const { place, part } = made("tile");
  item.tile = place;
  item.paint = () => {
    part("thumb").classList.toggle("tiny", item.thumbnail.tiny);
    part("thumb").querySelector("img").src = item.thumbnail.url;
  };
  item.paintMissing = () => (part("thumb").textContent = /\w*$/.exec(item.name)[0]);
  part("open").addEventListener("click", () => open(item));
  part("remove").addEventListener("click", () => remove(item));
  if (item.thumbnail) item.paint();
  else whenSeen(place, item);
  showTile(item, labels);
  return place;
}

export function showTile(item, labels) {
  const { tile, name, answer, fault } = item;
  const part = (wanted) => tile.querySelector(`.${wanted}`);
  speakIn(tile);
  part("remove").setAttribute("aria-label", `${say("remove")}: ${name}`);
  tile.title = part("file").textContent = name;
  tile.classList.toggle("refused", Boolean(fault));
  part("looking").hidden = Boolean(answer || fault);
  part("told").hidden = !answer;
  part("wrong").hidden = !fault;
  part("file").hidden = namesFile(item);
  part("wrong").textContent = fault ? fault.message : "";
  if (!answer) return;
  part("best").textContent = named(answer, labels);
  part("share").textContent = sure(answer);
  part("doubt").textContent = doubt(answer);
  part("fill").style.width = `${100 * confidence(answer)}%`;
}
