// An answer read: which class, how sure, and in which words.

import { percent, say } from "./texts.js";

export function best({ probabilities }) {
  let place = 0;
  for (let i = 1; i < probabilities.length; i += 1) if (probabilities[i] > probabilities[place]) place = i;
  return place;
}

// The places of the classes, best first.
export const ranked = ({ probabilities }) => [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a] || a - b);

export const confidence = (answer) => answer.probabilities[best(answer)];

export const named = (answer, labels) => (answer.answered ? labels[best(answer)].name : say("do_not_know"));

export const sure = (answer) => (answer.answered ? percent(confidence(answer)) : "");

// What the model doubts, in words; nothing where it doubts nothing.
export function doubt({ why }) {
  if (why === "unlike") return say("unlike");
  return why === "unsure" ? say("unsure") : "";
}

// Whether what is wrong with a picture is told with the name of its file.
export const namesFile = ({ name, fault }) => Boolean(fault?.message.includes(name));

// The classes that the true one is among, as often as was asked of the model; nothing where it makes no sets.
export function setOf({ set }, labels) {
  return set && set.length > 1 ? say("set", { names: set.map((i) => labels[i].name).join(", ") }) : "";
}
