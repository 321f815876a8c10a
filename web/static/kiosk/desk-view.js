// The views of what a visitor wants of the staff.

import { announce, show, state, written } from "./view.js";

const DAY_DIGITS = 6;

const element = (id) => document.getElementById(id);

/** What stands above a number that was given. */
export const LEFT = "问题已经留下";
export const SUGGESTED = "意见已经收到";

export const has = (name) => document.querySelector(`[data-view="${name}"]`) !== null;

function lines(text) {
  return text.split("\n").filter((line) => line.trim()).map((line) => {
    const paragraph = document.createElement("p");
    paragraph.className = "answer-text";
    paragraph.textContent = line;
    return paragraph;
  });
}

export function showHelp(taken, sentence) {
  element("help-title").textContent = taken ? "工作人员正在过来" : "已经通知工作人员";
  if (state() !== "help") show("help");
  announce(taken ? "工作人员正在过来" : sentence);
}

export function showLeft(title, { number, due_on: due }) {
  element("left-title").textContent = title;
  element("left-number").textContent = number;
  element("left-due").textContent = `${written(due)}以前答复`;
  show("left");
}

export function showFound(inquiry) {
  element("found-number").textContent = inquiry.number;
  element("found-title").textContent = inquiry.answer ? "已经答复" : "还没有答复";
  element("found-answer").replaceChildren(...lines(inquiry.answer || inquiry.sentence));
  element("found-day").textContent = inquiry.answered_on ? `答复日期：${written(inquiry.answered_on)}` : "";
  show("found");
}

export function showElsewhere(places) {
  element("elsewhere").replaceChildren(...places.flatMap(({ label, sentence }) => {
    const heading = document.createElement("h2");
    heading.textContent = label;
    return [heading, ...lines(sentence)];
  }));
}

// The number pad

function press(key) {
  const field = element("look-up-number");
  if (key === "back") field.value = field.value.replace(/\d\D*$/, "");
  else field.value += key;
  tidy();
}

/** The line between day and number is put in for whoever types. */
function tidy() {
  const field = element("look-up-number");
  const digits = field.value.replace(/\D/g, "").slice(0, 2 * DAY_DIGITS);
  const rest = digits.slice(DAY_DIGITS);
  field.value = rest ? `${digits.slice(0, DAY_DIGITS)}-${rest}` : digits;
}

export function attachPad() {
  for (const button of document.querySelectorAll("#look-up-form [data-key]")) {
    button.addEventListener("click", () => press(button.dataset.key));
  }
  element("look-up-number").addEventListener("input", tidy);
}

export function clearLookUp() {
  element("look-up-number").value = "";
}

// Faces

/** What the faces under an answer are about: "question:12". */
export const rated = () => element("rating").dataset.about;

export function thank(sentence) {
  element("rating-faces").hidden = true;
  element("rating-title").textContent = sentence;
  element("rating-title").focus({ preventScroll: true });
}

/** Leave nothing of the visitor behind. */
export function wipeDesk() {
  for (const id of ["left-number", "left-due", "found-number", "found-day"]) {
    element(id).textContent = "";
  }
  for (const id of ["found-answer", "elsewhere"]) element(id)?.replaceChildren();
  for (const id of ["leave-text", "suggest-text", "look-up-number"]) {
    if (element(id)) element(id).value = "";
  }
  element("rating").dataset.about = "";
}
