// What a visitor wants of the staff: to come, to answer, to hear what people think.

import * as view from "./desk-view.js";
import {
  RequestFailed, callForHelp, leaveQuestion, leaveSuggestion, lookUp, lookUpHelpCall, rate,
  whereElse,
} from "./requests.js";
import { announce, notice, show, state } from "./view.js";

const HELP_LOOK_MS = 3000;

const $ = (id) => document.getElementById(id);

export class Desk {
  #kiosk;
  #helpTimer = null;
  /** Counts what the visitor asked for; an answer that comes after they left is not shown. */
  #turn = 0;

  /** kiosk: {interrupt, fail, say, play, phrase} */
  constructor(kiosk) {
    this.#kiosk = kiosk;
    this.#listen("leave-form", () => this.#leave("leave-text", leaveQuestion, view.LEFT, "left"));
    this.#listen("suggest-form", () => (
      this.#leave("suggest-text", leaveSuggestion, view.SUGGESTED, "suggested")
    ));
    this.#listen("look-up-form", () => this.#lookUp());
    view.attachPad();
    for (const face of document.querySelectorAll("[data-score]")) {
      face.addEventListener("click", () => this.#rate(Number(face.dataset.score)));
    }
  }

  commands = {
    help: () => this.#askForHelp(),
    apply: () => {
      if (!view.has("apply")) { this.#showElsewhere(); return; }
      this.#open("apply");
      this.#kiosk.play(this.#kiosk.phrase("apply"));
    },
    leave: () => {
      if (!view.has("leave")) { this.#showElsewhere(); return; }
      this.#open("leave", "leave-text");
    },
    suggest: () => this.#open("suggest", "suggest-text"),
    "look-up": () => { view.clearLookUp(); this.#open("look-up", "look-up-number"); },
    elsewhere: () => this.#showElsewhere(),
  };

  /** Wait for nothing any more. */
  leaveOff() {
    clearTimeout(this.#helpTimer);
    this.#turn += 1;
  }

  #listen(form, act) {
    $(form)?.addEventListener("submit", (event) => { event.preventDefault(); act(); });
  }

  #open(name, field) {
    this.leaveOff();
    this.#kiosk.interrupt();
    notice("");
    show(name);
    if (field) $(field).focus({ preventScroll: true });
  }

  /** Do something that may fail; resolves to undefined when it did, or when nobody waits for it. */
  async #try(work) {
    const mine = ++this.#turn;
    try {
      const reply = await work();
      return mine === this.#turn ? reply : undefined;
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      if (mine === this.#turn) this.#kiosk.fail(error.message);
      return undefined;
    }
  }

  async #askForHelp() {
    this.leaveOff();
    this.#kiosk.interrupt();
    const call = await this.#try(callForHelp);
    if (!call) return;
    notice("");
    view.showHelp(false, call.sentence);
    this.#kiosk.play(this.#kiosk.phrase("staff-called"));
    this.#follow(call.id);
  }

  #follow(id) {
    clearTimeout(this.#helpTimer);
    this.#helpTimer = setTimeout(async () => {
      if (state() !== "help") return;
      const call = await lookUpHelpCall(id).catch(() => ({ taken: false }));
      if (state() !== "help") return;
      if (call.taken) view.showHelp(true);
      else this.#follow(id);
    }, HELP_LOOK_MS);
  }

  async #leave(field, send, words, phrase) {
    const receipt = await this.#try(() => send($(field).value));
    if (!receipt) return;
    $(field).value = "";
    notice("");
    view.showLeft(words, receipt);
    this.#kiosk.play(this.#kiosk.phrase(phrase));
  }

  async #lookUp() {
    const number = $("look-up-number").value;
    if (!number.trim()) { notice("请先按数字输入编号，再按“查询”。"); return; }
    const inquiry = await this.#try(() => lookUp(number));
    if (!inquiry) return;
    notice("");
    view.showFound(inquiry);
    announce(document.body.dataset.speaks === "true" ? "" : inquiry.sentence);
    this.#kiosk.say(inquiry.speech);
  }

  async #showElsewhere() {
    this.#open("elsewhere");
    const there = await this.#try(whereElse);
    if (!there || state() !== "elsewhere") return;
    view.showElsewhere(there.places);
    this.#kiosk.say(there.speech);
  }

  async #rate(score) {
    const sent = await this.#try(() => rate(score, view.rated()));
    if (!sent) return;
    view.thank(sent.sentence);
    announce(sent.sentence);
  }
}
