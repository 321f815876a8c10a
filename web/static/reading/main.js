// A document's page: what its buttons and its sentences do. Everything else works without.

import { forgetPlace, keepPlace, keptPlace } from "./place.js";
import { Reader } from "./reader.js";

const $ = (id) => document.getElementById(id);
const { document: id, version, speaks, rates } = document.body.dataset;
const sentences = [...document.querySelectorAll("[data-sentence]")];
const LOOK_MS = 1500;
const BEING_READ = "being-read";

// Reading aloud

const addressOf = (number, rate) =>
  `/documents/${id}/speech/${sentences[number].dataset.sentence}?version=${version}&rate=${rate}`;
const reader = new Reader(sentences.length, rates.split(" "), addressOf);

function show() {
  const { state, at } = reader;
  $("play").textContent = { silent: at > 0 ? "继续朗读" : "朗读", reading: "暂停", held: "继续朗读" }[state];
  $("slower").disabled = !reader.canBeSlower;
  $("faster").disabled = !reader.canBeFaster;
  document.body.dataset.speaking = String(state === "reading");
  document.body.dataset.rate = reader.rate;
  if (state !== "silent") say(`第 ${at + 1} 句，共 ${sentences.length} 句 · 语速 ${reader.rate}`);
}

function say(words) {
  $("player-words").textContent = words;
}

function mark(number) {
  document.querySelector(`.${BEING_READ}`)?.classList.remove(BEING_READ);
  const sentence = sentences[number];
  sentence?.classList.add(BEING_READ);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  sentence?.scrollIntoView({ block: "center", behavior: still ? "instant" : "smooth" });
}

reader.addEventListener("change", show);
reader.addEventListener("sentence", ({ detail: number }) => {
  mark(number);
  keepPlace(id, version, sentences[number].dataset.sentence);
  $("resume").hidden = true;
  show();
  dispatchEvent(new Event("reading-sentence"));
});
reader.addEventListener("finished", () => {
  mark(-1);
  forgetPlace(id);
  say("已经读完了。");
});
reader.addEventListener("failed", ({ detail }) => say(detail));

// A sentence may last longer than a withdrawn document may be heard.
setInterval(async () => {
  if (reader.state === "silent") return;
  const answer = await fetch(`/documents/${id}/still?version=${version}`, { headers: { Accept: "application/json" } })
    .catch(() => null);
  if (answer && [404, 409].includes(answer.status)) reader.fail((await answer.json()).sentence);
}, LOOK_MS);

document.addEventListener("kiosk-interrupted", () => {
  if (reader.state === "reading") reader.hold();
});
$("play").addEventListener("click", () => {
  if (reader.state === "reading") reader.hold();
  else if (reader.state === "held") reader.goOn();
  else reader.readFrom(reader.at);
});
$("back").addEventListener("click", () => reader.back());
$("forward").addEventListener("click", () => reader.forward());
$("slower").addEventListener("click", () => { reader.slower(); show(); });
$("faster").addEventListener("click", () => { reader.faster(); show(); });
$("resume").addEventListener("click", () => reader.readFrom(kept));

const kept = sentences.findIndex(({ dataset }) => dataset.sentence === keptPlace(id, version));
$("resume").hidden = kept < 1;

if (speaks === "true" && sentences.length > 0) {
  $("player").hidden = false;
  document.body.classList.add("can-read");
  document.querySelector(".document").addEventListener("click", ({ target }) => {
    const sentence = target.closest("[data-sentence]");
    // Selecting words to copy is no wish to hear them.
    if (sentence && getSelection().isCollapsed) reader.readFrom(sentences.indexOf(sentence));
  });
}

// Printing

$("print").hidden = false;
$("print").addEventListener("click", () => print());
addEventListener("beforeprint", () => navigator.sendBeacon(`/documents/${id}/printed`));

// The code leads to where somebody is reading

document.querySelector(".code").addEventListener("toggle", ({ target }) => {
  const reading = document.querySelector(`.${BEING_READ}`);
  if (!target.open || !reading?.dataset.place.replace(/^p-1$/, "")) return;
  const address = new URL($("code").src);
  address.searchParams.set("at", reading.dataset.place);
  $("code").src = address;
});
