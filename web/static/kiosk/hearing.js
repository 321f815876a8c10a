// Hears the visitor: sends what is said, and notices who begins to speak while the kiosk speaks.
//
// Nothing is sent unless somebody is listened to. While the kiosk speaks only levels are looked at, here
// on this machine; the last half second is kept so that the first syllable is not lost.

import { BargeIn } from "./barge-in.js";
import { SoundJudge } from "./sound-judge.js";

const CHUNK_SAMPLES = 800;
const CHUNK_S = 0.05;
const KEPT_PIECES = 10;
/** So much is held back at most until the server listens, in pieces: three seconds. */
const HELD_PIECES = 60;

function joined(pieces) {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.byteLength, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(new Uint8Array(piece), at);
    at += piece.byteLength;
  }
  return whole;
}

export class Hearing extends EventTarget {
  #socket;
  #microphone;
  #player;
  #mayBeInterrupted;
  #bargeIn = new BargeIn();
  #judge = new SoundJudge();
  /** closed, opening, listening, waiting (for others) or standby (while the kiosk speaks). */
  #mode = "closed";
  #kept = [];
  #held = [];
  #isAccepted = false;
  #toldDead = false;
  #attempt = 0;

  constructor(socket, microphone, player, mayBeInterrupted) {
    super();
    this.#socket = socket;
    this.#microphone = microphone;
    this.#player = player;
    this.#mayBeInterrupted = mayBeInterrupted;
  }

  get isListening() {
    return this.#mode === "listening";
  }

  /**
   * Begin to listen; with `kept`, from half a second ago.
   *
   * Resolves to whether it listens; not when something else began meanwhile. Throws MicrophoneError.
   */
  async listen({ rate, kept = false }) {
    const mine = ++this.#attempt;
    this.#held = kept ? this.#kept : [];
    this.#isAccepted = this.#toldDead = false;
    this.#judge = new SoundJudge();
    this.#setMode("opening");
    this.#socket.send({ type: "start", rate });
    if (!this.#microphone.isOpen) {
      try {
        const isOpen = await this.#microphone.open((piece) => this.#take(piece), {
          chunkSamples: CHUNK_SAMPLES,
          onLost: () => this.#lose(),
        });
        if (!isOpen || mine !== this.#attempt) return false;
      } catch (error) {
        if (mine !== this.#attempt) return false;
        this.#setMode("closed");
        this.#socket.send({ type: "cancel" });
        throw error;
      }
    }
    if (this.#mode === "opening") this.#setMode("listening");
    return true;
  }

  /** The server listens: it gets what was said meanwhile. */
  accept() {
    this.#isAccepted = true;
    this.#flush();
  }

  /** The server listens to others first; what is said meanwhile is not kept. */
  putOff() {
    this.#isAccepted = false;
    this.#held = [];
    this.#setMode("waiting");
  }

  /** It is this visitor's turn, after others. */
  takeUp() {
    this.#judge = new SoundJudge();
    this.#setMode("listening");
  }

  /** The visitor says that they have finished. */
  finish() {
    this.#flush();
    if (this.#isAccepted && this.#held.length) this.#socket.sendSound(joined(this.#held));
    this.#held = [];
    this.#socket.send({ type: "stop" });
    this.rest();
  }

  /** The visitor has spoken: from now on only notice when they speak again, if that is wanted. */
  rest() {
    if (!this.#mayBeInterrupted || !this.#microphone.isOpen) { this.close(); return; }
    this.#bargeIn.forget();
    this.#setMode("standby");
  }

  close() {
    this.#attempt += 1;
    this.#microphone.close();
    this.#kept = [];
    this.#held = [];
    this.#setMode("closed");
  }

  /** What seemed to be somebody speaking was not. */
  wasWrong() {
    this.#bargeIn.wasWrong();
  }

  /** Another visitor comes. */
  reset() {
    this.close();
    this.#bargeIn.reset();
  }

  #setMode(mode) {
    this.#mode = mode;
    document.body.dataset.hearing = mode;
    this.dispatchEvent(new Event("mode"));
  }

  #take(piece) {
    this.#kept = [...this.#kept, piece.pcm].slice(-KEPT_PIECES);
    if (this.#mode === "listening") this.#takeSpeech(piece);
    else if (this.#mode === "standby") {
      const speaks = this.#bargeIn.hears(piece.power, this.#player.power);
      if (speaks && this.#player.isSpeaking) this.dispatchEvent(new Event("interrupted"));
    }
  }

  #takeSpeech(piece) {
    this.#judge.note(piece, CHUNK_S);
    this.#held = [...this.#held, piece.pcm].slice(-HELD_PIECES);
    if (this.#isAccepted) this.#flush();
    this.dispatchEvent(new CustomEvent("sound", { detail: { level: piece.level, judge: this.#judge } }));
    if (this.#judge.isDead && !this.#toldDead) {
      this.#toldDead = true;
      this.dispatchEvent(new Event("dead"));
    }
  }

  /** Send what is held, a tenth of a second at a time and never less: each message costs the server. */
  #flush() {
    while (this.#held.length > 1) this.#socket.sendSound(joined(this.#held.splice(0, 2)));
  }

  #lose() {
    this.#attempt += 1;
    this.#kept = [];
    this.#setMode("closed");
    this.dispatchEvent(new Event("lost"));
  }
}
