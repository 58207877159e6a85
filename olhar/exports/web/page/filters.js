// Where each pixel of the network's picture looks, and how much each place counts: a triangle filter, its weights in Pillow's
// fixed point, as olhar/base/resizing.py has it. A picture that lies turned or mirrored is shrunk as it lies, by the filters
// of its upright shape.

const BITS = 22;
const TOWER = 100;
const SIDEWAYS = [5, 6, 7, 8];
const FLIPPED_X = [2, 3, 7, 8];
const FLIPPED_Y = [3, 4, 6, 7];

export const sideways = (turn) => SIDEWAYS.includes(turn);

// Python's round: halves to the even number.
export const even = (x) => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x));

// Where each of `size` numbers looks, between two edges, and how much each counts; `length` is a multiple of four.
function filter(inside, from, to, size) {
  const low = Math.fround(from);
  const scale = Math.fround(Math.fround(to) - low) / size;
  const support = Math.max(1, scale);
  const length = 4 * Math.ceil((Math.ceil(support) * 2 + 1) / 4);
  const starts = new Int32Array(size);
  const counts = new Int32Array(size);
  const weights = new Int32Array(size * length);
  for (let place = 0; place < size; place += 1) {
    const centre = low + (place + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const count = Math.min(inside, Math.trunc(centre + support + 0.5)) - first;
    const shares = [];
    let total = 0;
    for (let i = 0; i < count; i += 1) {
      const distance = Math.abs((i + first - centre + 0.5) * (1 / support));
      shares.push(distance < 1 ? 1 - distance : 0);
      total += shares[i];
    }
    starts[place] = first;
    counts[place] = count;
    for (let i = 0; i < count; i += 1)
      weights[place * length + i] = Math.trunc(0.5 + (total ? shares[i] / total : shares[i]) * 2 ** BITS);
  }
  return { starts, counts, weights, length, size };
}

// The same for a side that is counted from its other end.
function mirrored({ starts, counts, weights, length, size }, inside) {
  const turned = new Int32Array(weights.length);
  for (let place = 0; place < size; place += 1)
    turned.set(weights.subarray(place * length, place * length + counts[place]).reverse(), place * length);
  return { starts: starts.map((start, place) => inside - start - counts[place]), counts, weights: turned, length, size };
}

function middle(width, height, aspect) {
  const [w, h] = width / height > aspect ? [height * aspect, height] : [width, width / aspect];
  return [(width - w) / 2, (height - h) / 2, (width + w) / 2, (height + h) / 2];
}

// The largest size of a picture's own shape that fits.
function within(width, height, wanted) {
  const narrow = width / height > wanted.width / wanted.height;
  return narrow
    ? [wanted.width, Math.max(1, even((height / width) * wanted.width))]
    : [Math.max(1, even((width / height) * wanted.height)), wanted.height];
}

// Filters along the rows and columns as a picture lies, and whether the columns come first.
export function filters({ width, height, turn }, wanted) {
  const onSide = sideways(turn);
  const [w, h] = onSide ? [height, width] : [width, height];
  const size = wanted.fit === "pad" ? within(w, h, wanted) : [wanted.width, wanted.height];
  const [left, top, right, bottom] = wanted.fit === "crop" ? middle(w, h, wanted.width / wanted.height) : [0, 0, w, h];
  const own = [filter(w, left, right, size[0]), filter(h, top, bottom, size[1])];
  const [across, down] = onSide ? own.reverse() : own;
  return {
    across: FLIPPED_X.includes(turn) ? mirrored(across, width) : across,
    down: FLIPPED_Y.includes(turn) ? mirrored(down, height) : down,
    columnsFirst: (h > TOWER * w && size[1] < h) !== onSide,
  };
}
