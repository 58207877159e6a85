// The worker: pictures come in, probabilities go out, so that the page never stands still.

import { openNetwork } from "./network.js";
import { Fault, prepared } from "./pictures.js";
import { Resizer } from "./resizing.js";

const BLOCKS = 8;

// A picture of coarse noise, the same in every browser and in Python (export.py): by it the network checks itself.
function checkPicture({ width, height, channels }) {
  let state = 7;
  const coarse = Uint8Array.from({ length: BLOCKS * BLOCKS * channels }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
  const pixels = new Uint8Array(width * height * channels);
  for (let y = 0, at = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      for (let k = 0; k < channels; k += 1)
        pixels[at++] = coarse[(Math.floor((y * BLOCKS) / height) * BLOCKS + Math.floor((x * BLOCKS) / width)) * channels + k];
  return pixels;
}

let arrived = null;
const weights = new Promise((done) => {
  arrived = done;
});
let network = null;
let resizer = null;
let wanted = null;
let classes = 0;
let tells = false;

async function opened({ plan, check }, kernels) {
  const ask = await openNetwork(plan, kernels, await weights);
  const answer = ask(checkPicture(wanted));
  const off = answer.reduce((most, x, i) => Math.max(most, Math.abs(x - check[i]) / Math.max(1, Math.abs(check[i]))), 0);
  if (!(off < 1e-3)) throw new Fault("wrong");
  return ask;
}

function meet({ model, kernels }) {
  ({ wanted, classes, tells_unlike: tells } = model);
  resizer = Resizer.open(kernels);
  network = opened(model, kernels);
}

async function answer(picture) {
  const begun = performance.now();
  const pixels = await prepared(picture, wanted, await resizer);
  const numbers = (await network)(pixels);
  if (!numbers.every(Number.isFinite)) throw new Fault("not_finite");
  return { probabilities: numbers.slice(0, classes), unlikeness: tells ? numbers[classes] : null, pixels, milliseconds: performance.now() - begun };
}

// What comes first is the model; its weights, the longest, come when they are there, and pictures do not wait for them.
async function told({ model, weights, picture, kernels }) {
  if (model) meet({ model, kernels });
  if (weights) arrived(weights);
  if (weights) await network;
  return picture ? answer(picture) : {};
}

onmessage = async ({ data }) => {
  try {
    postMessage({ id: data.id, ...(await told(data)) });
  } catch (error) {
    postMessage({ id: data.id, fault: error.fault || { key: "broken", values: { reason: String(error.message || error) } } });
  }
};
