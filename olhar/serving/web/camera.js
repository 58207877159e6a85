// The camera of this device, where the browser lets a page have it: https, localhost, or a page opened from disk.

let stream = null;
let facing = "environment";

export const possible = () => Boolean(navigator.mediaDevices && navigator.mediaDevices.getUserMedia);

// Pictures of 640 x 480 need no canvas that shrinks them; a phone that has none of that size gives what it has.
export async function open(video) {
  close(video);
  const size = { width: { ideal: 640 }, height: { ideal: 480 } };
  stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: facing, ...size } });
  video.srcObject = stream;
  const [track] = stream.getVideoTracks();
  video.classList.toggle("mirrored", (track.getSettings().facingMode || facing) === "user");
  await video.play();
}

// The other camera, where there are two.
export async function turn(video) {
  facing = facing === "user" ? "environment" : "user";
  await open(video);
}

export async function several() {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.filter(({ kind }) => kind === "videoinput").length > 1;
}

export function close(video) {
  if (stream) for (const track of stream.getTracks()) track.stop();
  stream = null;
  video.srcObject = null;
}

// What the camera sees now, as it is: nothing is shrunk on the way to the network.
export function drawn(video) {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d").drawImage(video, 0, 0);
  return canvas;
}

// The same as a PNG, in which nothing is lost.
export async function photograph(video) {
  const blob = await new Promise((done) => drawn(video).toBlob(done, "image/png"));
  return new File([blob], "camera.png", { type: "image/png" });
}
