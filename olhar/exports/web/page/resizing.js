// A picture -> the network's size, bit for bit as olhar/base/resizing.py does it: along the rows, then along the columns, rounded
// to 8 bits after each (shrinking.c). One that lies turned is shrunk as it lies, and only what comes of it is turned.

import { even, filters, sideways } from "./filters.js";

const STRIP = 64;
const FIRST = 1 << 16;
const PAGE = 1 << 16;
const PIXEL = 4;

// The upright pixels of a picture that was shrunk as it lies, at their place in the network's picture.
function placed(shrunk, across, down, picture, wanted) {
  const onSide = sideways(picture.turn);
  const [width, height] = onSide ? [down, across] : [across, down];
  const [right, below] = onSide ? [across * PIXEL, PIXEL] : [PIXEL, across * PIXEL];
  const out = new Uint8Array(wanted.width * wanted.height * wanted.channels);
  const left = even((wanted.width - width) / 2);
  const top = even((wanted.height - height) / 2);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const from = y * below + x * right;
      const to = ((top + y) * wanted.width + left + x) * wanted.channels;
      out[to] = shrunk[from + (wanted.channels === 1 ? 0 : picture.red)];
      if (wanted.channels === 1) continue;
      out[to + 1] = shrunk[from + 1];
      out[to + 2] = shrunk[from + 2 - picture.red];
    }
  return out;
}

// The kernels on a memory of their own, for one picture at a time. A picture is {width, height, turn (EXIF's), red (the place
// of that colour in a pixel), clear (whether anything may shine through), read(first row, rows, where to)}.
export class Resizer {
  #memory = new WebAssembly.Memory({ initial: 2 });
  #kernel = null;
  #last = Promise.resolve();

  static async open(kernels) {
    const resizer = new Resizer();
    resizer.#kernel = (await WebAssembly.instantiate(kernels, { env: { memory: resizer.#memory } })).instance.exports;
    return resizer;
  }

  // The pixels that the network wants: Uint8Array of height x width x channels.
  fitted(picture, wanted) {
    const work = this.#last.then(() => this.#fitted(picture, wanted));
    this.#last = work.catch(() => {});
    return work;
  }

  async #fitted(picture, wanted) {
    const { across, down, columnsFirst } = filters(picture, wanted);
    const asked = [picture, across, down, wanted.channels];
    const at = await (columnsFirst ? this.#columnsFirst(...asked) : this.#rowsFirst(...asked));
    const shrunk = new Uint8Array(this.#memory.buffer, at, across.size * down.size * PIXEL);
    return placed(shrunk, across.size, down.size, picture, wanted);
  }

  async #rowsFirst(picture, across, down, channels) {
    const ends = [0, down.size - 1];
    const first = Math.min(...ends.map((place) => down.starts[place]));
    const last = Math.max(...ends.map((place) => down.starts[place] + down.counts[place]));
    const at = this.#lay(across, down, STRIP * picture.width, (last - first) * across.size);
    const row = across.size * PIXEL;
    for (let y = first; y < last; y += STRIP) {
      const rows = Math.min(STRIP, last - y);
      await this.#read(picture, y, rows, at.strip, channels);
      this.#across(at, at.strip, at.between + (y - first) * row, across, rows, picture.width);
    }
    for (let y = 0; y < down.size; y += 1)
      this.#down(at, y, at.between + (down.starts[y] - first) * row, at.out + y * row, down, across.size);
    return at.out;
  }

  async #columnsFirst(picture, across, down, channels) {
    const at = this.#lay(across, down, down.length * picture.width, down.size * picture.width);
    for (let y = 0; y < down.size; y += 1) {
      await this.#read(picture, down.starts[y], down.counts[y], at.strip, channels);
      this.#down(at, y, at.strip, at.between + y * picture.width * PIXEL, down, picture.width);
    }
    this.#across(at, at.between, at.out, across, down.size, picture.width);
    return at.out;
  }

  #across(at, from, to, { length, size }, rows, width) {
    this.#kernel.across(from, to, at.starts, at.weights, length, rows, width, size);
  }

  #down(at, y, from, to, { length, counts }, width) {
    this.#kernel.down(from, to, at.more + y * length * PIXEL, counts[y], width);
  }

  async #read(picture, first, rows, place, channels) {
    const many = rows * picture.width;
    await picture.read(first, rows, new Uint8Array(this.#memory.buffer, place, many * PIXEL));
    if (picture.clear) this.#kernel.white(place, many);
    if (channels === 1) this.#kernel.gray(place, many, picture.red);
  }

  // Addresses of the filters, which are put there, and of so many pixels: what is read, what lies between, what comes out.
  #lay(across, down, strip, between) {
    const given = { starts: across.starts, weights: across.weights, more: down.weights };
    const at = {};
    let end = FIRST;
    const place = (name, many) => {
      at[name] = end;
      end += ((many + across.length + PIXEL) * PIXEL + 15) & ~15;
    };
    for (const name in given) place(name, given[name].length);
    place("strip", strip);
    place("between", between);
    place("out", across.size * down.size);
    const lacking = end - this.#memory.buffer.byteLength;
    if (lacking > 0) this.#memory.grow(Math.ceil(lacking / PAGE));
    for (const name in given) new Int32Array(this.#memory.buffer, at[name], given[name].length).set(given[name]);
    return at;
  }
}
