// One picture large, with all that the model says of it: the best class once, and the others beneath it.

import { best, confidence, doubt, named, namesFile, ranked, setOf, sure } from "./answer.js";
import { made } from "./parts.js";
import { percent, say, speakIn } from "./texts.js";
import { mark } from "./seen.js";

const OTHERS = 5;

export function newCard(item, about, remove) {
  const { place, part } = made("card");
  const image = place.querySelector("img");
  speakIn(place);
  image.alt = item.name;
  part("file").textContent = item.name;
  image.addEventListener("load", () => {
    image.classList.toggle("small", image.naturalWidth < 160);
    mark(part("frame"), image.naturalWidth, image.naturalHeight, about.wanted);
  });
  image.addEventListener("error", () => {
    part("frame").hidden = true;
    part("missing").hidden = false;
  });
  item.url ??= URL.createObjectURL(item.file);
  image.src = item.url;
  part("remove").addEventListener("click", () => remove(item));
  part("all").addEventListener("click", () => {
    place.classList.add("whole");
    showCard(place, item, about);
    part("bars").querySelector("li:nth-child(6)")?.focus();
  });
  showCard(place, item, about);
  return place;
}

export function showCard(place, item, { labels }) {
  const { name, answer, fault } = item;
  const part = (wanted) => place.querySelector(`.${wanted}`);
  part("remove").setAttribute("aria-label", `${say("remove")}: ${name}`);
  place.classList.toggle("refused", Boolean(fault));
  part("looking").hidden = Boolean(answer || fault);
  part("told").hidden = !answer;
  part("wrong").hidden = !fault;
  part("file").hidden = namesFile(item);
  if (fault) {
    part("wrong").firstElementChild.textContent = fault.message;
    part("wrong").lastElementChild.textContent = fault.code;
  }
  if (answer) showAnswer(place, answer, labels);
}

// The answer in whatever has the parts for it: a card, or the camera's view.
export function showAnswer(place, answer, labels) {
  const part = (wanted) => place.querySelector(`.${wanted}`);
  part("best").textContent = named(answer, labels);
  part("share").textContent = sure(answer);
  part("doubt").textContent = doubt(answer);
  part("set").textContent = setOf(answer, labels);
  part("fill").parentElement.hidden = !answer.answered;
  part("fill").style.width = `${100 * confidence(answer)}%`;
  const rest = answer.answered ? ranked(answer).slice(1) : ranked(answer);
  const most = place.classList.contains("whole") || rest.length === OTHERS + 1 ? rest.length : OTHERS;
  const bars = part("bars");
  while (bars.children.length > Math.min(most, rest.length)) bars.lastElementChild.remove();
  rest.slice(0, most).forEach((i, row) => {
    if (!bars.children[row]) bars.append(made("bar").place);
    showBar(bars.children[row], labels[i].name, answer.probabilities[i]);
  });
  part("all").hidden = rest.length <= most;
  part("all").textContent = say("others", { n: rest.length - most });
}

function showBar(place, name, share) {
  const words = place.querySelector("bdi");
  words.textContent = words.title = name;
  place.querySelector(".share").textContent = percent(share);
  place.querySelector(".fill").style.width = `${100 * share}%`;
}

// What an answer comes to, for those who listen.
export function heard(item, { labels }) {
  const { name, answer, fault } = item;
  if (fault) return namesFile(item) ? fault.message : say("announce_error", { name, message: fault.message });
  const words = say("announce", { name, class: named(answer, labels), share: percent(answer.probabilities[best(answer)]) });
  return [words, doubt(answer), setOf(answer, labels)].filter(Boolean).join(". ");
}
