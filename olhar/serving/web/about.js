// What there is to know of the model: its notices, its classes, what it sees of a picture, and its card.

import { ofMarkdown } from "./markdown.js";
import { $, element } from "./parts.js";
import { percent, say } from "./texts.js";

export function showAbout(about) {
  $("model").textContent = about.models.length > 1 ? "" : about.model;
  $("classes").textContent = say("classes", { n: about.labels.length });
  $("notices").replaceChildren(...about.notices.map((sentence) => element("li", sentence)));
  $("notices").hidden = !about.notices.length;
  $("facts").replaceChildren(...facts(about).map((sentence) => element("li", sentence)));
  $("labels").replaceChildren(...about.labels.map(({ name }) => element("li", "", element("bdi", name))));
  $("card-text").replaceChildren(...ofMarkdown(about.card));
  $("card-part").hidden = !about.card;
  showModels(about);
}

function facts({ wanted, threshold, tells_unlike: unlike }) {
  const { width, height, channels, fit } = wanted;
  const seen = { stretch: say("sees_stretch", { width, height }), crop: say("sees_crop", { width, height }), pad: say("sees_pad", { width, height }) };
  return [
    seen[fit],
    ...(channels === 1 ? [say("sees_gray")] : []),
    threshold ? say("has_threshold", { share: percent(threshold) }) : say("no_threshold"),
    unlike ? say("tells_unlike") : say("never_unlike"),
  ];
}

function showModels({ model, models }) {
  const choice = (name) => {
    const option = element("option", name);
    option.value = name;
    return option;
  };
  $("which").replaceChildren(...models.map(choice));
  $("which").value = model;
  $("which").hidden = models.length < 2;
}

export function setUpAbout() {
  $("more").addEventListener("click", () => $("about").showModal());
  $("about-close").addEventListener("click", () => $("about").close());
}
