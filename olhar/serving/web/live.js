// The camera asked about as it looks: about five answers a second where the machine allows it, fewer where it does not.

import * as answers from "./answers.js";
import { named } from "./answer.js";
import * as camera from "./camera.js";
import { showAnswer } from "./card.js";
import { $, announce, notice } from "./parts.js";
import { mark } from "./seen.js";
import { say, spoken } from "./texts.js";

const EACH = 180; // milliseconds from one question to the next
const SPOKEN = 3000;
const REASONS = { NotAllowedError: "camera_refused", NotReadableError: "camera_busy" };

let about = null;
let running = 0; // the turn of the loop that may ask; any other one ends
let last = { heard: "", at: 0 };

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

async function watch() {
  const turn = (running += 1);
  while (turn === running) {
    const begun = performance.now();
    if (!document.hidden && $("video").videoWidth) await look(turn);
    await wait(Math.max(20, EACH - (performance.now() - begun)));
  }
}

async function look(turn) {
  let answer;
  try {
    answer = await answers.ask(await answers.frame(camera.drawn($("video"))), spoken());
  } catch {
    answer = { error: { message: say("offline") } };
  }
  if (turn !== running) return;
  if (answer.error) {
    notice(answer.error.message);
    $("token").hidden = !answer.wantsToken;
    hold(true);
    return;
  }
  $("seeing").hidden = false;
  showAnswer($("seeing"), answer, about.labels);
  hear(answer);
}

// Who listens is told another class, and not five times a second.
function hear(answer) {
  const words = named(answer, about.labels);
  const now = performance.now();
  if (words === last.heard || now - last.at < SPOKEN) return;
  last = { heard: words, at: now };
  announce(words);
}

function hold(held) {
  running += 1;
  $("hold").setAttribute("aria-pressed", String(held));
  if (held) $("video").pause();
  else $("video").play().then(watch);
}

function view(open) {
  running += 1;
  $("viewfinder").hidden = !open;
  $("ask").classList.toggle("watching", open);
  $("live").hidden = open || !camera.possible();
  $("seeing").hidden = true;
  $("hold").setAttribute("aria-pressed", "false");
  if (!open) camera.close($("video"));
  $(open ? "shoot" : "live").focus();
}

async function start(open) {
  // While a camera opens no tap is taken, and the button says so; it keeps the focus, which a disabled one would lose.
  const turn = $("turn");
  if (turn.ariaDisabled) return;
  turn.ariaDisabled = true;
  try {
    await open($("video"));
    camera.whenGone(() => unable("camera_none"));
    turn.hidden = !(await camera.several());
    notice("");
    view(true);
    watch();
  } catch (error) {
    unable(REASONS[error.name] || "camera_none");
  }
  turn.ariaDisabled = null;
}

function unable(why) {
  view(false);
  notice(say(why));
}

// The model that is asked from here on.
export function ofModel(met) {
  about = met;
  if ($("video").videoWidth) mark($("lens"), $("video").videoWidth, $("video").videoHeight, about.wanted);
}

// `add` takes what is photographed.
export function setUp(add) {
  $("live").hidden = !camera.possible();
  $("insecure").hidden = camera.possible();
  document.querySelector(".camera").hidden = camera.possible(); // the camera of the system, where a page may not have it
  $("live").addEventListener("click", () => start(camera.open));
  $("turn").addEventListener("click", () => start(camera.turn));
  $("dark").addEventListener("click", () => view(false));
  $("hold").addEventListener("click", () => hold($("hold").getAttribute("aria-pressed") !== "true"));
  $("shoot").addEventListener("click", async () => add([await camera.photograph($("video"))]));
  $("video").addEventListener("resize", () => about && ofModel(about));
}
