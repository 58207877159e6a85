// Pictures that wait for an answer, a few at once; it can be stopped, and goes on where it was.

const AT_ONCE = 4;
const ENOUGH = 8; // answers until the time that is left can be told

export class Queue {
  #waiting = [];
  #running = 0;
  #begun = 0;
  #ask;
  #changed;
  done = 0;
  total = 0;
  stopped = false;

  // `ask` settles a picture and gives false where nobody answers; `changed` is called after each.
  constructor(ask, changed) {
    this.#ask = ask;
    this.#changed = changed;
  }

  get left() {
    return this.#waiting.length + this.#running;
  }

  // Seconds that are left, or 0 where that cannot be told yet.
  get seconds() {
    if (this.done < ENOUGH || this.stopped) return 0;
    return ((performance.now() - this.#begun) / 1000 / this.done) * this.left;
  }

  add(fresh) {
    if (!this.left) this.#begin();
    this.#waiting.push(...fresh);
    this.total += fresh.length;
    this.#next();
  }

  stop() {
    this.stopped = true;
    this.#changed();
  }

  resume() {
    this.#begin();
    this.total = this.left;
    this.#next();
    this.#changed();
  }

  // Pictures that nobody wants to know of any more.
  drop(gone) {
    const before = this.#waiting.length;
    this.#waiting = this.#waiting.filter((item) => !gone.has(item));
    this.total -= before - this.#waiting.length;
    this.#changed();
  }

  #begin() {
    this.done = this.total = 0;
    this.stopped = false;
    this.#begun = performance.now();
  }

  #next() {
    while (this.#running < AT_ONCE && this.#waiting.length && !this.stopped) this.#one(this.#waiting.shift());
  }

  async #one(item) {
    this.#running += 1;
    const settled = await this.#ask(item);
    this.#running -= 1;
    if (settled) this.done += 1;
    else if (this.#waiting.length) {
      this.#waiting.unshift(item);
      this.stopped = true;
    }
    this.#changed();
    this.#next();
  }
}
