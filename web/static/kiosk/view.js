// What is on the screen. Everything that came from outside is set as text, never as markup.

const SIZE_NAMES = ["标准", "大", "特大"];

const element = (id) => document.getElementById(id);

function made(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

function symbol(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

export const state = () => document.body.dataset.state;

/** Whether somebody is being listened to, or waits for what they said. */
export const isUnderWay = () => ["listening", "thinking", "waiting"].includes(state());

/** Change to a view; the reading position goes to its heading unless somebody is typing. */
export function show(name, { focus = true } = {}) {
  document.body.dataset.state = name;
  element("stage").scrollTop = 0;
  setTalkLabel();
  if (focus && name !== "home" && name !== "listening") {
    document.querySelector(`[data-view="${name}"] h1`)?.focus({ preventScroll: true });
  }
}

export function setTalkLabel() {
  if (document.body.dataset.hearing === "listening") { element("talk-label").textContent = "说完按一下"; return; }
  const label = { home: "按一下说话", listening: "说完按一下", thinking: "请稍等", waiting: "请稍等",
    choices: "按一下说话", confirm: "按一下说话", correct: "再说一遍", unheard: "再说一遍" };
  element("talk-label").textContent = label[state()] ?? "再问一个";
}

/** Say something to people who listen to the screen. */
export function announce(text) {
  element("status").textContent = text;
}

export function notice(text) {
  const place = element("notice");
  place.hidden = !text;
  place.textContent = text ?? "";
}

export function showListening() {
  element("partial").textContent = "";
  show("listening");
  announce("请说");
}

export function showThinking(title, text) {
  element("thinking-title").textContent = title;
  element("thinking-text").textContent = text;
  show("thinking", { focus: false });
  announce(title);
}

export function showAnswer(reply) {
  notice("");
  element("asked").textContent = reply.transcript;
  const [answer, ...related] = reply.answers;
  element("answer").replaceChildren(card(answer, reply.transcript));
  element("related").replaceChildren(...(related.length ? relatedCards(related) : []));
  askForRating(answer);
  show("answer");
}

/** Faces under an answer, fresh for each. */
function askForRating({ kind, id }) {
  element("rating").dataset.about = `${kind === "qa" ? "question" : "document"}:${id}`;
  element("rating-title").textContent = "这个回答帮到您了吗？";
  element("rating-faces").hidden = false;
}

function card(answer, transcript) {
  const article = made("article", "card");
  if (answer.title && bare(answer.title) !== bare(transcript)) article.append(made("h2", "", answer.title));
  for (const line of answer.text.split("\n").filter((text) => text.trim())) {
    article.append(made("p", "answer-text", line));
  }
  article.append(sourceOf(answer));
  return article;
}

/** Only the words, to see whether two texts say the same. */
const bare = (text) => text.replace(/[\p{P}\p{S}\s]/gu, "");

function relatedCards(related) {
  const heading = made("h2", "related-title", "相关内容");
  return [heading, ...related.map((answer) => {
    const details = made("details", "card", made("summary", "", answer.title));
    for (const line of answer.text.split("\n").filter((text) => text.trim())) {
      details.append(made("p", "", line));
    }
    details.append(sourceOf(answer));
    return details;
  })];
}

function sourceOf({ kind, id, source }) {
  const footer = made("footer", "source");
  const head = made("p", "source-title", made("span", "label", "出处"));
  if (source.title) head.append(made("span", "", bracketed(source.title)));
  const badge = badgeOf(source.validity);
  if (badge) head.append(badge);
  footer.append(head);
  const list = made("dl", "");
  for (const [name, value] of [
    ["文号", source.document_number],
    ["条款", source.article],
    ["机关", source.agency],
    ["日期", written(source.date)],
  ]) {
    if (value) list.append(made("div", "", made("dt", "", name), made("dd", "", value)));
  }
  if (list.children.length) footer.append(list);
  if (kind === "document") footer.append(linkToOriginal(id, source.article));
  return footer;
}

function linkToOriginal(id, article) {
  const link = made("a", "original");
  link.href = `/documents/${id}${article ? `?at=${encodeURIComponent(article)}` : ""}`;
  link.append(symbol("i-book"), "看原文");
  return link;
}

const bracketed = (title) => (title.includes("《") ? title : `《${title}》`);

export function written(date) {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  return parts ? `${Number(parts[1])}年${Number(parts[2])}月${Number(parts[3])}日` : date;
}

function badgeOf(validity) {
  if (!validity) return null;
  const binds = validity === "现行有效";
  const lapsed = validity === "已废止" || validity === "失效";
  const badge = made("span", `badge ${binds ? "binds" : lapsed ? "lapsed" : "other"}`);
  badge.append(symbol(binds ? "i-check" : "i-warn"), validity);
  return badge;
}

export function showChoices(reply, choose) {
  notice("");
  element("choices-asked").textContent = reply.transcript;
  const places = ["第一个", "第二个", "第三个"];
  element("choices").replaceChildren(...reply.answers.slice(0, places.length).map((answer, at) => {
    const button = made("button", "choice",
      made("span", "place", places[at]), made("span", "choice-title", answer.title));
    button.type = "button";
    button.dataset.action = `choose-${at}`;
    button.addEventListener("click", () => choose(at));
    return made("li", "", button);
  }));
  show("choices");
}

export function showHandoff(reply) {
  notice("");
  element("handoff-asked").textContent = reply.transcript;
  if (element("leave-text")) element("leave-text").value = reply.transcript;
  show("handoff");
}

export function setMore(there) {
  element("more").hidden = !there;
}

export function nextSize() {
  const size = document.body.dataset.size % SIZE_NAMES.length + 1;
  setSize(size);
}

function setSize(size) {
  document.body.dataset.size = String(size);
  document.documentElement.dataset.size = String(size);
  element("size-name").textContent = SIZE_NAMES[size - 1];
  announce(`字号：${SIZE_NAMES[size - 1]}`);
}

/** Leave nothing of the visitor behind. */
export function wipe() {
  for (const id of ["thinking-text", "asked", "choices-asked", "handoff-asked", "status"]) {
    element(id).textContent = "";
  }
  for (const id of ["answer", "related", "choices"]) element(id).replaceChildren();
  element("ask-form").reset();
  notice("");
  setMore(false);
  setSize(1);
  announce("");
  document.activeElement?.blur();
  show("home");
}
