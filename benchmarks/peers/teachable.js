// What benchmarks/teachable.py asks of each page: a first picture, answered as soon as the page can, then files that are timed.

const fileOf = (data) => new File([Uint8Array.fromBase64(data)], "picture.jpg", { type: "image/jpeg" });
const bytesOf = async (name) => new Uint8Array(await (await fetch(name)).arrayBuffer());

// The network of a folder alone, by the module that its worker holds.
async function openedNetwork() {
  const { openNetwork } = await import(new URL("network.js", location.href).href);
  const { plan } = JSON.parse(new TextDecoder().decode(await bytesOf("model.json")));
  return openNetwork(plan, await bytesOf("kernels.wasm"), await bytesOf("network.bin"));
}

if (OLHAR) {
  let network = null;
  globalThis.ask = async (file) => [...(await askOlhar(file)).probabilities];
  if (location.protocol !== "file:") globalThis.askPixels = async (pixels) => [...(await (network ??= openedNetwork()))(pixels)];
}

// Milliseconds from the visit to the first answer; a page that is not there yet throws.
async function answered(file) {
  for (;;)
    try {
      await ask(file);
      return performance.now();
    } catch (error) {
      if (performance.now() > 60_000) throw error;
      await new Promise((done) => setTimeout(done, 2));
    }
}

globalThis.first = answered(fileOf("PICTURE"));

const asked = { files: [], pixels: [] };
const questions = (name) => (name === "askPixels" ? asked.pixels : asked.files);

globalThis.keep = (files, pixels) => {
  asked.files = files.map(fileOf);
  asked.pixels = pixels.map((data) => Uint8Array.fromBase64(data));
};

globalThis.answers = async (name) => {
  const found = [];
  for (const question of questions(name)) found.push(await globalThis[name](question));
  return found;
};

// Milliseconds of each question.
globalThis.timed = async (name) => {
  const times = [];
  for (const question of questions(name)) {
    const begun = performance.now();
    await globalThis[name](question);
    times.push(performance.now() - begun);
  }
  return times;
};
