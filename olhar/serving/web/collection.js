// The pictures that are asked about: who is shown, in which order, and how many there are of each class.

import { best, confidence } from "./answer.js";

export const UNKNOWN = "unknown";
export const UNLIKE = "unlike";
export const REFUSED = "refused";

export const items = [];

// The groups that a picture is counted in: the place of its class, or that the model does not know; and what else is to be told.
export function groups({ answer, fault }) {
  if (fault) return [REFUSED];
  if (!answer) return [];
  const own = answer.answered ? best(answer) : UNKNOWN;
  return answer.why === "unlike" ? [own, UNLIKE] : [own];
}

// How many pictures each group has, classes with the most first, then what is not a class.
export function counts() {
  const all = new Map();
  for (const item of items) for (const group of groups(item)) all.set(group, (all.get(group) || 0) + 1);
  const last = (group) => [UNKNOWN, UNLIKE, REFUSED].indexOf(group);
  return [...all].sort(([a, n], [b, m]) => last(a) - last(b) || m - n || a - b);
}

// From the least sure answer on; those without one come last.
const doubtful = (item) => (item.answer ? confidence(item.answer) : item.fault ? 3 : 2);

export function shown(filter, leastSureFirst) {
  const kept = filter === null ? [...items] : items.filter((item) => groups(item).includes(filter));
  return leastSureFirst ? kept.sort((a, b) => doubtful(a) - doubtful(b) || a.number - b.number) : kept;
}
