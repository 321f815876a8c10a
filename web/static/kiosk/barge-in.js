// Tells a visitor who speaks while the kiosk speaks from the kiosk's own voice coming back.
//
// The browser's echo canceller takes most of that voice away, and how much it leaves depends on the
// room, the loudspeaker and the loudness. So what is left is measured, as a share of what is played,
// and only what is well above it counts. Powers are roots of mean squares, from 0 to 1.

/** Quieter than this nobody speaks into a kiosk's microphone: about 36 dB below the loudest. */
const LEAST_POWER = 0.016;
const MOST_LEAST_POWER = 0.12;
const ABOVE_NOISE = 3;
const ABOVE_ECHO = 2;
const FIRST_ECHO_SHARE = 0.12;
const LEAST_ECHO_SHARE = 0.02;
/** Pieces that an echo may come later than it is played: the way through the air and the buffers. */
const ECHO_PIECES = 8;
/** So many of the last pieces must be loud: one alone is a knock or a click. */
const LOUD_PIECES = 3;
const LOOKED_AT = 4;

export class BargeIn {
  #least = LEAST_POWER;
  #noise = LEAST_POWER / ABOVE_NOISE;
  #echoShare = FIRST_ECHO_SHARE;
  #played = [];
  /** For each of the last pieces its share of what was played where it was loud, else null. */
  #loud = [];

  /** Take a piece of 50 ms: the microphone's power and the loudspeaker's; whether somebody speaks. */
  hears(power, played) {
    this.#played = [...this.#played, played].slice(-ECHO_PIECES);
    const loudest = Math.max(...this.#played);
    const threshold = Math.max(
      this.#least, this.#noise * ABOVE_NOISE, this.#echoShare * loudest * ABOVE_ECHO,
    );
    const isLoud = power > threshold;
    if (!isLoud) this.#learn(power, loudest);
    this.#loud = [...this.#loud, isLoud ? power / Math.max(loudest, 0.01) : null].slice(-LOOKED_AT);
    return this.#loud.filter((share) => share !== null).length >= LOUD_PIECES;
  }

  #learn(power, loudest) {
    if (loudest < 0.01) {
      // A hall becomes louder slowly; a pause shows at once how quiet it is.
      this.#noise += (power - this.#noise) * (power < this.#noise ? 0.3 : 0.03);
      return;
    }
    const share = power / loudest;
    if (share > this.#echoShare) this.#echoShare += (share - this.#echoShare) * 0.3;
    else this.#echoShare = Math.max(LEAST_ECHO_SHARE, this.#echoShare * 0.995);
  }

  /** Begin anew to count: what was loud before belongs to something else. */
  forget() {
    this.#loud = [];
    this.#played = [];
  }

  /** Nobody had spoken, the last time: it was an echo, or a noise of the hall. */
  wasWrong() {
    const shares = this.#loud.filter((share) => share !== null);
    if (shares.length) {
      const middle = [...shares].sort((a, b) => a - b)[Math.floor(shares.length / 2)];
      this.#echoShare = Math.min(2, Math.max(this.#echoShare, middle));
    }
    this.#least = Math.min(MOST_LEAST_POWER, this.#least * 1.6);
    this.forget();
  }

  /** Another visitor: what the room and the loudspeaker do stays known. */
  reset() {
    this.#least = LEAST_POWER;
    this.forget();
  }
}
