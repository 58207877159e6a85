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

let network = null;
let resizer = null;
let wanted = null;
let classes = 0;
let tells = false;

async function open({ model, kernels, weights }) {
  ({ wanted, classes, tells_unlike: tells } = model);
  resizer = Resizer.open(kernels);
  const ask = await openNetwork(model.plan, kernels, weights);
  const answer = ask(checkPicture(wanted));
  const off = answer.reduce((most, x, i) => Math.max(most, Math.abs(x - model.check[i]) / Math.max(1, Math.abs(model.check[i]))), 0);
  if (!(off < 1e-3)) throw new Fault("wrong");
  return ask;
}

async function answer({ picture }) {
  const begun = performance.now();
  const ask = await network;
  const pixels = await prepared(picture, wanted, await resizer);
  const numbers = ask(pixels);
  if (!numbers.every(Number.isFinite)) throw new Fault("not_finite");
  return { probabilities: numbers.slice(0, classes), unlikeness: tells ? numbers[classes] : null, pixels, milliseconds: performance.now() - begun };
}

onmessage = async ({ data }) => {
  try {
    if (data.weights) await (network = open(data));
    const result = data.picture ? await answer(data) : {};
    postMessage({ id: data.id, ...result });
  } catch (error) {
    postMessage({ id: data.id, fault: error.fault || { key: "broken", values: { reason: String(error.message || error) } } });
  }
};
