// Small pictures for the grid, made only of those that come into view; a thousand photographs are never held whole.

const SIDE = 224;

async function small(file) {
  const whole = await createImageBitmap(file);
  const scale = Math.min(1, SIDE / Math.max(whole.width, whole.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(whole.width * scale));
  canvas.height = Math.max(1, Math.round(whole.height * scale));
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "medium";
  context.drawImage(whole, 0, 0, canvas.width, canvas.height);
  whole.close();
  const blob = await new Promise((done) => canvas.toBlob(done, "image/webp", 0.8));
  return { url: URL.createObjectURL(blob), tiny: canvas.width < 64 };
}

const waiting = [];
let running = 0;

async function next() {
  if (running >= 2 || !waiting.length) return;
  running += 1;
  const item = waiting.shift();
  try {
    item.thumbnail ??= await small(item.file);
    item.paint?.();
  } catch {
    item.paintMissing?.();
  }
  running -= 1;
  next();
}

const seen = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries)
      if (isIntersecting) {
        seen.unobserve(target);
        waiting.push(target.item);
        next();
      }
  },
  { rootMargin: "400px" },
);

// The thumbnail of an item is made when `place` comes near: then its `paint` is called, or `paintMissing`.
export function whenSeen(place, item) {
  place.item = item;
  seen.observe(place);
}

export function forget(item) {
  if (item.thumbnail) URL.revokeObjectURL(item.thumbnail.url);
  if (item.url) URL.revokeObjectURL(item.url);
  item.thumbnail = item.url = null;
}
