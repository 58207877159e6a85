// PNG, decoded here: a browser's canvas multiplies colours by alpha and keeps eight bits, and neither can be undone.

const PASSES = [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]];
const CHANNELS = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const text = (bytes, at, n) => String.fromCharCode(...bytes.subarray(at, at + n));

export function pngChunks(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks = { IDAT: [] };
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const name = text(bytes, at + 4, 4);
    if (at + 12 + length > bytes.length) break;
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (name === "IDAT") chunks.IDAT.push(body);
    else if (!(name in chunks)) chunks[name] = body;
    if (name === "fdAT" || name === "IEND") break;
    at += 12 + length;
  }
  return chunks;
}

export function pngHead(chunks) {
  const head = chunks.IHDR;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  return { width: view.getUint32(0), height: view.getUint32(4), depth: head[8], colour: head[9], interlaced: head[12] === 1 };
}

async function inflated(parts, limit) {
  const reader = new Blob(parts).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
  const out = new Uint8Array(limit);
  let at = 0;
  try {
    for (let step = await reader.read(); !step.done && at < limit; step = await reader.read()) {
      out.set(step.value.subarray(0, limit - at), at);
      at += step.value.length;
    }
  } catch (error) {
    if (at < limit) throw error;
  }
  if (at < limit) throw new Error("cut off");
  return out;
}

const paeth = (a, b, c) => {
  const p = a + b - c;
  const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
};

// Takes the filters away in place; gives the rows without their filter bytes.
function unfiltered(data, at, rows, stride, step) {
  const out = new Uint8Array(rows * stride);
  for (let y = 0; y < rows; y += 1) {
    const kind = data[at++];
    const row = y * stride;
    for (let x = 0; x < stride; x += 1) {
      const left = x >= step ? out[row + x - step] : 0;
      const up = y ? out[row + x - stride] : 0;
      const corner = y && x >= step ? out[row + x - stride - step] : 0;
      const guess = kind === 1 ? left : kind === 2 ? up : kind === 3 ? (left + up) >> 1 : kind === 4 ? paeth(left, up, corner) : 0;
      out[row + x] = data[at++] + guess;
    }
  }
  return out;
}

// Numbers (height x width x channels), as they lie in the file: Uint16Array of 16 bits, Uint8Array of fewer.
async function numbers(chunks, { width, height, depth, colour, interlaced }) {
  const channels = CHANNELS[colour];
  const bits = channels * depth;
  const step = Math.max(1, bits >> 3);
  const passes = (interlaced ? PASSES : [[0, 0, 1, 1]])
    .map(([x, y, dx, dy]) => ({ x, y, dx, dy, w: Math.ceil((width - x) / dx), h: Math.ceil((height - y) / dy) }))
    .filter(({ w, h }) => w > 0 && h > 0);
  const stride = (w) => Math.ceil((w * bits) / 8);
  const data = await inflated(chunks.IDAT, passes.reduce((sum, { w, h }) => sum + h * (1 + stride(w)), 0));
  const out = depth === 16 ? new Uint16Array(width * height * channels) : new Uint8Array(width * height * channels);
  let at = 0;
  for (const { x, y, dx, dy, w, h } of passes) {
    const rows = unfiltered(data, at, h, stride(w), step);
    at += h * (1 + stride(w));
    if (depth === 8 && dx === 1) return rows;
    const mask = (1 << depth) - 1;
    for (let j = 0; j < h; j += 1)
      for (let i = 0; i < w * channels; i += 1) {
        const row = j * stride(w);
        const bit = i * depth;
        const value = depth === 16 ? (rows[row + 2 * i] << 8) | rows[row + 2 * i + 1] : (rows[row + (bit >> 3)] >> (8 - depth - (bit & 7))) & mask;
        out[((y + j * dy) * width + x + Math.floor(i / channels) * dx) * channels + (i % channels)] = value;
      }
  }
  return out;
}

// -> {width, height, channels (1, 3 or 4), pixels}: gray, RGB, or RGB with alpha. `levels` are black and white of 16 bits.
export async function decodePng(chunks, levels) {
  const head = pngHead(chunks);
  const { width, height, depth, colour } = head;
  const clear = chunks.tRNS;
  let values = await numbers(chunks, head);
  const count = width * height;
  if (colour === 3) {
    const channels = clear ? 4 : 3;
    const pixels = new Uint8Array(count * channels);
    for (let i = 0; i < count; i += 1) {
      for (let k = 0; k < 3; k += 1) pixels[i * channels + k] = chunks.PLTE[3 * values[i] + k] ?? 0;
      if (clear) pixels[i * 4 + 3] = clear[values[i]] ?? 255;
    }
    return { width, height, channels, pixels };
  }
  const own = CHANNELS[colour];
  const bytes = depth === 8 ? values : new Uint8Array(values.length);
  const [black, white] = levels;
  const full = black === 0 && white === 65535;
  const plain = full || own === 2 || own === 4 || Boolean(clear);
  if (depth === 16)
    for (let i = 0; i < values.length; i += 1)
      bytes[i] = plain ? values[i] >> 8 : rounded(255 * Math.min(1, Math.max(0, (values[i] - black) / (white - black))));
  else if (depth < 8) for (let i = 0; i < values.length; i += 1) bytes[i] = values[i] * (255 / ((1 << depth) - 1));
  if (own === 1 || own === 3) {
    if (!clear) return { width, height, channels: own, pixels: bytes };
    const key = Array.from({ length: own }, (_, k) => (clear[2 * k] << 8) | clear[2 * k + 1]);
    const pixels = new Uint8Array(count * 4);
    for (let i = 0; i < count; i += 1) {
      const gone = key.every((number, k) => values[i * own + k] === number);
      for (let k = 0; k < 3; k += 1) pixels[4 * i + k] = bytes[i * own + (own === 1 ? 0 : k)];
      pixels[4 * i + 3] = gone ? 0 : 255;
    }
    return { width, height, channels: 4, pixels };
  }
  if (own === 4) return { width, height, channels: 4, pixels: bytes };
  const pixels = new Uint8Array(count * 4);
  for (let i = 0; i < count; i += 1) {
    pixels.fill(bytes[2 * i], 4 * i, 4 * i + 3);
    pixels[4 * i + 3] = bytes[2 * i + 1];
  }
  return { width, height, channels: 4, pixels };
}

const rounded = (x) => (x % 1 === 0.5 ? 2 * Math.round(x / 2) : Math.round(x));
