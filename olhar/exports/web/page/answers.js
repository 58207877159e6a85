// Who answers the page: the network in a worker of this very page. In one file all resources stand in the page itself.

const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? values[key] : whole));
const waiting = new Map();
const tongues = {};
let worker = null;
let model = null;
let opened = null;
let count = 0;

function fromBase64(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = letters.charCodeAt(i);
  return bytes;
}

async function resource(name) {
  const place = document.getElementById(`file-${name}`);
  if (!place) return new Uint8Array(await (await fetch(name)).arrayBuffer());
  const bytes = fromBase64(place.textContent);
  place.remove();
  return bytes;
}

const json = async (name) => JSON.parse(new TextDecoder().decode(await resource(name)));

function send(message, moved = []) {
  const id = (count += 1);
  return new Promise((done, failed) => {
    waiting.set(id, { done, failed });
    worker.postMessage({ id, ...message }, moved);
  });
}

function start(url) {
  worker = new Worker(url);
  worker.onmessage = ({ data }) => {
    waiting.get(data.id).done(data);
    waiting.delete(data.id);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    for (const { failed } of waiting.values()) failed(new Error(event.message || "worker"));
    waiting.clear();
  };
}

// The model, once the worker knows it and can prepare pictures.
async function introduce() {
  const inside = document.getElementById("file-worker.js");
  start(inside ? URL.createObjectURL(new Blob([await resource("worker.js")], { type: "text/javascript" })) : "worker.js");
  const [told, kernels] = await Promise.all([json("model.json"), resource("kernels.wasm")]);
  send({ model: { ...told, about: null }, kernels });
  return told;
}

// All is fetched while the page is still drawn.
function begin() {
  model = introduce();
  const loading = resource("network.bin");
  opened = Promise.all([loading, model]).then(([weights]) => send({ weights }, [weights.buffer]));
  opened.catch(() => (model = null));
}

// The language that somebody has chosen here before, else the first of the browser's that the page speaks.
export function wish() {
  const asked = new URLSearchParams(location.search).get("language");
  const tongue = (code) => (/^pt\b/i.test(code) ? "pt-BR" : /^en\b/i.test(code) ? "en" : "");
  try {
    return tongue(asked || localStorage.getItem("olhar-language") || "") || navigator.languages.map(tongue).find(Boolean) || "";
  } catch {
    return navigator.languages.map(tongue).find(Boolean) || "";
  }
}

export function remember(language) {
  try {
    localStorage.setItem("olhar-language", language);
  } catch {
    // A browser that keeps nothing: the page speaks as before the next time.
  }
}

export async function texts(language) {
  if (!tongues.en) Object.assign(tongues, await json("texts.json"));
  return tongues[language] || tongues.en;
}

export function token() {}

export async function meet(language) {
  if (!model) begin();
  const { notices, ...about } = (await model).about;
  keepFiles();
  return { wantsToken: false, about: { ...about, notices: notices[language] || notices.en } };
}

function keepFiles() {
  if ("serviceWorker" in navigator && isSecureContext && location.protocol !== "file:" && !document.getElementById("file-worker.js"))
    navigator.serviceWorker.register("offline.js").catch(() => {});
}

// There is one model in a page.
export function choose() {}

// What the camera sees now, as `ask` takes it: the pixels themselves.
export const frame = (canvas) => createImageBitmap(canvas);

const refused = ({ key, values }, said) => ({
  error: { code: said.codes[key] || "", message: fill(said.faults[key] || said.faults.broken, values) },
});

// A picture is prepared while the network opens.
async function answered(picture) {
  await model;
  const [, result] = await Promise.all([opened, send({ picture })]);
  return result;
}

// What the model says of a picture, {probabilities, why, answered, set}, or what is wrong with it, {error}.
export async function ask(picture, language) {
  const said = await texts(language);
  const { probabilities, unlikeness, fault } = await answered(picture);
  if (fault) return refused(fault, said);
  const { threshold, sets_from: least } = (await model).about;
  const order = [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a] || a - b);
  const why = unlikeness > 1 ? "unlike" : probabilities[order[0]] >= Math.fround(threshold) ? "" : "unsure";
  const set = least === null ? null : order.filter((i, rank) => !rank || probabilities[i] >= Math.fround(least));
  return { probabilities, why, answered: !(why && threshold), set };
}

// What the network was given and what it said, for whoever wants to compare or to build on it.
globalThis.askOlhar = answered;

begin();
