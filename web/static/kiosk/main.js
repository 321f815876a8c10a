// The kiosk: what a touch, a word or a message does.

import { Answers } from "./answers.js";
import { Desk } from "./desk.js";
import { wipeDesk } from "./desk-view.js";
import { Idle } from "./idle.js";
import { Microphone } from "./microphone.js";
import { Player } from "./player.js";
import { noteVisit } from "./requests.js";
import { Spoken } from "./spoken.js";
import { Talk } from "./talk.js";
import { attachTalkButton } from "./talk-button.js";
import * as view from "./view.js";
import { VoiceSocket } from "./voice-socket.js";

const NO_REPLY_MS = 30_000;
const CONFIRMING_SOUND = 0.1;
const AWAY = "暂时连不上服务，正在重试。请稍等，或请工作人员帮忙。";

const $ = (id) => document.getElementById(id);
const speaks = document.body.dataset.speaks === "true";
const phrase = (name) => (speaks ? [{ text: "", url: `/kiosk/speech/${name}` }] : []);

const socket = new VoiceSocket();
const microphone = new Microphone();
const player = new Player();
const idle = new Idle();

const spoken = new Spoken(player, phrase, backFromCommand);
const desk = new Desk({
  interrupt: () => { cancelListening(); clearTimeout(noReplyTimer); player.stop(); },
  fail: (sentence) => fail(sentence),
  say: (pieces) => spoken.say(pieces),
  play: (pieces) => player.play(pieces),
  phrase,
});
/** Whether the visitor waits for what they last said or asked; what comes later is too late. */
let expecting = false;
let noReplyTimer = null;
/** Whether this visitor was counted. */
let isCounted = false;

const talk = new Talk({
  ...{ socket, microphone, player, idle, spoken, phrase, think },
  canInterrupt: document.body.dataset.bargeIn === "true",
  expect: () => {
    clearTimeout(noReplyTimer);
    expecting = true;
    document.body.dataset.asked = "aloud";
  },
  settle: () => clearTimeout(noReplyTimer),
  fail: (sentence, options) => fail(sentence, options),
});

const answers = new Answers({
  ...{ talk, spoken, speaks, ask, answerBack }, quiet: () => { player.unlock(); player.stop(); },
});

// Asking

function cancelListening() {
  expecting = false;
  talk.cancel();
}

function think(title, text) {
  view.showThinking(title, text);
  clearTimeout(noReplyTimer);
  noReplyTimer = setTimeout(() => fail("等了很久还没有结果，请再试一次，或请工作人员帮忙。"), NO_REPLY_MS);
}

async function ask(text) {
  if (!text.trim()) { view.notice("请先写下想问的事，再按“提问”。"); $("ask-text").focus(); return; }
  talk.pause();
  player.stop();
  player.unlock();
  expecting = true;
  document.body.dataset.asked = "written";
  think("正在找答案", text);
  if (!(await socket.ready())) return fail(AWAY);
  socket.send({ type: "ask", text, rate: player.rate });
}

/** Go on by a touch from what was offered: {type: "choose"} or {type: "confirm"}. */
function answerBack(message) {
  talk.pause();
  player.stop();
  player.unlock();
  expecting = true;
  socket.send({ ...message, rate: player.rate });
}

function fail(sentence, { typing = false } = {}) {
  clearTimeout(noReplyTimer);
  talk.drop();
  if (view.isUnderWay()) view.show("home", { focus: false });
  view.notice(sentence);
  // After the press that led here has put the focus on its button.
  if (typing) setTimeout(() => $("ask-text").focus({ preventScroll: true }));
}

// Messages from the server

const received = {
  ...talk.received,
  heard: ({ text }) => { talk.understood(); think("正在找答案", text); },
  command: ({ command }) => {
    clearTimeout(noReplyTimer);
    obey(command);
    talk.closeWhenSaid();
  },
  reply: (reply) => {
    clearTimeout(noReplyTimer);
    $("ask-text").value = "";
    answers.show(reply);
  },
  error: ({ sentence }) => fail(sentence, { typing: true }),
};

socket.addEventListener("message", ({ detail }) => {
  idle.touch();
  if (expecting) received[detail.type]?.(detail);
});
socket.addEventListener("lost", () => {
  if (talk.isListening || view.isUnderWay()) fail("刚才断开了，请再说一次。");
});

// What the visitor can have done

const commands = { ...spoken.commands, ...desk.commands, ...answers.commands, back: goHome };

function obey(command) {
  commands[command]?.();
}

/** A spoken command came while something was on the screen: show that again. */
function backFromCommand() {
  if (view.isUnderWay()) view.show(talk.before, { focus: false });
}

function goHome() {
  desk.leaveOff();
  clearTimeout(noReplyTimer);
  cancelListening();
  player.stop();
  view.notice("");
  spoken.forget();
  wipeDesk();
  answers.forget();
  for (const id of ["answer", "related", "choices"]) $(id).replaceChildren();
  view.show("home");
  $("talk").focus({ preventScroll: true });
}

// Nobody there

async function askWhetherThere({ detail: seconds }) {
  cancelListening();
  $("idle-seconds").textContent = seconds;
  $("idle").showModal();
  await player.play(phrase("still-here"));
  if (!idle.isAsking || document.body.dataset.hears !== "true") return;
  // Any sound keeps the visitor's place. It is only measured here, and goes nowhere.
  await microphone.open(({ level }) => {
    if (idle.isAsking && level > CONFIRMING_SOUND) idle.touch();
  }).catch(() => {}); // Touch is enough where there is no microphone.
}

idle.addEventListener("asking", askWhetherThere);
idle.addEventListener("counting", ({ detail }) => { $("idle-seconds").textContent = detail; });
idle.addEventListener("stayed", () => {
  microphone.close();
  player.stop();
  $("idle").close();
  if (view.isUnderWay()) view.show("home");
});
idle.addEventListener("gone", () => {
  $("idle").close();
  document.dispatchEvent(new Event("kiosk-left"));
  isCounted = false;
  desk.leaveOff();
  clearTimeout(noReplyTimer);
  expecting = false;
  talk.forget();
  player.reset();
  spoken.forget();
  wipeDesk();
  answers.forget();
  view.wipe();
  socket.renew();
  idle.rest();
});

// An emergency notice is shown above all of this; what was typed or answered stays below it.
document.addEventListener("kiosk-interrupted", () => {
  clearTimeout(noReplyTimer);
  cancelListening();
  player.stop();
  if (view.isUnderWay()) view.show("home", { focus: false });
});

// Doors into all of this

for (const kind of ["pointerdown", "keydown", "input"]) {
  document.addEventListener(kind, () => {
    idle.touch();
    if (!isCounted) { isCounted = true; noteVisit(); }
  }, { capture: true });
}
// What the page says itself keeps a visitor's place, but not its asking whether there is one.
player.addEventListener("change", () => { if (!idle.isAsking) idle.touch(); });
player.addEventListener("failed", () => view.notice("这句话暂时念不出来，请看屏幕上的文字。"));

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !$("idle").open) goHome();
});
$("idle").addEventListener("cancel", (event) => event.preventDefault());
for (const button of document.querySelectorAll("[data-action]")) {
  const command = commands[button.dataset.action];
  if (command) button.addEventListener("click", () => { player.unlock(); command(); });
}
$("slower").addEventListener("click", commands.slower);
$("louder").addEventListener("click", commands.louder);
$("size").addEventListener("click", view.nextSize);
$("ask-form").addEventListener("submit", (event) => { event.preventDefault(); ask($("ask-text").value); });
attachTalkButton($("talk"), {
  isListening: () => talk.isListening, start: () => talk.start(), stop: () => talk.stop(),
});
socket.connect();
