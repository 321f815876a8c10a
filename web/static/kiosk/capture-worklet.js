// Turns the microphone's samples into 16-bit PCM, a piece at a time, and measures each piece.

const CHUNK_SAMPLES = 1600;

class Capture extends AudioWorkletProcessor {
  constructor({ processorOptions }) {
    super();
    this.size = processorOptions?.chunkSamples ?? CHUNK_SAMPLES;
    this.begin();
  }

  begin() {
    this.chunk = new Int16Array(this.size);
    this.filled = 0;
    this.highest = -1;
    this.lowest = 1;
    this.squares = 0;
  }

  process(inputs) {
    const samples = inputs[0][0];
    if (!samples) return true;
    for (const sample of samples) {
      const limited = Math.max(-1, Math.min(1, sample));
      this.highest = Math.max(this.highest, limited);
      this.lowest = Math.min(this.lowest, limited);
      this.squares += limited * limited;
      this.chunk[this.filled++] = limited < 0 ? limited * 32768 : limited * 32767;
      if (this.filled === this.size) this.pass();
    }
    return true;
  }

  pass() {
    const { buffer } = this.chunk;
    this.port.postMessage({
      pcm: buffer,
      level: Math.max(this.highest, -this.lowest),
      range: this.highest - this.lowest,
      power: Math.sqrt(this.squares / this.size),
    }, [buffer]);
    this.begin();
  }
}

registerProcessor("capture", Capture);
