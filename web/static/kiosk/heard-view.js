// What is shown of hearing: the words so far, the level, what was heard, and how to put it right.

import { announce, notice, show, state } from "./view.js";

const BARS = 12;
/** What may be said to what the kiosk asks. */
const ANSWERED_BY = {
  confirm: "请说“是的”或者“不是”",
  choices: "请说“第一个”“第二个”",
  unheard: "要工作人员来，请说“是的”",
};
const PLACES = ["第一个", "第二个", "第三个"];

const $ = (id) => document.getElementById(id);

export const partial = () => $("partial").textContent;

export function showPartial(text) {
  $("partial").textContent = text;
  if (text && !$("sign").hidden) $("sign").textContent = text;
}

export function setLevel(level, judge) {
  // The ear hears ratios: each bar is another step of 4 dB, from 48 dB below the loudest.
  const decibels = level > 0 ? 20 * Math.log10(level) : -100;
  const lit = Math.max(0, Math.min(BARS, Math.round((decibels + 48) / 4)));
  [...$("level").children].forEach((bar, at) => bar.classList.toggle("lit", at < lit));
  $("level").dataset.sort = judge.sort;
  $("talk").style.setProperty("--level", (lit / BARS).toFixed(2));
  if ($("level-words").textContent === judge.words) return;
  $("level-words").textContent = judge.words;
  if (judge.sort === "loud") announce(judge.words);
}

/** Say that the kiosk listens by itself, for so many seconds more. */
export function showSign(seconds) {
  const asked = ANSWERED_BY[state()] ?? "请说";
  $("sign").hidden = false;
  $("sign").textContent = `我在听，${asked}（${seconds} 秒）`;
}

export function hideSign() {
  $("sign").hidden = true;
  $("sign").textContent = "";
}

export function showWaiting({ sentence }) {
  notice("");
  $("waiting-text").textContent = sentence;
  if (state() !== "waiting") show("waiting");
  announce(sentence);
}

export function showConfirm(reply) {
  notice("");
  $("confirm-asked").textContent = reply.transcript;
  $("confirm-meant").textContent = reply.meant;
  show("confirm");
}

export function showUnheard(sentence) {
  notice("");
  $("unheard-title").textContent = sentence;
  show("unheard");
}

/** Offer what else may have been said, and the words themselves to be mended. */
export function showCorrection(text, alternatives, ask) {
  notice("");
  const others = alternatives.filter((other) => other && other !== text).slice(0, PLACES.length);
  $("correct-title").textContent = others.length ? "您说的是哪一句？" : "请改正您说的话";
  $("alternatives").replaceChildren(...others.map((other) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "choice";
    const title = document.createElement("span");
    title.className = "choice-title";
    title.textContent = other;
    button.append(title);
    button.addEventListener("click", () => ask(other));
    const item = document.createElement("li");
    item.append(button);
    return item;
  }));
  $("correct-text").value = text;
  show("correct");
}

/** Leave nothing of the visitor behind. */
export function wipeHeard() {
  for (const id of ["partial", "waiting-text", "confirm-asked", "confirm-meant", "unheard-title"]) {
    $(id).textContent = "";
  }
  $("alternatives").replaceChildren();
  $("correct-text").value = "";
  hideSign();
}
