// The page: a picture is asked about, its answer comes back as bars. Who answers stands in answers.js: the server here, a worker
// in what `olhar export --to web` writes. Every text is set as text, never as HTML.

import * as answers from "./answers.js";
import * as camera from "./camera.js";

const SHOWN = 5;
const LIMIT = 100;
const AT_ONCE = 3;

const $ = (id) => document.getElementById(id);
const cards = [];
const queue = [];
let running = 0;
let counted = 0;
let told = 0;
let model = null;
let texts = {};
let language = answers.wish() || document.documentElement.lang;

const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? values[key] : whole));
const say = (key, values = {}) => fill(texts[key] || "", values);
const tenths = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
const percent = (share) => `${new Intl.NumberFormat(language, tenths).format(100 * (share < 1 ? Math.min(share, 0.999) : share))}%`;

// Languages

async function speak(wish) {
  texts = await answers.texts(wish);
  language = wish;
  document.documentElement.lang = wish;
  document.title = say("title");
  for (const place of document.querySelectorAll("[data-text]")) place.textContent = say(place.dataset.text);
  for (const place of document.querySelectorAll("[data-label]")) place.setAttribute("aria-label", say(place.dataset.label));
  for (const button of document.querySelectorAll("[data-language]"))
    button.setAttribute("aria-pressed", String(button.dataset.language === wish));
  about();
  notice("");
  cards.forEach(show);
}

async function change(wish) {
  try {
    await speak(wish);
  } catch {
    notice(say("offline"));
    return;
  }
  answers.remember(wish);
  for (const card of cards) if (card.fault) ask(card);
}

// What the model is

async function meet() {
  const met = await answers.meet(language);
  $("token").hidden = !met.wantsToken;
  if (!met.model) return;
  model = met.model;
  about();
}

function about() {
  $("model").textContent = model ? model.model : "";
  $("classes").textContent = model ? ` · ${say("classes", { n: model.labels.length })}` : "";
}

function notice(sentence) {
  $("notice").textContent = sentence;
  $("notice").hidden = !sentence;
}

// Pictures

function add(files) {
  const room = LIMIT - cards.length;
  const fresh = [...files].slice(0, room).map(card);
  notice(files.length > room ? say("too_many", { limit: LIMIT }) : "");
  $("cards").prepend(...fresh.map((one) => one.place));
  cards.push(...fresh);
  arrange();
  fresh.forEach(ask);
}

function card(file) {
  const place = $("card").content.firstElementChild.cloneNode(true);
  const made = { file, place, number: ++counted, url: URL.createObjectURL(file), answer: null, fault: null };
  const image = place.querySelector("img");
  image.addEventListener("load", () => image.classList.toggle("small", image.naturalWidth < 160));
  image.addEventListener("error", () => {
    image.hidden = true;
    place.querySelector(".missing").hidden = false;
  });
  image.src = made.url;
  place.querySelector(".remove").addEventListener("click", () => remove(made));
  for (const words of place.querySelectorAll("[data-text]")) words.textContent = say(words.dataset.text);
  show(made);
  return made;
}

function remove(gone) {
  URL.revokeObjectURL(gone.url);
  gone.place.remove();
  cards.splice(cards.indexOf(gone), 1);
  arrange();
  $("choose").focus();
}

function arrange() {
  $("results").hidden = cards.length === 0;
  $("ask").classList.toggle("busy", cards.length > 0);
  $("cards").classList.toggle("one", cards.length === 1);
}

// Asking

function ask(asked) {
  asked.answer = asked.fault = null;
  show(asked);
  if (!queue.includes(asked)) queue.push(asked);
  next();
}

async function next() {
  if (running >= AT_ONCE || queue.length === 0) return;
  running += 1;
  const asked = queue.shift();
  if (cards.includes(asked)) await settle(asked);
  running -= 1;
  next();
}

async function settle(asked) {
  try {
    const body = await answers.ask(asked.file, SHOWN, language);
    if (body.wantsToken) $("token").hidden = false;
    asked.answer = body.error ? null : body;
    asked.fault = body.error || null;
  } catch {
    asked.fault = { code: "", message: say("offline") };
  }
  show(asked);
  tell(asked);
}

// Showing

function show({ place, number, answer, fault }) {
  const part = (name) => place.querySelector(name);
  part("img").alt = say("picture_alt", { place: number });
  part(".remove").setAttribute("aria-label", `${say("remove")}: ${say("picture_alt", { place: number })}`);
  place.classList.toggle("refused", Boolean(fault));
  part(".looking").hidden = Boolean(answer || fault);
  part(".best").hidden = !answer;
  part(".unlike").hidden = answer?.why !== "unlike";
  part(".wrong").hidden = !fault;
  if (fault) {
    part(".wrong span").textContent = fault.message;
    part(".wrong small").textContent = fault.code;
  }
  if (answer) {
    part(".best bdi").textContent = named(answer);
    part(".best .share").textContent = answer.answer ? percent(answer.confidence) : "";
  }
  part(".bars").replaceChildren(...(answer ? answer.predictions.map(bar) : []));
  const rest = answer && model ? model.labels.length - answer.predictions.length : 0;
  part(".others").hidden = rest <= 0;
  part(".others").textContent = say("others", { n: rest });
}

function named({ name, answer }) {
  return answer ? name : say("do_not_know");
}

function doubt({ why }) {
  return why === "unlike" ? `. ${say("unlike")}` : "";
}

function bar({ name, probability }) {
  const place = $("bar").content.firstElementChild.cloneNode(true);
  place.querySelector("bdi").textContent = place.title = name;
  place.querySelector(".share").textContent = percent(probability);
  requestAnimationFrame(() => (place.querySelector(".fill").style.width = `${100 * probability}%`));
  return place;
}

function tell({ number, answer, fault }) {
  const sentence = answer
    ? `${say("announce", { place: number, name: named(answer), share: percent(answer.confidence) })}${doubt(answer)}`
    : say("announce_error", { place: number, message: fault.message });
  $("status").textContent = (told += 1) % 2 ? sentence : `${sentence}\u00a0`;
}

// What a person does

for (const id of ["choose", "photograph"])
  $(id).addEventListener("change", (event) => {
    add(event.target.files);
    event.target.value = "";
  });

addEventListener("paste", (event) => {
  if (event.clipboardData && event.clipboardData.files.length) add(event.clipboardData.files);
});

const brings = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
addEventListener("dragover", (event) => {
  if (!brings(event)) return;
  event.preventDefault();
  document.body.classList.add("dragging");
});
addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) document.body.classList.remove("dragging");
});
addEventListener("drop", (event) => {
  document.body.classList.remove("dragging");
  if (!brings(event)) return;
  event.preventDefault();
  if (event.dataTransfer.files.length) add(event.dataTransfer.files);
});

// The camera

function view(open) {
  $("viewfinder").hidden = !open;
  $("live").hidden = open;
  if (!open) camera.close($("video"));
  $(open ? "shoot" : "live").focus();
}

async function look(open) {
  try {
    await open($("video"));
    $("turn").hidden = !(await camera.several());
    notice("");
    view(true);
  } catch {
    view(false);
    notice(say("camera_refused"));
  }
}

$("live").hidden = !camera.possible();
document.querySelector(".camera").hidden = camera.possible(); // the camera of the system, where a page may not have it
$("live").addEventListener("click", () => look(camera.open));
$("turn").addEventListener("click", () => look(camera.turn));
$("dark").addEventListener("click", () => view(false));
$("shoot").addEventListener("click", async () => add([await camera.photograph($("video"))]));

$("clear").addEventListener("click", () => {
  [...cards].forEach(remove);
  notice("");
});

for (const button of document.querySelectorAll("[data-language]"))
  button.addEventListener("click", () => change(button.dataset.language));

$("token").addEventListener("submit", async (event) => {
  event.preventDefault();
  answers.token($("secret").value.trim());
  await meet();
  if ($("token").hidden) for (const one of cards) if (one.fault) ask(one);
});

try {
  await speak(language);
  await meet();
} catch {
  notice(say("offline"));
}
