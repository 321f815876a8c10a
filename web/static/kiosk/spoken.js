// What is being said to this visitor, what is left to say, and how it is said.

import * as view from "./view.js";

export class Spoken {
  #now = [];
  #more = [];
  #player;
  #phrase;
  #comeBack;

  /** comeBack: shows again what was on the screen before a command was spoken. */
  constructor(player, phrase, comeBack) {
    this.#player = player;
    this.#phrase = phrase;
    this.#comeBack = comeBack;
  }

  /** Say something new, and keep the rest for 继续. */
  say(now, more = []) {
    this.#now = now;
    this.#more = more;
    return this.#play(now);
  }

  forget() {
    this.#now = [];
    this.#more = [];
    view.setMore(false);
  }

  #play(pieces) {
    view.setMore(this.#more.length > 0);
    return this.#player.play(pieces);
  }

  #again(otherwise) {
    this.#play(this.#now.length ? this.#now : this.#phrase(otherwise));
  }

  commands = {
    repeat: () => { this.#comeBack(); this.#play(this.#now); },
    slower: () => {
      this.#comeBack();
      const changed = this.#player.slower();
      view.announce(changed ? "语速慢了一些" : "已经是最慢了");
      this.#again("slower");
    },
    louder: () => {
      this.#comeBack();
      const changed = this.#player.louder();
      view.announce(changed ? "声音大了一些" : "已经是最大声了");
      if (!this.#player.isSpeaking) this.#again("louder");
    },
    more: () => {
      this.#comeBack();
      if (this.#more.length === 0) { this.#player.play(this.#phrase("no-more")); return; }
      [this.#now, ...this.#more] = this.#more;
      this.#play(this.#now);
    },
  };
}
