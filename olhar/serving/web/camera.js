// The camera of this device, where the browser lets a page have it: https, localhost, or a page opened from disk.

let stream = null;
let facing = "environment";
let device = ""; // asked for by name, where cameras do not say where they face

export const possible = () => Boolean(navigator.mediaDevices && navigator.mediaDevices.getUserMedia);

// Pictures of 640 x 480 need no canvas that shrinks them; a phone that has none of that size gives what it has.
export async function open(video) {
  close(video);
  const size = { width: { ideal: 640 }, height: { ideal: 480 } };
  const which = device ? { deviceId: { exact: device } } : { facingMode: facing };
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { ...which, ...size } });
  } catch (error) {
    device = ""; // it may have been unplugged
    throw error;
  }
  video.srcObject = stream;
  const [track] = stream.getVideoTracks();
  video.classList.toggle("mirrored", (track.getSettings().facingMode || (device ? "" : facing)) === "user");
  await video.play();
}

const cameras = async () => (await navigator.mediaDevices.enumerateDevices()).filter(({ kind }) => kind === "videoinput");

export const several = async () => (await cameras()).length > 1;

// The other camera, where there are two: the one that faces the other way, or the next one where they do not say how they face.
export async function turn(video) {
  const now = stream.getVideoTracks()[0].getSettings();
  const ids = (await cameras()).map(({ deviceId }) => deviceId);
  facing = facing === "user" ? "environment" : "user";
  device = now.facingMode ? "" : ids[(ids.indexOf(now.deviceId) + 1) % ids.length];
  await open(video);
}

// What to do when the camera is unplugged, or taken from the page.
export function whenGone(act) {
  stream.getVideoTracks()[0].addEventListener("ended", act);
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
