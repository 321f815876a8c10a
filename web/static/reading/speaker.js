// The loudspeaker: one sound at a time, which can be held and let go on.

export class Speaker {
  #context = null;
  #source = null;

  /** To be called on a touch or key: browsers let only those open the loudspeaker. */
  unlock() {
    this.#context ??= new AudioContext();
    return this.#context.resume();
  }

  decode(bytes) {
    return this.#context.decodeAudioData(bytes);
  }

  /** Play a sound; resolves when it has ended or was stopped. */
  play(buffer) {
    this.stop();
    return new Promise((resolve) => {
      const source = this.#context.createBufferSource();
      source.buffer = buffer;
      source.connect(this.#context.destination);
      source.onended = resolve;
      source.start();
      this.#source = source;
    });
  }

  /** Hold the sound where it is. */
  hold() {
    return this.#context?.suspend();
  }

  stop() {
    this.#source?.stop();
    this.#source = null;
  }
}
