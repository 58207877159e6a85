// Places of the page, and what every part of it says aloud.

export const $ = (id) => document.getElementById(id);

// A new element out of a template, its parts by class.
export function made(template) {
  const place = $(template).content.firstElementChild.cloneNode(true);
  return { place, part: (name) => place.querySelector(`.${name}`) };
}

export function element(name, text = "", ...inside) {
  const place = document.createElement(name);
  place.textContent = text;
  place.append(...inside);
  return place;
}

export function notice(sentence) {
  $("notice").textContent = sentence;
  $("notice").hidden = !sentence;
}

let told = 0;

// To those who listen: the same sentence again is another one for them.
export function announce(sentence) {
  $("status").textContent = (told += 1) % 2 ? sentence : `${sentence}\u00a0`;
}
