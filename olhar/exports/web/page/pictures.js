// A file -> upright rows of pixels, RGB or gray, as olhar/base/images.py gives them where it decodes the whole of it.

import { decodePng, pngChunks, pngHead } from "./png.js";
import { fitted } from "./resizing.js";

const LIMIT = 50e6;
const SIDEWAYS = 5;
const NAMES = [
  ["TIFF", [0x49, 0x49, 0x2a, 0]], ["TIFF", [0x4d, 0x4d, 0, 0x2a]], ["PSD", [0x38, 0x42, 0x50, 0x53]], ["PDF", [0x25, 0x50, 0x44, 0x46]],
  ["JPEG 2000", [0, 0, 0, 0x0c, 0x6a, 0x50]], ["JPEG 2000", [0xff, 0x4f, 0xff, 0x51]], ["JPEG XL", [0xff, 0x0a]],
];
const PNG = [0x89, 0x50, 0x4e, 0x47];

// What is said of a picture that is refused: the key of a sentence, and its values.
export class Fault extends Error {
  constructor(key, values = {}) {
    super(key);
    this.fault = { key, values };
  }
}

const starts = (bytes, start) => start.every((byte, i) => bytes[i] === byte);
const latin = (bytes) => new TextDecoder("latin1").decode(bytes);

function refuseLarge(width, height) {
  if (width * height > LIMIT) throw new Fault("too_large", { width, height, megapixels: LIMIT / 1e6 });
}

// EXIF orientation, 1 to 8; 0 where EXIF says nothing.
function exifOrientation(exif) {
  const view = new DataView(exif.buffer, exif.byteOffset, exif.byteLength);
  if (exif.length < 8) return 0;
  const little = exif[0] === 0x49;
  const at = view.getUint32(4, little);
  if (at + 2 > exif.length) return 0;
  for (let i = 0, n = view.getUint16(at, little); i < n && at + 14 + 12 * i <= exif.length; i += 1)
    if (view.getUint16(at + 2 + 12 * i, little) === 0x0112) return view.getUint16(at + 10 + 12 * i, little);
  return 0;
}

// What a JPEG says before its pixels: its size, and whether XMP alone turns it (browsers follow EXIF only).
function jpegHead(bytes) {
  const head = { width: 0, height: 0, exif: 0, xmp: 1 };
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1];
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const length = (bytes[at + 2] << 8) | bytes[at + 3];
    const body = bytes.subarray(at + 4, at + 2 + length);
    if (marker === 0xe1 && latin(body.subarray(0, 6)) === "Exif\0\0") head.exif = head.exif || exifOrientation(body.subarray(6));
    else if (marker === 0xe1) head.xmp = Number(/tiff:Orientation(?:="|>)([1-8])/.exec(latin(body))?.[1] || head.xmp);
    else if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      head.height = (body[1] << 8) | body[2];
      head.width = (body[3] << 8) | body[4];
    } else if (marker === 0xda) break;
    at += 2 + length;
  }
  return head;
}

const cutOff = (bytes) => {
  for (let at = bytes.length - 2; at >= 2; at -= 1) {
    if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) return false;
    if (bytes[at] === 0xff && bytes[at + 1] === 0xda) return true;
  }
  return true;
};

// Pixels (height x width x channels), turned as an orientation says.
function turned({ width, height, channels, pixels }, orientation) {
  if (!(orientation > 1 && orientation < 9)) return { width, height, channels, pixels };
  const sideways = orientation >= SIDEWAYS;
  const [w, h] = sideways ? [height, width] : [width, height];
  const flipX = [2, 3, 7, 8].includes(orientation);
  const flipY = [3, 4, 6, 7].includes(orientation);
  const out = new Uint8Array(pixels.length);
  for (let y = 0; y < h; y += 1)
    for (let x = 0; x < w; x += 1) {
      const [i, j] = sideways ? [y, x] : [x, y];
      const from = ((flipY ? height - 1 - j : j) * width + (flipX ? width - 1 - i : i)) * channels;
      for (let k = 0; k < channels; k += 1) out[(y * w + x) * channels + k] = pixels[from + k];
    }
  return { width: w, height: h, channels, pixels: out };
}

const luma = (red, green, blue) => (19595 * red + 38470 * green + 7471 * blue + 32768) >> 16;

// Pillow's alpha_composite over white, for one colour.
function overWhite(colour, alpha) {
  const sum = 128 * (colour * alpha + 255 * (255 - alpha)) + (0x80 << 7);
  return (((sum >> 8) + sum) >> 8) >> 7;
}

// Rows of 1, 3 or 4 numbers a pixel -> rows of as many as the network takes.
function coloured(pixels, has, wants) {
  if (has === wants) return pixels;
  const count = pixels.length / has;
  const out = new Uint8Array(count * wants);
  for (let i = 0; i < count; i += 1) {
    let red = pixels[i * has];
    let green = has === 1 ? red : pixels[i * has + 1];
    let blue = has === 1 ? red : pixels[i * has + 2];
    const alpha = has === 4 ? pixels[i * 4 + 3] : 255;
    if (alpha < 255) [red, green, blue] = [overWhite(red, alpha), overWhite(green, alpha), overWhite(blue, alpha)];
    if (wants === 1) out[i] = luma(red, green, blue);
    else {
      out[3 * i] = red;
      out[3 * i + 1] = green;
      out[3 * i + 2] = blue;
    }
  }
  return out;
}

const ofPixels = ({ width, height, channels, pixels }, wants) => ({
  width,
  height,
  rows: (first, count) => coloured(pixels.subarray(first * width * channels, (first + count) * width * channels), channels, wants),
});

function ofBitmap(bitmap, wants) {
  const { width, height } = bitmap;
  let context = null;
  return {
    width,
    height,
    rows: (first, count) => {
      if (!context || context.canvas.height < count)
        context = new OffscreenCanvas(width, count).getContext("2d", { willReadFrequently: true, colorSpace: "srgb" });
      context.globalCompositeOperation = "copy";
      context.drawImage(bitmap, 0, first, width, count, 0, 0, width, count);
      return coloured(context.getImageData(0, 0, width, count).data, 4, wants);
    },
  };
}

// Of an AVIF with transparency browsers make other colours than libavif does: it is not opened.
function refuseClearAvif(bytes) {
  const head = latin(bytes.subarray(0, 4096));
  if (head.startsWith("ftypavif", 4) && head.includes("auxiliary:alpha")) throw new Fault("form", { form: "AVIF (alpha)" });
}

const AS_STORED = { colorSpaceConversion: "none", premultiplyAlpha: "none" };

async function byBrowser(blob, bytes) {
  try {
    return await createImageBitmap(blob, AS_STORED);
  } catch {
    const name = NAMES.find(([, start]) => starts(bytes, start))?.[0] || (/^ftyp(hei|hev|mif|msf)/.test(latin(bytes.subarray(4, 12))) ? "HEIC" : "");
    throw name ? new Fault("form", { form: name }) : new Fault("unknown");
  }
}

// Where a WebP keeps its EXIF; 0 where it has none.
function webpExif(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 12; at + 8 <= bytes.length; at += 8 + view.getUint32(at + 4, true) + (view.getUint32(at + 4, true) & 1))
    if (latin(bytes.subarray(at, at + 4)) === "EXIF") return at;
  return 0;
}

// Not every browser turns a WebP as its EXIF says: it is taken out, and the picture turned here.
async function webp(bytes, wanted) {
  const at = webpExif(bytes);
  const copy = bytes.slice();
  if (at) copy.set([0x4a, 0x55, 0x4e, 0x4b], at);
  const bitmap = await byBrowser(new Blob([copy], { type: "image/webp" }), bytes);
  refuseLarge(bitmap.width, bitmap.height);
  const exif = at ? bytes.subarray(at + 8) : new Uint8Array();
  const orientation = exifOrientation(latin(exif.subarray(0, 4)) === "Exif" ? exif.subarray(6) : exif);
  const picture = { ...ofBitmap(bitmap, wanted.channels), close: () => bitmap.close() };
  if (!(orientation > 1)) return picture;
  const pixels = picture.rows(0, picture.height).slice();
  bitmap.close();
  return ofPixels(turned({ ...picture, channels: wanted.channels, pixels }, orientation), wanted.channels);
}

async function png(bytes, wanted) {
  const chunks = pngChunks(bytes);
  if (!chunks.IHDR || chunks.IHDR.length < 13) throw new Fault("damaged");
  const { width, height } = pngHead(chunks);
  refuseLarge(width, height);
  try {
    const picture = await decodePng(chunks, wanted.levels);
    return ofPixels(turned(picture, chunks.eXIf ? exifOrientation(chunks.eXIf) : 1), wanted.channels);
  } catch {
    throw new Fault("damaged");
  }
}

async function jpeg(blob, bytes, wanted) {
  const { width, height, exif, xmp } = jpegHead(bytes);
  refuseLarge(width, height);
  if (cutOff(bytes)) throw new Fault("damaged");
  const bitmap = await byBrowser(blob, bytes);
  const picture = ofBitmap(bitmap, wanted.channels);
  if (exif || xmp === 1) return { ...picture, close: () => bitmap.close() };
  const pixels = picture.rows(0, picture.height).slice();
  bitmap.close();
  return ofPixels(turned({ ...picture, channels: wanted.channels, pixels }, xmp), wanted.channels);
}

function ofCamera(bitmap, wanted) {
  const pixels = fitted(ofBitmap(bitmap, wanted.channels), wanted);
  bitmap.close();
  return pixels;
}

// The pixels that the network wants: Uint8Array of height x width x channels.
export async function prepared(blob, wanted) {
  if (blob instanceof ImageBitmap) return ofCamera(blob, wanted);
  const bytes = new Uint8Array(await blob.arrayBuffer());
  if (!bytes.length) throw new Fault("empty");
  let picture;
  if (starts(bytes, PNG)) picture = await png(bytes, wanted);
  else if (starts(bytes, [0xff, 0xd8])) picture = await jpeg(blob, bytes, wanted);
  else if (latin(bytes.subarray(0, 4)) === "RIFF") picture = await webp(bytes, wanted);
  else {
    refuseClearAvif(bytes);
    const bitmap = await byBrowser(blob, bytes);
    refuseLarge(bitmap.width, bitmap.height);
    picture = { ...ofBitmap(bitmap, wanted.channels), close: () => bitmap.close() };
  }
  const pixels = fitted(picture, wanted);
  picture.close?.();
  return pixels;
}
