// Turns the microphone's samples into 16-bit PCM, a tenth of a second at a time.

const CHUNK_SAMPLES = 1600;

class Capture extends AudioWorkletProcessor {
  constructor() {
    super();
    this.chunk = new Int16Array(CHUNK_SAMPLES);
    this.filled = 0;
    this.peak = 0;
  }

  process(inputs) {
    const samples = inputs[0][0];
    if (!samples) return true;
    for (const sample of samples) {
      const limited = Math.max(-1, Math.min(1, sample));
      this.peak = Math.max(this.peak, Math.abs(limited));
      this.chunk[this.filled++] = limited < 0 ? limited * 32768 : limited * 32767;
      if (this.filled === CHUNK_SAMPLES) this.pass();
    }
    return true;
  }

  pass() {
    const { buffer } = this.chunk;
    this.port.postMessage({ pcm: buffer, level: this.peak }, [buffer]);
    this.chunk = new Int16Array(CHUNK_SAMPLES);
    this.filled = 0;
    this.peak = 0;
  }
}

registerProcessor("capture", Capture);
