// A file -> pixels as olhar/base/images.py gives them where it decodes the whole of it.

import { cutOff, exifOrientation, jpegHead, latin, starts, webpExif } from "./heads.js";
import { decodePng, pngChunks, pngHead } from "./png.js";
import { isOpaque, ofBitmap, ofFrame, ofPixels } from "./rows.js";

const LIMIT = 50e6;
const NAMES = [
  ["TIFF", [0x49, 0x49, 0x2a, 0]], ["TIFF", [0x4d, 0x4d, 0, 0x2a]], ["PSD", [0x38, 0x42, 0x50, 0x53]], ["PDF", [0x25, 0x50, 0x44, 0x46]],
  ["JPEG 2000", [0, 0, 0, 0x0c, 0x6a, 0x50]], ["JPEG 2000", [0xff, 0x4f, 0xff, 0x51]], ["JPEG XL", [0xff, 0x0a]], ["Sun", [0x59, 0xa6, 0x6a, 0x95]],
];
const PNG = [0x89, 0x50, 0x4e, 0x47];

// What is said of a picture that is refused: the key of a sentence, and its values.
export class Fault extends Error {
  constructor(key, values = {}) {
    super(key);
    this.fault = { key, values };
  }
}

function refuseLarge(width, height) {
  if (width * height > LIMIT) throw new Fault("too_large", { width, height, megapixels: LIMIT / 1e6 });
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

// Not every browser turns a WebP as its EXIF says: it is taken out, and the picture turned here.
async function webp(bytes) {
  const at = webpExif(bytes);
  const copy = bytes.slice();
  if (at) copy.set([0x4a, 0x55, 0x4e, 0x4b], at);
  const exif = at ? bytes.subarray(at + 8) : new Uint8Array();
  const turn = exifOrientation(latin(exif.subarray(0, 4)) === "Exif" ? exif.subarray(6) : exif);
  return ofBitmap(await byBrowser(new Blob([copy], { type: "image/webp" }), bytes), turn);
}

async function png(bytes, levels) {
  const chunks = pngChunks(bytes);
  if (!chunks.IHDR || chunks.IHDR.length < 13) throw new Fault("damaged");
  const { width, height } = pngHead(chunks);
  refuseLarge(width, height);
  try {
    return ofPixels(await decodePng(chunks, levels), chunks.eXIf ? exifOrientation(chunks.eXIf) : 1);
  } catch {
    throw new Fault("damaged");
  }
}

// Milliseconds until a head that does not end is taken for a damaged one.
const PATIENCE = 1000;

// A JPEG's pixels as they lie, without a bitmap and a canvas: null where a browser has no such decoder, or gives them otherwise.
async function decodedFrame(bytes, { width, height, exif }) {
  if (!globalThis.ImageDecoder) return null;
  let file = null;
  const data = new ReadableStream({ start: (controller) => void (file = controller) });
  file.enqueue(bytes);
  const decoder = new ImageDecoder({ data, type: "image/jpeg", colorSpaceConversion: "none" });
  try {
    await Promise.race([decoder.tracks.ready, new Promise((done) => setTimeout(done, PATIENCE))]);
    const decoding = decoder.decode();
    file.close(); // Not sooner: of a file that is known to be whole Chromium gives YUV.
    const { image } = await decoding;
    const { visibleRect: size, rotation, flip } = image;
    const turns = Boolean(rotation || flip) === exif > 1;
    if (turns && size.width === width && size.height === height && isOpaque(image)) return image;
    image.close();
  } catch {
    // What createImageBitmap says of it counts.
  } finally {
    decoder.close();
  }
  return null;
}

async function jpeg(blob, bytes) {
  const head = jpegHead(bytes);
  refuseLarge(head.width, head.height);
  if (head.cutOff || cutOff(bytes)) throw new Fault("damaged");
  const frame = await decodedFrame(bytes, head);
  if (frame) return ofFrame(frame, head.exif || head.xmp);
  return ofBitmap(await byBrowser(blob, bytes), head.exif ? 1 : head.xmp);
}

async function decoded(blob, levels) {
  if (blob instanceof ImageBitmap) return ofBitmap(blob);
  const bytes = new Uint8Array(await blob.arrayBuffer());
  if (!bytes.length) throw new Fault("empty");
  if (starts(bytes, PNG)) return png(bytes, levels);
  if (starts(bytes, [0xff, 0xd8])) return jpeg(blob, bytes);
  if (latin(bytes.subarray(0, 4)) === "RIFF") return webp(bytes);
  refuseClearAvif(bytes);
  return ofBitmap(await byBrowser(blob, bytes));
}

// The pixels that the network wants: Uint8Array of height x width x channels.
export async function prepared(blob, wanted, resizer) {
  const picture = await decoded(blob, wanted.levels);
  try {
    refuseLarge(picture.width, picture.height);
    return await resizer.fitted(picture, wanted);
  } finally {
    picture.close();
  }
}
