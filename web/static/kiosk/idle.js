// Asks whether the visitor is still there, and clears everything when nobody answers.

const ASK_AFTER_MS = 90_000;
const ANSWER_WITHIN_S = 60;

export class Idle extends EventTarget {
  #timer = null;
  #countdown = null;
  #secondsLeft = 0;

  get isAsking() {
    return this.#countdown !== null;
  }

  /** Something was touched or heard: begin to count anew, as often as it happens. */
  touch() {
    const wasAsking = this.isAsking;
    this.#clear();
    this.#timer = setTimeout(() => this.#ask(), ASK_AFTER_MS);
    if (wasAsking) this.dispatchEvent(new Event("stayed"));
  }

  /** Nobody is here: nothing to ask and nothing to clear. */
  rest() {
    this.#clear();
  }

  #ask() {
    this.#secondsLeft = ANSWER_WITHIN_S;
    this.#countdown = setInterval(() => this.#count(), 1000);
    this.dispatchEvent(new CustomEvent("asking", { detail: this.#secondsLeft }));
  }

  #count() {
    this.#secondsLeft -= 1;
    if (this.#secondsLeft > 0) {
      this.dispatchEvent(new CustomEvent("counting", { detail: this.#secondsLeft }));
    } else {
      this.#clear();
      this.dispatchEvent(new Event("gone"));
    }
  }

  #clear() {
    clearTimeout(this.#timer);
    clearInterval(this.#countdown);
    this.#timer = this.#countdown = null;
  }
}
