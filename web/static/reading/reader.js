// Reads a document aloud, a sentence at a time, and tells which.

import { Speaker } from "./speaker.js";

/** What the server said instead of a sound. */
class Refused extends Error {}

const AWAY = "暂时连不上服务，朗读停下了。请稍后再点“继续朗读”。";
const NOTHING_TO_SAY = 422;

/**
 * Events: "sentence" (begins; detail is its number), "change" (of state or rate), "finished",
 * "failed" (detail is a sentence for people).
 */
export class Reader extends EventTarget {
  /** "silent", "reading" or "held". */
  state = "silent";
  at = 0;
  #speaker = new Speaker();
  #addressOf;
  #count;
  #rates;
  #rate;
  #turn = 0;
  #ahead = new Map();

  /** addressOf(number, rate) is where the sound of a sentence is; rates are the steps of speed. */
  constructor(count, rates, addressOf) {
    super();
    this.#count = count;
    this.#rates = rates;
    this.#rate = rates.indexOf("1.0");
    this.#addressOf = addressOf;
  }

  get rate() { return this.#rates[this.#rate]; }
  get canBeSlower() { return this.#rate > 0; }
  get canBeFaster() { return this.#rate < this.#rates.length - 1; }

  async readFrom(number) {
    const turn = ++this.#turn;
    this.#speaker.stop();
    this.at = Math.min(Math.max(0, number), this.#count - 1);
    this.#become("reading");
    try {
      await this.#speaker.unlock();
      while (this.at < this.#count) {
        this.#emit("sentence", this.at);
        const sound = await this.#sound(this.at);
        if (turn !== this.#turn) return;
        if (this.at + 1 < this.#count) this.#sound(this.at + 1).catch(() => {}); // Awaited in its turn.
        if (sound) await this.#speaker.play(sound);
        if (turn !== this.#turn) return;
        this.#ahead.delete(this.#key(this.at));
        this.at += 1;
      }
      this.at = 0;
      this.#become("silent");
      this.#emit("finished");
    } catch (error) {
      if (turn !== this.#turn) return;
      this.fail(error instanceof Refused ? error.message : AWAY);
    }
  }

  hold() {
    this.#speaker.hold();
    this.#become("held");
  }

  goOn() {
    this.#become("reading");
    this.#speaker.unlock();
  }

  /** End at once, with a sentence for people. */
  fail(words) {
    this.#ahead.clear();
    this.#stop();
    this.#emit("failed", words);
  }

  back() { this.#move(this.at - 1); }
  forward() { this.#move(this.at + 1); }

  slower() { this.#change(-1); }
  faster() { this.#change(1); }

  #move(number) {
    if (number < 0 || number >= this.#count) return;
    this.readFrom(number);
  }

  #change(step) {
    const wanted = this.#rate + step;
    if (wanted < 0 || wanted >= this.#rates.length) return;
    this.#rate = wanted;
    this.#ahead.clear();
    // What is being said is said again at the new speed, so that the change is heard at once.
    if (this.state === "reading") this.readFrom(this.at);
    else if (this.state === "held") this.#stop();
    this.#emit("change");
  }

  #stop() {
    this.#turn += 1;
    this.#speaker.stop();
    this.#become("silent");
  }

  #key(number) { return `${number} ${this.rate}`; }

  /** The sound of a sentence, null where there is nothing in it to say. */
  #sound(number) {
    const key = this.#key(number);
    if (!this.#ahead.has(key)) {
      const coming = this.#fetch(this.#addressOf(number, this.rate));
      this.#ahead.set(key, coming);
      coming.catch(() => this.#ahead.delete(key));
    }
    return this.#ahead.get(key);
  }

  async #fetch(address) {
    const response = await fetch(address, { headers: { Accept: "audio/wav, application/json" } });
    if (response.ok) return this.#speaker.decode(await response.arrayBuffer());
    if (response.status === NOTHING_TO_SAY) return null;
    const problem = await response.json().catch(() => ({}));
    throw new Refused(problem.sentence ?? AWAY);
  }

  #become(state) {
    if (this.state === state) return;
    this.state = state;
    this.#emit("change");
  }

  #emit(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail })); }
}
