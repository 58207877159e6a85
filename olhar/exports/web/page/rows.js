// Decoded pictures, as resizing.js reads them: rows of four bytes a pixel, as they lie.

// Rows of 1, 3 or 4 numbers a pixel.
export function ofPixels({ width, height, channels, pixels }, turn) {
  const [green, blue] = channels === 1 ? [0, 0] : [1, 2];
  const read = (first, rows, out) => {
    for (let from = first * width * channels, to = 0; to < out.length; from += channels, to += 4) {
      out[to] = pixels[from];
      out[to + 1] = pixels[from + green];
      out[to + 2] = pixels[from + blue];
      if (channels === 4) out[to + 3] = pixels[from + 3];
    }
  };
  return { width, height, turn, red: 0, clear: channels === 4, read, close: () => {} };
}

export const isOpaque = ({ format }) => format === "RGBX" || format === "BGRX";

// A frame of opaque pixels, which are copied as they lie: a fiftieth of a canvas's time.
export function ofFrame(frame, turn) {
  const { x, y, width, height } = frame.visibleRect;
  const read = (first, rows, out) => frame.copyTo(out, { rect: { x, y: y + first, width, height: rows } });
  return { width, height, turn, red: frame.format === "BGRX" ? 2 : 0, clear: false, read, close: () => frame.close() };
}

function byCanvas(bitmap, turn) {
  const { width, height } = bitmap;
  let context = null;
  const read = (first, rows, out) => {
    if (!context || context.canvas.height < rows)
      context = new OffscreenCanvas(width, rows).getContext("2d", { willReadFrequently: true, colorSpace: "srgb" });
    context.globalCompositeOperation = "copy";
    context.drawImage(bitmap, 0, first, width, rows, 0, 0, width, rows);
    out.set(context.getImageData(0, 0, width, rows).data);
  };
  return { width, height, turn, red: 0, clear: true, read, close: () => bitmap.close() };
}

// A bitmap as a frame; null where a browser has none, something may shine through, or the bitmap was turned only in name.
function bitmapFrame(bitmap) {
  if (!globalThis.VideoFrame) return null;
  const frame = new VideoFrame(bitmap, { timestamp: 0 });
  if (isOpaque(frame) && !frame.rotation && !frame.flip) return frame;
  frame.close();
  return null;
}

export function ofBitmap(bitmap, turn = 1) {
  const frame = bitmapFrame(bitmap);
  if (!frame) return byCanvas(bitmap, turn);
  bitmap.close();
  return ofFrame(frame, turn);
}
