// Ask a server of Olhar's about pictures, with Node 18 or newer and nothing else: node client.mjs ADDRESS PICTURE...
//
// The token, where the server wants one, stands in OLHAR_TOKEN. Each picture prints a line with its name, then a class a
// line with its probability, best first.

import { readFile } from "node:fs/promises";

const [address, ...pictures] = process.argv.slice(2);
const token = process.env.OLHAR_TOKEN;

// What the server says of one picture, which is sent as it is.
async function ask(picture) {
  const headers = { "Content-Type": "application/octet-stream" };
  if (token) headers.Authorization = `Bearer ${token}`;
  const url = `${address.replace(/\/$/, "")}/predict?top=10000`;
  const answer = await fetch(url, { method: "POST", body: picture, headers, signal: AbortSignal.timeout(30_000) });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.error.message);
  return told;
}

for (const name of pictures) {
  try {
    const { predictions } = await ask(await readFile(name));
    console.log(name);
    for (const one of predictions) console.log(`${one.class}\t${one.probability}`);
  } catch (error) {
    console.error(`${name}: ${error.message}`);
    process.exitCode = 1;
  }
}
