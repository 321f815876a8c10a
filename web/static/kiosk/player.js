// Speaks: fetches each sentence's sound and plays them one after the other.

const SLOWEST = 0.6;
const RATE_STEP = 0.15;
const LOUDEST = 3;
const LOUDNESS_STEP = 0.5;

export class Player extends EventTarget {
  // How this kiosk speaks is settled in the console; a visitor's wishes end with the visit.
  #usualRate = Number(document.body.dataset.rate) || 1;
  #usualLoudness = Number(document.body.dataset.volume) || 1;
  rate = this.#usualRate;
  #loudness = this.#usualLoudness;
  #context = null;
  #gain = null;
  #source = null;
  #meter = null;
  #samples = new Float32Array(1024);
  #turn = 0;
  /** How many pieces of the last play() were said to their end. */
  played = 0;

  /** To be called on a touch or key: browsers let only those open the loudspeaker. */
  unlock() {
    if (this.#context === null) {
      this.#context = new AudioContext();
      this.#gain = this.#context.createGain();
      // Louder than recorded must not crackle.
      const limiter = this.#context.createDynamicsCompressor();
      this.#gain.connect(limiter).connect(this.#context.destination);
      this.#meter = this.#context.createAnalyser();
      this.#meter.fftSize = this.#samples.length;
      limiter.connect(this.#meter);
      this.#gain.gain.value = this.#loudness;
    }
    if (this.#context.state === "suspended") this.#context.resume();
  }

  get isSpeaking() {
    return document.body.dataset.speaking === "true";
  }

  /** How loud it plays at this moment: the root of the mean square, from 0 to 1. */
  get power() {
    if (!this.isSpeaking || this.#meter === null) return 0;
    this.#meter.getFloatTimeDomainData(this.#samples);
    const squares = this.#samples.reduce((sum, sample) => sum + sample * sample, 0);
    return Math.sqrt(squares / this.#samples.length);
  }

  /** Play the pieces ({text, url}) in order; resolves to whether all of them were heard. */
  async play(pieces) {
    this.stop();
    this.played = 0;
    const turn = this.#turn;
    const audible = pieces.filter((piece) => piece.url);
    if (audible.length === 0) return true;
    this.unlock();
    this.#note(true);
    try {
      let next = this.#fetch(audible[0]);
      for (let at = 0; at < audible.length; at++) {
        const sound = await next;
        if (turn !== this.#turn) return false;
        if (at + 1 < audible.length) {
          next = this.#fetch(audible[at + 1]);
          next.catch(() => {}); // Awaited in its turn, or never when somebody speaks first.
        }
        await this.#sound(sound);
        if (turn !== this.#turn) return false;
        this.played = at + 1;
      }
      this.dispatchEvent(new Event("finished"));
      return true;
    } catch {
      if (turn === this.#turn) this.dispatchEvent(new Event("failed"));
      return false;
    } finally {
      if (turn === this.#turn) this.#note(false);
    }
  }

  stop() {
    this.#turn += 1;
    this.#source?.stop();
    this.#source = null;
    this.#note(false);
  }

  /** Speak more slowly from the next piece on; false when it cannot be slower. */
  slower() {
    const slower = Math.max(SLOWEST, Math.round((this.rate - RATE_STEP) * 100) / 100);
    const changed = slower < this.rate;
    this.rate = slower;
    return changed;
  }

  /** Speak louder at once; false when it cannot be louder. */
  louder() {
    const louder = Math.min(LOUDEST, this.#loudness + LOUDNESS_STEP);
    const changed = louder > this.#loudness;
    this.#setLoudness(louder);
    return changed;
  }

  reset() {
    this.stop();
    this.rate = this.#usualRate;
    this.#setLoudness(this.#usualLoudness);
  }

  #setLoudness(value) {
    this.#loudness = value;
    if (this.#gain) this.#gain.gain.value = value;
  }

  async #fetch(piece) {
    const response = await fetch(`${piece.url}?rate=${this.rate}`);
    if (!response.ok) throw new Error(`speech ${response.status}`);
    return this.#context.decodeAudioData(await response.arrayBuffer());
  }

  #sound(buffer) {
    return new Promise((resolve) => {
      const source = this.#context.createBufferSource();
      source.buffer = buffer;
      source.connect(this.#gain);
      source.onended = resolve;
      source.start();
      this.#source = source;
    });
  }

  #note(speaking) {
    if (this.isSpeaking === speaking) return;
    document.body.dataset.speaking = String(speaking);
    this.dispatchEvent(new Event("change"));
  }
}
