// A ring made in the browser: no file, and one tab alone rings however many are open.

const EVERY_MS = 2500;
const TONES = [[880, 0], [1108, 0.18], [880, 0.36], [1108, 0.54]];
const TONE_S = 0.16;

export class Ringer extends EventTarget {
  #context = null;
  #timer = null;
  #volume = 0;
  #isMine = !("locks" in navigator);

  constructor() {
    super();
    // Browsers make no sound before the first touch of a page; any touch will do.
    for (const kind of ["pointerdown", "keydown"]) {
      document.addEventListener(kind, () => this.try(), { capture: true });
    }
    this.try();
    if (!this.#isMine) {
      navigator.locks.request("openzone-ring", () => new Promise(() => { this.#isMine = true; }));
    }
  }

  get isOn() {
    return this.#context?.state === "running";
  }

  /** Open the sound, as far as the browser lets a page. */
  async try() {
    if (this.isOn) return;
    if (!this.#context) {
      this.#context = new AudioContext();
      this.#context.addEventListener("statechange", () => this.dispatchEvent(new Event("change")));
    }
    // Waits for a touch where there was none yet.
    this.#context.resume().catch(() => {});
  }

  start({ loud }) {
    this.#volume = loud ? 0.9 : 0.35;
    if (this.#timer !== null) return;
    this.#ring();
    this.#timer = setInterval(() => this.#ring(), EVERY_MS);
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = null;
  }

  #ring() {
    if (!this.isOn || !this.#isMine) return;
    const begin = this.#context.currentTime + 0.02;
    for (const [hertz, after] of TONES) {
      const tone = new OscillatorNode(this.#context, { frequency: hertz, type: "triangle" });
      const gain = new GainNode(this.#context, { gain: 0 });
      gain.gain.setValueAtTime(0, begin + after);
      gain.gain.linearRampToValueAtTime(this.#volume, begin + after + 0.02);
      gain.gain.linearRampToValueAtTime(0, begin + after + TONE_S);
      tone.connect(gain).connect(this.#context.destination);
      tone.start(begin + after);
      tone.stop(begin + after + TONE_S);
    }
  }
}
