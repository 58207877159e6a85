// The part of a picture that the network sees: a frame for `crop`, bars for `pad`; `stretch` sees all of it.

const share = (part) => `${100 * part}%`;

// Mark it on a frame that holds a picture (or a video) of this width and height.
export function mark(frame, width, height, wanted) {
  const view = frame.querySelector(".seen");
  const ours = wanted.width / wanted.height;
  const own = width / height;
  const cut = wanted.fit === "crop" && Math.abs(own - ours) > 0.01;
  const padded = wanted.fit === "pad" && Math.abs(own - ours) > 0.01;
  frame.style.setProperty("--ratio", padded ? ours : own);
  frame.classList.toggle("padded", padded);
  view.hidden = !cut;
  if (!cut) return;
  const across = own > ours ? ours / own : 1;
  const down = own > ours ? 1 : own / ours;
  view.style.inset = `${share((1 - down) / 2)} ${share((1 - across) / 2)}`;
}
