// What is being said to this visitor, what is left to say, and how it is said.

import * as view from "./view.js";

export class Spoken {
  #now = [];
  #more = [];
  /** What was not said to its end because somebody spoke. */
  #left = [];
  #playing = [];
  #player;
  #phrase;
  #comeBack;

  /** comeBack: shows again what was on the screen before a command was spoken. */
  constructor(player, phrase, comeBack) {
    this.#player = player;
    this.#phrase = phrase;
    this.#comeBack = comeBack;
  }

  /** Say something new after an opening that is never repeated, and keep the rest for 继续. */
  say(now, more = [], opening = []) {
    this.#now = now;
    this.#more = more;
    return this.#play([...opening, ...now]);
  }

  /** Somebody speaks into it. */
  interrupt() {
    const audible = this.#playing.filter((piece) => piece.url);
    this.#left = audible.slice(this.#player.played);
    this.#player.stop();
  }

  /** Nobody had spoken: go on with the sentence that was broken off. */
  resume() {
    return this.#say(this.#left);
  }

  forget() {
    this.#now = [];
    this.#more = [];
    this.#left = [];
    this.#playing = [];
    view.setMore(false);
  }

  #play(pieces) {
    view.setMore(this.#more.length > 0);
    return this.#say(pieces);
  }

  #say(pieces) {
    this.#playing = pieces;
    return this.#player.play(pieces);
  }

  /** Say something between, such as a question back; 再说一遍 still means what was said before. */
  add(pieces) {
    return this.#say(pieces);
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
      if (this.#more.length === 0) { this.#say(this.#phrase("no-more")); return; }
      [this.#now, ...this.#more] = this.#more;
      this.#play(this.#now);
    },
  };
}
