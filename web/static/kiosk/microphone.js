// The microphone: open only while somebody speaks with the kiosk; nothing is kept.

const SAMPLE_RATE = 16000;
/** A source may be muted for a moment, while the system changes over to another. */
const MUTED_MS = 1500;

export class MicrophoneError extends Error {}

export class Microphone {
  #stream = null;
  #context = null;
  #turn = 0;

  get isOpen() {
    return this.#stream !== null;
  }

  /**
   * Open it and pass on ({pcm, level, range, power}) every tenth of a second, or as often as told.
   *
   * level is the peak, power the root of the mean square, both from 0 to 1; range is how far apart
   * the highest and the lowest sample are. onLost is called when it was unplugged, muted or
   * forbidden meanwhile; it is closed then. Resolves to whether it is open; not when it was closed
   * or opened anew meanwhile.
   */
  async open(onSound, { onLost = () => {}, chunkSamples = 1600 } = {}) {
    this.close();
    const turn = this.#turn;
    if (!navigator.mediaDevices?.getUserMedia) {
      throw new MicrophoneError("这个页面用不了麦克风，请打字提问。");
    }
    try {
      const stream = await navigator.mediaDevices.getUserMedia({
        audio: {
          channelCount: 1,
          // A kiosk hears its own loudspeaker and a noisy hall. Automatic gain is left off: it
          // lifts the hall's murmur in a pause, and the engine then never finds the end of speech.
          echoCancellation: true,
          noiseSuppression: true,
          autoGainControl: false,
        },
      });
      if (turn !== this.#turn) {
        for (const track of stream.getTracks()) track.stop();
        return false;
      }
      this.#stream = stream;
      this.#watch(stream, onLost);
      const context = new AudioContext({ sampleRate: SAMPLE_RATE });
      this.#context = context;
      await context.audioWorklet.addModule("/static/kiosk/capture-worklet.js");
      const capture = new AudioWorkletNode(context, "capture", {
        numberOfOutputs: 0,
        processorOptions: { chunkSamples },
      });
      capture.port.onmessage = ({ data }) => {
        if (this.#context === context) onSound(data);
      };
      context.createMediaStreamSource(stream).connect(capture);
      await context.resume();
      return turn === this.#turn;
    } catch (error) {
      if (turn !== this.#turn) return false;
      this.close();
      throw new MicrophoneError(explanation(error), { cause: error });
    }
  }

  #watch(stream, onLost) {
    const lose = () => {
      if (this.#stream !== stream) return;
      this.close();
      onLost();
    };
    for (const track of stream.getTracks()) {
      track.addEventListener("ended", lose);
      track.addEventListener("mute", () => {
        setTimeout(() => { if (track.muted) lose(); }, MUTED_MS);
      });
    }
  }

  close() {
    this.#turn += 1;
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#context?.close();
    this.#stream = null;
    this.#context = null;
  }
}

function explanation(error) {
  switch (error.name) {
    case "NotAllowedError":
    case "SecurityError":
      return "没有使用麦克风的许可。您可以在下面打字提问，或请工作人员帮忙。";
    case "NotFoundError":
    case "OverconstrainedError":
      return "没有找到麦克风。您可以在下面打字提问，或请工作人员帮忙。";
    case "NotReadableError":
      return "麦克风正被别的程序占用。您可以在下面打字提问，或请工作人员帮忙。";
    default:
      return "麦克风打不开。您可以在下面打字提问，或请工作人员帮忙。";
  }
}
