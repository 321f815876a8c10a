// Judges what the microphone brings while somebody is listened to: dead, too quiet, right, too loud.

/** Samples that differ by less than one step of 16 bits do not differ. */
const CONSTANT = 2e-5;
const DEAD_S = 2.5;
const CLIPPED = 0.985;
const CLIPPED_PIECES = 3;
const VOICE = 0.02;
const QUIET = 0.06;
/** Pieces that are looked at together: about as long as a word. */
const LOOKED_AT = 12;

const WORDS = {
  none: "还没有听到声音，请靠近一点说",
  pause: "在听，说完请停一下",
  quiet: "声音太小，请靠近一点说",
  right: "声音合适",
  loud: "声音太大，请离麦克风远一点",
};

export class SoundJudge {
  #levels = [];
  #constantS = 0;
  #hasSignal = false;
  heardVoice = false;
  /** Seconds since there was last a voice, or since the beginning. */
  quietS = 0;

  /** Take a piece of so many seconds. */
  note({ level, range }, seconds) {
    this.#levels = [...this.#levels, level].slice(-LOOKED_AT);
    if (range > CONSTANT) this.#hasSignal = true;
    this.#constantS += seconds;
    this.quietS = level > VOICE ? 0 : this.quietS + seconds;
    if (level > VOICE) this.heardVoice = true;
  }

  get hasSignal() {
    return this.#hasSignal;
  }

  /** Whether nothing at all came since the beginning, not even the noise that every room has. */
  get isDead() {
    return !this.#hasSignal && this.#constantS >= DEAD_S;
  }

  /** none, pause, quiet, right or loud. */
  get sort() {
    const clipped = this.#levels.filter((level) => level >= CLIPPED).length;
    const loudest = Math.max(0, ...this.#levels);
    if (clipped >= CLIPPED_PIECES) return "loud";
    if (loudest <= VOICE) return this.heardVoice ? "pause" : "none";
    return loudest <= QUIET ? "quiet" : "right";
  }

  get words() {
    return WORDS[this.sort];
  }
}
