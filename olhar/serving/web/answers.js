// Who answers the page: this server, over HTTP. `olhar export --to web` puts a worker in its place, in a file of the same form.

import { say } from "./texts.js";

const PATIENCE = 6;
const [, root] = /^(.*\/)models\/[^/]+\/$/.exec(location.pathname) || [, location.pathname];

// A token in the address (the QR code of --lan) is taken out of it, so that nobody passes it on with a link.
const handed = new URLSearchParams(location.hash.slice(1)).get("token");
if (handed) {
  sessionStorage.setItem("olhar-token", handed);
  history.replaceState(null, "", location.pathname + location.search);
}
let secret = sessionStorage.getItem("olhar-token") || "";
let place = new Map();

function headers(language, extra = {}) {
  const all = { "Accept-Language": language, ...extra };
  return secret ? { ...all, Authorization: `Bearer ${secret}` } : all;
}

// The language that somebody has asked for; empty: as the page came.
export const wish = () => "";

export function remember(language) {
  const here = new URL(location.href);
  here.searchParams.set("language", language);
  history.replaceState(null, "", here);
}

export async function texts(language) {
  const answer = await fetch(`texts.json?language=${encodeURIComponent(language)}`);
  return answer.json();
}

export function token(typed) {
  secret = typed;
  sessionStorage.setItem("olhar-token", secret);
}

// What there is to know of the model: {wantsToken, about}.
export async function meet(language) {
  const answer = await fetch("about", { headers: headers(language) });
  const about = answer.ok ? await answer.json() : null;
  if (about) place = new Map(about.labels.map((label, i) => [label.class, i]));
  return { wantsToken: answer.status === 401, about };
}

// Another of this server's models from here on.
export function choose(name) {
  history.replaceState(null, "", `${root}models/${encodeURIComponent(name)}/${location.search}`);
}

// What the camera sees now, as `ask` takes it: a JPEG, a tenth of a PNG.
export async function frame(canvas) {
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.95));
}

// What the model says of a picture, {probabilities, why, answered, set}, or what is wrong with it, {error}.
export async function ask(file, language) {
  for (let turn = 1; ; turn += 1) {
    const answer = await fetch("predict?top=10000", {
      method: "POST",
      body: file,
      headers: headers(language, { "Content-Type": "application/octet-stream" }),
    });
    if (answer.status !== 503 || turn === PATIENCE) return read(await answer.json(), answer.status === 401);
    await new Promise((done) => setTimeout(done, 1000 * turn));
  }
}

function read({ error, predictions, why, answer, set }, wantsToken) {
  if (wantsToken) error.message = say("token_first");
  if (error) return { error, wantsToken };
  const probabilities = new Float64Array(place.size);
  for (const one of predictions) probabilities[place.get(one.class)] = one.probability;
  return { probabilities, why, answered: Boolean(answer), set: set ? set.map((key) => place.get(key)) : null };
}
