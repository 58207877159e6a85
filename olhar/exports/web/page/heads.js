// What the bytes of a picture say before its pixels: its size, and how it has to be turned.

export const starts = (bytes, start) => start.every((byte, i) => bytes[i] === byte);
export const latin = (bytes) => new TextDecoder("latin1").decode(bytes);

// EXIF orientation, 1 to 8; 0 where EXIF says nothing.
export function exifOrientation(exif) {
  const view = new DataView(exif.buffer, exif.byteOffset, exif.byteLength);
  if (exif.length < 8) return 0;
  const little = exif[0] === 0x49;
  const at = view.getUint32(4, little);
  if (at + 2 > exif.length) return 0;
  for (let i = 0, n = view.getUint16(at, little); i < n && at + 14 + 12 * i <= exif.length; i += 1)
    if (view.getUint16(at + 2 + 12 * i, little) === 0x0112) return view.getUint16(at + 10 + 12 * i, little);
  return 0;
}

// Size of a JPEG; whether its EXIF turns it, and whether XMP alone does (browsers follow EXIF only).
export function jpegHead(bytes) {
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

// Whether a JPEG ends before its end is told.
export function cutOff(bytes) {
  for (let at = bytes.length - 2; at >= 2; at -= 1) {
    if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) return false;
    if (bytes[at] === 0xff && bytes[at + 1] === 0xda) return true;
  }
  return true;
}

// Where a WebP keeps its EXIF; 0 where it has none.
export function webpExif(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 12; at + 8 <= bytes.length; at += 8 + view.getUint32(at + 4, true) + (view.getUint32(at + 4, true) & 1))
    if (latin(bytes.subarray(at, at + 4)) === "EXIF") return at;
  return 0;
}
