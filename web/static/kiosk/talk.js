// One visitor speaking: by the button, by speaking into what the kiosk says, or because it asked.

import * as faults from "./faults.js";
import * as heard from "./heard-view.js";
import { Hearing } from "./hearing.js";
import { MicrophoneError } from "./microphone.js";
import * as view from "./view.js";

const AWAY = "暂时连不上服务，正在重试。请稍等，或请工作人员帮忙。";
const DEAD = "麦克风没有声音，可能坏了。请在下面打字提问，或者请工作人员帮忙。";
const LOST = "麦克风刚才断开了。您可以在下面打字提问，或请工作人员帮忙。";
/** How long the kiosk listens by itself to somebody who says nothing, in seconds. */
const WAITS_S = 10;
/** What seemed to be speech but is followed by so many seconds of quiet without a word was none. */
const MISTAKEN_S = 2.5;
/** Views on which one can be listened to without leaving them. */
const STAYS = ["confirm", "choices", "unheard"];

export class Talk {
  #kiosk;
  #hearing;
  #attempt = 0;
  /** touch, speech (into what the kiosk said) or asked (the kiosk listens by itself). */
  #by = "touch";
  #before = "home";
  #hasWords = false;
  #countdown = null;
  #asksAgain = 0;
  /** Whether the microphone is not to be closed although nothing is said at this moment. */
  #willListen = false;
  /** Whether this visitor has spoken, so that the microphone may be open while the kiosk speaks. */
  hasSpoken = false;

  /** kiosk: {socket, microphone, player, idle, spoken, phrase, canInterrupt, expect, think, settle, fail} */
  constructor(kiosk) {
    this.#kiosk = kiosk;
    this.#hearing = new Hearing(
      kiosk.socket, kiosk.microphone, kiosk.player, kiosk.canInterrupt,
    );
    this.#hearing.addEventListener("mode", view.setTalkLabel);
    this.#hearing.addEventListener("sound", ({ detail }) => this.#note(detail));
    this.#hearing.addEventListener("interrupted", () => this.start({ by: "speech" }));
    this.#hearing.addEventListener("dead", () => this.#breakOff("silent_microphone", DEAD, "dead-microphone"));
    this.#hearing.addEventListener("lost", () => this.#breakOff("microphone", LOST, "dead-microphone"));
    kiosk.player.addEventListener("change", () => this.closeWhenSaid());
    attachWatch(() => this.#hearing.isListening);
  }

  /** The view that was left for listening. */
  get before() {
    return this.#before;
  }

  get isListening() {
    return this.#hearing.isListening;
  }

  async start({ by = "touch" } = {}) {
    if (view.state() === "waiting") return; // Who starts anew would be the last in the queue again.
    const { socket, player, spoken } = this.#kiosk;
    this.#leaveOff();
    const mine = this.#attempt;
    this.#by = by;
    this.#hasWords = false;
    if (!view.isUnderWay()) this.#before = view.state();
    this.#willListen = true;
    this.#kiosk.expect();
    if (by === "speech") spoken.interrupt();
    else player.stop();
    if (by === "touch") {
      player.unlock();
      this.#asksAgain = 0;
      view.showThinking("正在打开麦克风", "");
    }
    if (!(await socket.ready())) return this.#kiosk.fail(AWAY);
    if (mine !== this.#attempt) return;
    try {
      if (!(await this.#hearing.listen({ rate: player.rate, kept: by === "speech" }))) return;
    } catch (error) {
      if (!(error instanceof MicrophoneError)) throw error;
      faults.report("microphone");
      if (mine === this.#attempt) this.#kiosk.fail(error.message, { typing: true });
      return;
    }
    this.#willListen = false;
    this.hasSpoken = true;
    if (view.state() === "waiting") return;
    if (by === "asked") this.#countDown();
    else view.notice("");
    if (by !== "asked" || !STAYS.includes(view.state())) view.showListening();
  }

  /** The visitor has finished, and says so by the button. */
  stop() {
    this.#endCountdown();
    this.#hearing.finish();
    this.#kiosk.think("正在辨认您说的话", heard.partial());
  }

  cancel() {
    this.#leaveOff();
    this.#hearing.close();
    this.#kiosk.socket.send({ type: "cancel" });
  }

  /** Nobody is there any more: the next visitor has not spoken yet. */
  forget() {
    this.#leaveOff();
    this.#hearing.reset();
    this.hasSpoken = false;
    this.#asksAgain = 0;
  }

  /** Something else was touched: whoever is being listened to goes on by that. */
  pause() {
    this.#leaveOff();
    this.#hearing.rest();
  }

  /** Close the microphone; the server knows already. */
  drop() {
    this.#leaveOff();
    this.#hearing.close();
  }

  /** Say something; the microphone is closed after it, also where nothing can speak. */
  async say(say) {
    const mine = this.#attempt;
    this.#willListen = false;
    await say();
    if (mine === this.#attempt) this.closeWhenSaid();
  }

  /** Say something, and then listen to what the visitor says to it. */
  async sayAndListen(say) {
    const mine = this.#attempt;
    this.#willListen = this.hasSpoken;
    const wasHeard = await say();
    if (mine !== this.#attempt) return;
    this.#willListen = false;
    if (wasHeard && this.hasSpoken) await this.start({ by: "asked" });
    else this.closeWhenSaid();
  }

  // What the server says

  received = {
    listening: () => {
      if (view.state() === "waiting") return this.#begin();
      this.#hearing.accept();
      return undefined;
    },
    waiting: (message) => {
      this.#endCountdown();
      this.#hearing.putOff();
      heard.showWaiting(message);
      this.#kiosk.player.play(message.speech ?? []);
    },
    partial: ({ text }) => {
      if (text) { this.#hasWords = true; this.#endCountdown(); }
      heard.showPartial(text);
    },
    ended: () => {
      this.#endCountdown();
      this.#hearing.rest();
      if (view.isUnderWay() || STAYS.includes(view.state())) {
        this.#kiosk.think("正在辨认您说的话", heard.partial());
      }
    },
    not_heard: (message) => this.#sayNotHeard(message),
  };

  async #begin() {
    const mine = this.#attempt;
    await this.#kiosk.player.play(this.#kiosk.phrase("your-turn"));
    if (mine !== this.#attempt) return;
    this.#hearing.takeUp();
    this.#hearing.accept();
    view.showListening();
  }

  #sayNotHeard({ sentence, speech, reason, offers_staff: offersStaff }) {
    this.#endCountdown();
    if (this.#by === "speech" && !this.#hasWords) { this.#goOnSaying(); return; }
    if (reason === "dead_microphone") faults.report("silent_microphone");
    this.#kiosk.settle();
    if (offersStaff) {
      heard.showUnheard(sentence);
    } else {
      view.show(STAYS.includes(this.#before) ? this.#before : "home", { focus: false });
      view.notice(sentence);
    }
    const say = () => this.#kiosk.spoken.add(speech);
    // Once by itself, and once more for 是 where a person is offered.
    const mayListen = this.#asksAgain < (offersStaff ? 2 : 1) && reason !== "dead_microphone";
    this.#asksAgain += 1;
    if (mayListen) this.sayAndListen(say);
    else this.say(say);
  }

  /** An answer came, whatever was said. */
  understood() {
    this.#asksAgain = 0;
    this.#endCountdown();
  }

  // What the microphone brings

  #note({ level, judge }) {
    if (judge.hasSignal) faults.works("microphone", "silent_microphone");
    if (judge.quietS === 0) { this.#kiosk.idle.touch(); this.#endCountdown(); }
    heard.setLevel(level, judge);
    if (this.#by === "speech" && !this.#hasWords && judge.quietS > MISTAKEN_S) {
      this.#kiosk.socket.send({ type: "cancel" });
      this.#goOnSaying();
    }
  }

  /** It was no visitor who interrupted: go on where it was, and be harder to interrupt. */
  #goOnSaying() {
    this.#attempt += 1;
    this.#hearing.wasWrong();
    this.#hearing.rest();
    this.#kiosk.settle();
    view.show(this.#before, { focus: false });
    this.say(() => this.#kiosk.spoken.resume());
  }

  #breakOff(fault, sentence, phrase) {
    faults.report(fault);
    const wasListening = view.isUnderWay() || STAYS.includes(view.state());
    this.cancel();
    if (!wasListening) return;
    this.#kiosk.fail(sentence, { typing: true });
    this.#kiosk.player.play(this.#kiosk.phrase(phrase));
  }

  /** After the last word nothing is to be interrupted, and the microphone is closed. */
  closeWhenSaid() {
    if (this.#willListen || document.body.dataset.hearing !== "standby" || this.#kiosk.player.isSpeaking) return;
    if (!view.isUnderWay()) this.#hearing.close();
  }

  // Listening by itself ends by itself

  #countDown() {
    let left = WAITS_S;
    heard.showSign(left);
    this.#countdown = setInterval(() => {
      left -= 1;
      if (left > 0) { heard.showSign(left); return; }
      this.cancel();
      if (view.isUnderWay()) view.show("home", { focus: false });
    }, 1000);
  }

  #endCountdown() {
    clearInterval(this.#countdown);
    this.#countdown = null;
    heard.hideSign();
  }

  #leaveOff() {
    this.#attempt += 1;
    this.#willListen = false;
    this.#endCountdown();
  }
}

/** Notice a microphone that is unplugged or forbidden while nobody speaks, and one that is back. */
function attachWatch(isListening) {
  const devices = navigator.mediaDevices;
  devices?.addEventListener?.("devicechange", async () => {
    if (isListening()) return; // Who speaks is told by the microphone itself.
    const there = (await devices.enumerateDevices()).some(({ kind }) => kind === "audioinput");
    if (there) faults.works("microphone");
    else faults.report("microphone");
  });
  navigator.permissions?.query({ name: "microphone" }).then((permission) => {
    permission.addEventListener("change", () => {
      if (permission.state === "denied") faults.report("microphone");
      else faults.works("microphone");
    });
  }).catch(() => {}); // A browser that cannot be asked says it when the microphone is opened.
}
