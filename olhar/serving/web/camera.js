// The camera of this device, where the browser lets a page have it: https, localhost, or a page opened from disk.

let stream = null;
let facing = "environment";

export const possible = () => Boolean(navigator.mediaDevices && navigator.mediaDevices.getUserMedia);

export async function open(video) {
  close(video);
  stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: facing, width: { ideal: 1280 }, height: { ideal: 960 } } });
  video.srcObject = stream;
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

// What the camera sees now, as a PNG: nothing is lost on the way to the network.
export async function photograph(video) {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d").drawImage(video, 0, 0);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  return new File([blob], "camera.png", { type: "image/png" });
}
