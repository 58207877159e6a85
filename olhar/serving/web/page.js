// The page: pictures come in, answers are shown. Who answers stands in answers.js: the server here, a worker in what
// `olhar export --to web` writes. Everything else is the same there.

import { setUpAbout, showAbout } from "./about.js";
import * as answers from "./answers.js";
import { heard } from "./card.js";
import { items } from "./collection.js";
import { csv, save } from "./csv.js";
import { chosen, dropped, isText } from "./intake.js";
import { setUpLarge } from "./large.js";
import * as live from "./live.js";
import { $, announce, notice } from "./parts.js";
import { Queue } from "./queue.js";
import * as results from "./results.js";
import { say, speak, spoken } from "./texts.js";
import { forget } from "./thumbnail.js";

const LIMIT = 5000;
const FEW = 4; // up to so many pictures each answer is told to those who listen; of more, the end

let about = null;
let counted = 0;

// Asking

// What is wrong, with the name of the file, which whoever answers is not told.
const named = (error, name) => ({ ...error, message: error.message.replace(say("this_file"), () => name) });

async function settle(item) {
  let gone = false;
  try {
    const answer = await answers.ask(item.file, spoken());
    if (answer.wantsToken) {
      $("token").hidden = false;
      $("secret").focus();
      notice(say("token_first"));
    }
    item.answer = answer.error ? null : answer;
    item.fault = answer.error ? named(answer.error, item.name) : null;
  } catch {
    gone = true;
    item.fault = { code: "", message: say("offline") };
  }
  results.refresh(item);
  if (about && items.length <= FEW) announce(heard(item, about));
  return !gone;
}

const queue = new Queue(settle, showProgress);

function showProgress() {
  const { done, total, left, seconds, stopped } = queue;
  $("progress").hidden = !left || total <= FEW;
  $("done").max = total || 1;
  $("done").value = done;
  const time = seconds > 90 ? say("left_minutes", { n: Math.round(seconds / 60) }) : say("left_seconds", { n: Math.max(1, Math.round(seconds)) });
  $("far").textContent = say("progress", { done, total }) + (seconds ? ` · ${time}` : "");
  $("stop").hidden = stopped;
  $("resume").hidden = !stopped;
  if (!left && total > FEW) announce(say("all_done", { n: done }));
}

function again(asked) {
  for (const item of asked) {
    item.answer = item.fault = null;
    results.refresh(item);
  }
  queue.add(asked);
}

// Pictures

function add({ pictures, others }) {
  const room = LIMIT - items.length;
  const fresh = pictures.slice(0, room).map(({ file, name }) => ({ file, name, number: (counted += 1), answer: null, fault: null }));
  const told = pictures.length > room ? say("too_many", { limit: LIMIT }) : others ? say("no_pictures", { n: others }) : "";
  notice(pictures.length || !others ? told : say("nothing_there"));
  items.unshift(...fresh);
  results.draw();
  queue.add(fresh);
  showProgress();
}

const addFiles = (files) => add({ pictures: [...files].map((file) => ({ file, name: file.name })), others: 0 });

function remove(item) {
  forget(item);
  items.splice(items.indexOf(item), 1);
  queue.drop(new Set([item]));
  results.draw();
  $("choose").focus();
}

function clear() {
  queue.drop(new Set(items));
  items.forEach(forget);
  items.length = 0;
  results.draw();
  notice("");
  $("choose").focus();
}

// The model and the language

async function meet() {
  const met = await answers.meet(spoken());
  $("token").hidden = !met.wantsToken;
  if (!met.about) return;
  about = met.about;
  showAbout(about);
  results.ofModel(about);
  live.ofModel(about);
}

async function change(wish) {
  try {
    speak(await answers.texts(wish), wish);
    pressed();
    await meet();
  } catch {
    notice(say("offline"));
    return;
  }
  answers.remember(wish);
  notice("");
  results.redraw();
  showProgress();
  again(items.filter(({ fault }) => fault));
}

function pressed() {
  for (const button of document.querySelectorAll("[data-language]"))
    button.setAttribute("aria-pressed", String(button.dataset.language === spoken()));
}

// What a person does

for (const id of ["choose", "photograph", "folder"])
  $(id).addEventListener("change", ({ target }) => {
    add(chosen(target.files));
    target.value = "";
  });

addEventListener("paste", ({ clipboardData, target }) => {
  if (!clipboardData || target.matches?.("input")) return;
  if (clipboardData.files.length) addFiles(clipboardData.files);
  else if (isText(clipboardData)) notice(say("no_link"));
});

const brings = ({ dataTransfer }) => dataTransfer && (dataTransfer.types.includes("Files") || isText(dataTransfer));
addEventListener("dragover", (event) => {
  if (!brings(event)) return;
  event.preventDefault();
  document.body.classList.add("dragging");
});
addEventListener("dragleave", ({ relatedTarget }) => relatedTarget || document.body.classList.remove("dragging"));
addEventListener("drop", async (event) => {
  document.body.classList.remove("dragging");
  if (!brings(event)) return;
  event.preventDefault();
  if (!event.dataTransfer.types.includes("Files")) notice(say("no_link"));
  else add(await dropped(event.dataTransfer));
});

$("clear").addEventListener("click", clear);
$("stop").addEventListener("click", () => queue.stop());
$("resume").addEventListener("click", () => queue.resume());
$("csv").addEventListener("click", () => {
  save(csv([...items].sort((a, b) => a.number - b.number), about.labels), `${about.model}.csv`);
});
$("which").addEventListener("change", async ({ target }) => {
  answers.choose(target.value);
  await meet();
  results.redraw();
  again([...items]);
});
for (const button of document.querySelectorAll("[data-language]"))
  button.addEventListener("click", () => change(button.dataset.language));
$("token").addEventListener("submit", async (event) => {
  event.preventDefault();
  answers.token($("secret").value.trim());
  await meet();
  notice($("token").hidden ? "" : say("token_wrong"));
  if ($("token").hidden) again(items.filter(({ fault }) => fault));
});

document.querySelector(".folder").hidden = !("webkitdirectory" in $("folder")) || matchMedia("(pointer: coarse)").matches;
setUpAbout();
setUpLarge(remove);
results.setUpResults(remove);
live.setUp(addFiles);
try {
  const wish = answers.wish() || spoken();
  speak(await answers.texts(wish), wish);
  pressed();
  await meet();
} catch {
  notice(say("offline"));
}
