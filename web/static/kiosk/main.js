// The kiosk: what a touch, a word or a message does.

import { Desk } from "./desk.js";
import { wipeDesk } from "./desk-view.js";
import * as faults from "./faults.js";
import { Idle } from "./idle.js";
import { Microphone, MicrophoneError } from "./microphone.js";
import { Player } from "./player.js";
import { noteVisit } from "./requests.js";
import { Spoken } from "./spoken.js";
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
let attempt = 0;
/** Whether the visitor waits for what they last said or asked; what comes later is too late. */
let expecting = false;
let noReplyTimer = null;
let heardSound = false;
/** Whether this visitor was counted. */
let isCounted = false;

// Speaking and listening

async function startListening() {
  player.stop();
  player.unlock();
  const mine = ++attempt;
  expecting = true;
  view.showThinking("正在打开麦克风", "");
  if (!(await socket.ready())) return fail(AWAY);
  try {
    heardSound = false;
    socket.send({ type: "start", rate: player.rate });
    const isOpen = await microphone.open(({ pcm, level }) => {
      if (view.state() !== "listening") return;
      socket.sendSound(pcm);
      if (level > CONFIRMING_SOUND / 2) { heardSound = true; idle.touch(); }
      view.setLevel(level, heardSound);
    });
    if (isOpen) faults.works("microphone");
    if (!isOpen || mine !== attempt) return;
  } catch (error) {
    if (!(error instanceof MicrophoneError)) throw error;
    faults.report("microphone");
    socket.send({ type: "cancel" });
    if (mine === attempt) fail(error.message, { typing: true });
    return;
  }
  view.showListening(true);
}

const isListening = () => view.state() === "listening";

function stopListening() {
  microphone.close();
  socket.send({ type: "stop" });
  think("正在辨认您说的话", $("partial").textContent);
}

function cancelListening() {
  attempt += 1;
  expecting = false;
  microphone.close();
  socket.send({ type: "cancel" });
}

function think(title, text) {
  view.showThinking(title, text);
  clearTimeout(noReplyTimer);
  noReplyTimer = setTimeout(() => fail("等了很久还没有结果，请再试一次，或请工作人员帮忙。"), NO_REPLY_MS);
}

async function ask(text) {
  if (!text.trim()) { view.notice("请先写下想问的事，再按“提问”。"); $("ask-text").focus(); return; }
  cancelListening();
  player.stop();
  player.unlock();
  expecting = true;
  think("正在找答案", text);
  if (!(await socket.ready())) return fail(AWAY);
  socket.send({ type: "ask", text, rate: player.rate });
}

function choose(place) {
  player.unlock();
  expecting = true;
  socket.send({ type: "choose", place, rate: player.rate });
}

function fail(sentence, { typing = false } = {}) {
  clearTimeout(noReplyTimer);
  microphone.close();
  if (["listening", "thinking"].includes(view.state())) view.show("home", { focus: false });
  view.notice(sentence);
  // After the press that led here has put the focus on its button.
  if (typing) setTimeout(() => $("ask-text").focus({ preventScroll: true }));
}

// Messages from the server

const received = {
  listening: ({ streams }) => { $("partial").dataset.streams = String(streams); },
  partial: ({ text }) => { idle.touch(); view.showPartial(text); },
  ended: () => {
    microphone.close();
    if (["listening", "thinking"].includes(view.state())) {
      think("正在辨认您说的话", $("partial").textContent);
    }
  },
  heard: ({ text }) => think("正在找答案", text),
  command: ({ command }) => { clearTimeout(noReplyTimer); obey(command); },
  reply: (reply) => {
    clearTimeout(noReplyTimer);
    $("ask-text").value = "";
    if (reply.decision === "answer") view.showAnswer(reply);
    else if (reply.decision === "clarify") view.showChoices(reply, choose);
    else view.showHandoff(reply);
    // People who read with their ears hear the page's own voice, or their reader when it has none.
    view.announce(speaks ? "" : reply.spoken);
    spoken.say(reply.speech, reply.more);
  },
  not_heard: ({ sentence, speech: pieces }) => { fail(sentence); player.play(pieces); },
  error: ({ sentence }) => fail(sentence, { typing: true }),
};

socket.addEventListener("message", ({ detail }) => {
  idle.touch();
  if (expecting) received[detail.type]?.(detail);
});
socket.addEventListener("lost", () => {
  if (["listening", "thinking"].includes(view.state())) fail("刚才断开了，请再说一次。");
});

// What the visitor can have done

const commands = { ...spoken.commands, ...desk.commands, back: goHome };

function obey(command) {
  commands[command]?.();
}

/** A spoken command came while something was on the screen: show that again. */
function backFromCommand() {
  if (!["listening", "thinking"].includes(view.state())) return;
  const before = $("answer").children.length ? "answer" : $("choices").children.length ? "choices" : "home";
  view.show(before, { focus: false });
}

function goHome() {
  desk.leaveOff();
  clearTimeout(noReplyTimer);
  cancelListening();
  player.stop();
  view.notice("");
  spoken.forget();
  wipeDesk();
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
  if (["listening", "thinking"].includes(view.state())) view.show("home");
});
idle.addEventListener("gone", () => {
  $("idle").close();
  document.dispatchEvent(new Event("kiosk-left"));
  isCounted = false;
  desk.leaveOff();
  clearTimeout(noReplyTimer);
  attempt += 1;
  expecting = false;
  microphone.close();
  player.reset();
  spoken.forget();
  wipeDesk();
  view.wipe();
  socket.renew();
  idle.rest();
});

// An emergency notice is shown above all of this; what was typed or answered stays below it.
document.addEventListener("kiosk-interrupted", () => {
  clearTimeout(noReplyTimer);
  cancelListening();
  player.stop();
  if (["listening", "thinking"].includes(view.state())) view.show("home", { focus: false });
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
attachTalkButton($("talk"), { isListening, start: startListening, stop: stopListening });
socket.connect();
