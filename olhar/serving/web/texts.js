// The page's sentences and numbers, in the language in use. Every text is set as text, never as HTML.

let texts = {};
let language = document.documentElement.lang;

export const spoken = () => language;

const counted = (value) => (typeof value === "number" ? new Intl.NumberFormat(language).format(value) : value);

// A sentence with its places filled: {name}, or {n:picture|pictures}, a number with its word.
export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)(?::([^|}]*)\|([^}]*))?\}/g, (whole, key, one, other) => {
    if (!(key in values)) return whole;
    return one === undefined ? counted(values[key]) : `${counted(values[key])} ${values[key] === 1 ? one : other}`;
  });
}

export const say = (key, values = {}) => fill(texts[key] || "", values);

const tenths = { minimumFractionDigits: 1, maximumFractionDigits: 1 };

// Less than the whole is never 100%, as in the terminal and in reports.
export const percent = (share) =>
  `${new Intl.NumberFormat(language, tenths).format(100 * (share < 1 ? Math.min(share, 0.999) : share))}%`;

// The sentences of a part of the page, from its attributes.
export function speakIn(part) {
  for (const place of part.querySelectorAll("[data-text]")) place.textContent = say(place.dataset.text);
  for (const place of part.querySelectorAll("[data-label]")) place.setAttribute("aria-label", say(place.dataset.label));
}

export function speak(sentences, wish) {
  texts = sentences;
  language = wish;
  document.documentElement.lang = wish;
  document.title = say("title");
  speakIn(document);
}
