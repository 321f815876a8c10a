// What comes back for a question: shown, said, agreed to, put right, gone on from.

import * as heard from "./heard-view.js";
import * as view from "./view.js";

const $ = (id) => document.getElementById(id);

export class Answers {
  #kiosk;
  /** The reply that is on the screen. */
  #last = null;
  /** What the last 您是说……吗 had been heard as, "" where none was asked. */
  #unsure = "";
  #alternatives = [];

  /** kiosk: {talk, spoken, speaks, quiet, ask, answerBack} */
  constructor(kiosk) {
    this.#kiosk = kiosk;
    $("correct-form").addEventListener("submit", (event) => {
      event.preventDefault();
      kiosk.ask($("correct-text").value);
    });
    for (const button of document.querySelectorAll("[data-follow]")) {
      button.addEventListener("click", () => kiosk.ask(button.dataset.follow));
    }
    for (const button of document.querySelectorAll("[data-correct]")) {
      button.addEventListener("click", () => { kiosk.quiet(); this.#correct(); });
    }
  }

  commands = {
    yes: () => this.#kiosk.answerBack({ type: "confirm", agrees: true }),
    no: () => this.#kiosk.answerBack({ type: "confirm", agrees: false }),
    "say-again": () => this.#kiosk.talk.start(),
    type: () => { this.#kiosk.talk.cancel(); heard.showCorrection("", [], this.#kiosk.ask); $("correct-text").focus(); },
  };

  show(reply) {
    const { talk, spoken, speaks } = this.#kiosk;
    talk.understood();
    const isRefused = this.#unsure !== "" && reply.transcript === this.#unsure;
    const before = this.#alternatives;
    this.#last = reply;
    this.#alternatives = reply.alternatives ?? [];
    this.#unsure = reply.decision === "confirm" ? reply.transcript : "";
    // People who read with their ears hear the page's own voice, or their reader when it has none.
    view.announce(speaks ? "" : reply.spoken);
    if (reply.decision === "confirm") {
      heard.showConfirm(reply);
      talk.sayAndListen(() => spoken.say(reply.speech, reply.more, reply.opening));
    } else if (reply.decision === "answer") {
      view.showAnswer(reply);
      talk.say(() => spoken.say(reply.speech, reply.more, reply.opening));
    } else if (reply.decision === "clarify") {
      view.showChoices(reply, (place) => this.#kiosk.answerBack({ type: "choose", place }));
      talk.sayAndListen(() => spoken.say(reply.speech, reply.more));
    } else if (isRefused) {
      // It was not that, and what was heard leads nowhere: they say it once more, or write it.
      this.#alternatives = before;
      this.#correct();
      talk.sayAndListen(() => spoken.add(reply.speech));
    } else {
      view.showHandoff(reply);
      talk.say(() => spoken.say(reply.speech, reply.more));
    }
  }

  forget() {
    this.#last = null;
    this.#unsure = "";
    this.#alternatives = [];
    heard.wipeHeard();
  }

  #correct() {
    this.#kiosk.talk.pause();
    heard.showCorrection(this.#last?.transcript ?? "", this.#alternatives, this.#kiosk.ask);
  }
}
