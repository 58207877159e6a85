// A picture -> the network's size, bit for bit as olhar/base/resizing.py does it: a triangle filter along the rows, then
// along the columns, its weights in Pillow's fixed point, rounded to 8 bits after each.

const BITS = 22;
const TOWER = 100;
const STRIP = 128;

// Python's round: halves to the even number.
const even = (x) => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x));

// Where each of `size` numbers looks, between two edges, and how much each counts.
export function filter(inside, from, to, size) {
  const low = Math.fround(from);
  const scale = Math.fround(Math.fround(to) - low) / size;
  const support = Math.max(1, scale);
  const length = Math.ceil(support) * 2 + 1;
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

const HALF = 1 << (BITS - 1);
const clip = (sum) => (sum < 0 ? 0 : sum >> BITS > 255 ? 255 : sum >> BITS);

function alongRows(source, rows, width, channels, by, out, place) {
  const { starts, counts, weights, length, size } = by;
  for (let y = 0; y < rows; y += 1) {
    const row = y * width * channels;
    for (let x = 0; x < size; x += 1) {
      const base = x * length;
      const n = counts[x];
      let at = row + starts[x] * channels;
      if (channels === 1) {
        let sum = HALF;
        for (let i = 0; i < n; i += 1) sum = (sum + Math.imul(source[at + i], weights[base + i])) | 0;
        out[place++] = clip(sum);
        continue;
      }
      let red = HALF;
      let green = HALF;
      let blue = HALF;
      for (let i = 0; i < n; i += 1, at += 3) {
        const weight = weights[base + i];
        red = (red + Math.imul(source[at], weight)) | 0;
        green = (green + Math.imul(source[at + 1], weight)) | 0;
        blue = (blue + Math.imul(source[at + 2], weight)) | 0;
      }
      out[place++] = clip(red);
      out[place++] = clip(green);
      out[place++] = clip(blue);
    }
  }
}

// `source` holds rows from `first` on.
function alongColumns(source, first, across, by) {
  const out = new Uint8Array(by.size * across);
  const sums = new Int32Array(across);
  for (let y = 0; y < by.size; y += 1) {
    sums.fill(HALF);
    for (let i = 0; i < by.counts[y]; i += 1) {
      const weight = by.weights[y * by.length + i];
      const row = (by.starts[y] + i - first) * across;
      for (let x = 0; x < across; x += 1) sums[x] = (sums[x] + Math.imul(source[row + x], weight)) | 0;
    }
    for (let x = 0; x < across; x += 1) out[y * across + x] = clip(sums[x]);
  }
  return out;
}

const whole = (inside, from, to, size) => inside === size && from === 0 && to === inside;

// `picture` gives rows: (first, count) -> Uint8Array of count x width x channels.
function resampled(picture, channels, width, height, [left, top, right, bottom]) {
  const across = whole(picture.width, left, right, width) ? null : filter(picture.width, left, right, width);
  const down = whole(picture.height, top, bottom, height) ? null : filter(picture.height, top, bottom, height);
  if (picture.height > TOWER * picture.width && height < picture.height) {
    const shorter = alongColumns(picture.rows(0, picture.height), 0, picture.width * channels, down);
    if (!across) return shorter;
    const out = new Uint8Array(height * width * channels);
    alongRows(shorter, height, picture.width, channels, across, out, 0);
    return out;
  }
  const first = down ? down.starts[0] : 0;
  const last = down ? down.starts[height - 1] + down.counts[height - 1] : height;
  const narrow = new Uint8Array((last - first) * width * channels);
  for (let y = first; y < last; y += STRIP) {
    const rows = Math.min(STRIP, last - y);
    const strip = picture.rows(y, rows);
    const place = (y - first) * width * channels;
    if (across) alongRows(strip, rows, picture.width, channels, across, narrow, place);
    else narrow.set(strip, place);
  }
  return down ? alongColumns(narrow, first, width * channels, down) : narrow;
}

function middle(width, height, aspect) {
  const [w, h] = width / height > aspect ? [height * aspect, height] : [width, width / aspect];
  return [(width - w) / 2, (height - h) / 2, (width + w) / 2, (height + h) / 2];
}

function padded(picture, { width, height, channels }) {
  const narrow = picture.width / picture.height > width / height;
  const w = narrow ? width : Math.max(1, even((picture.width / picture.height) * height));
  const h = narrow ? Math.max(1, even((picture.height / picture.width) * width)) : height;
  const inner = resampled(picture, channels, w, h, [0, 0, picture.width, picture.height]);
  const out = new Uint8Array(width * height * channels);
  const left = even((width - w) / 2);
  const top = even((height - h) / 2);
  for (let y = 0; y < h; y += 1)
    out.set(inner.subarray(y * w * channels, (y + 1) * w * channels), ((top + y) * width + left) * channels);
  return out;
}

export function fitted(picture, wanted) {
  const { width, height, channels, fit } = wanted;
  if (picture.width === width && picture.height === height) return picture.rows(0, height).slice();
  if (fit === "pad") return padded(picture, wanted);
  const box = fit === "crop" ? middle(picture.width, picture.height, width / height) : [0, 0, picture.width, picture.height];
  return resampled(picture, channels, width, height, box);
}
