// Speaking into a form at a kiosk, one question a page, by the voice protocol's `dictated`.
//
// The form says what its answer is: data-dictate="request", "words" or "digits"; or it has buttons with
// data-choice, one of which is chosen by its words or its place. A request is said back; names, addresses and numbers are only shown, for others may be listening. Nothing is kept.

import { Microphone, MicrophoneError } from "../kiosk/microphone.js";
import { Player } from "../kiosk/player.js";
import { VoiceSocket } from "../kiosk/voice-socket.js";

const AWAY = "暂时连不上服务，您可以打字填写，或请工作人员帮忙。";
const MOST_PIECES = 12;

const $ = (id) => document.getElementById(id);
const form = document.querySelector("form[data-apply-step]");
const answer = form?.querySelector("[data-answer]");
const choices = [...(form?.querySelectorAll("[data-choice]") ?? [])];
const purpose = choices.length ? "choice" : form?.dataset.dictate;
const panel = $("dictation");
const speaks = panel?.dataset.speaks === "true";
const phrase = (name) => (speaks ? [{ text: "", url: `/kiosk/speech/${name}` }] : []);

const socket = new VoiceSocket();
const microphone = new Microphone();
const player = new Player();
/** What the microphone is open for, "" while it is closed. */
let listeningFor = "";
/** Pieces of a number, so that the last one can be taken back. */
let pieces = [];
let attempt = 0;
/** Whether others are listened to first. */
let isWaiting = false;

function tell(sentence) {
  $("dictation-words").textContent = sentence;
}

function setListening(what) {
  listeningFor = what;
  panel.dataset.listening = String(what !== "");
  $("dictate-label").textContent = what === purpose ? "说完了按这里" : "按一下，说出来";
}

/** Somebody is here: the page must not clear itself while they speak. */
function touch() {
  document.dispatchEvent(new Event("input", { bubbles: true }));
}

async function listen(what) {
  const mine = ++attempt;
  isWaiting = false;
  player.stop();
  if (!(await socket.ready())) return tell(AWAY);
  try {
    const named = what === "choice" ? choices.map((choice) => choice.dataset.choice.slice(0, 100)) : [];
    const number = what === "digits" ? { field: form.dataset.applyStep, so_far: pieces.join("").slice(0, 40) } : {};
    socket.send({ type: "start", purpose: what, choices: named, rate: player.rate, ...number });
    const isOpen = await microphone.open(({ pcm, level }) => {
      if (mine !== attempt) return;
      socket.sendSound(pcm);
      if (level > 0.05) touch();
    });
    if (!isOpen || mine !== attempt) return;
  } catch (error) {
    if (!(error instanceof MicrophoneError)) throw error;
    socket.send({ type: "cancel" });
    setListening("");
    tell("麦克风用不了，请打字填写，或请工作人员帮忙。");
    answer?.focus();
    return;
  }
  setListening(what);
  if (what === purpose && !isWaiting) tell("正在听，请说。");
}

function stopListening() {
  microphone.close();
  socket.send({ type: "stop" });
  setListening("");
}

function leaveOff() {
  attempt += 1;
  microphone.close();
  socket.send({ type: "cancel" });
  player.stop();
  setListening("");
}

function write(text) {
  answer.value = answer.maxLength > 0 ? text.slice(0, answer.maxLength) : text;
  answer.dispatchEvent(new Event("input", { bubbles: true }));
}

async function agree(spoken, shown) {
  $("dictation-asked").textContent = shown;
  $("dictation-agree").hidden = false;
  tell("");
  const mine = attempt;
  const wasHeard = await player.play(spoken);
  // Who speaks or touches meanwhile has gone on already.
  if (wasHeard && mine === attempt) await listen("agreement");
}

function again() {
  leaveOff();
  $("dictation-agree").hidden = true;
  pieces = [];
  write("");
  player.play(phrase("say-again")).then((wasHeard) => { if (wasHeard) listen(purpose); });
}

function goOn() {
  leaveOff();
  form.requestSubmit();
}

function takeDigits({ text, agrees, growth, sentence }) {
  $("dictation-agree").hidden = true;
  if (agrees === true) return goOn();
  if (agrees === false) pieces.pop();
  else if (pieces.length < MOST_PIECES) pieces.push(text);
  write(pieces.join(""));
  if (growth === "complete") return agree(phrase("look-and-agree"), `号码齐了：${answer.value}，对吗？`);
  const whatNow = sentence || "请看屏幕核对，接着说后面的数字；说完了，请说“说完了”，或按“下一步”。";
  tell(agrees === false ? "去掉了刚才那几位，请接着说。" : whatNow);
  const mine = attempt;
  player.play(phrase(growth === "wrong" ? "digits-wrong" : "more-digits")).then((wasHeard) => {
    if (wasHeard && mine === attempt) listen("digits");
  });
}

const received = {
  waiting: ({ sentence, speech }) => { touch(); isWaiting = true; tell(sentence); player.play(speech); },
  listening: () => { if (isWaiting) { isWaiting = false; touch(); tell("轮到您了，请说。"); } },
  partial: ({ text }) => { touch(); if (listeningFor === purpose && purpose === "request") tell(text); },
  ended: () => { microphone.close(); setListening(""); },
  dictated: (heard) => {
    if (heard.purpose === "digits") return takeDigits(heard);
    if (heard.purpose === "agreement") {
      if (heard.agrees === true) goOn();
      // 不对 takes the last piece of a number back, as it does before the number is complete.
      else if (heard.agrees === false) purpose === "digits" ? takeDigits({ agrees: false }) : again();
      return;
    }
    if (heard.purpose === "choice") {
      if (heard.place === null) tell("没有听出是哪一个，请再说一次，或点一下。");
      else form.requestSubmit(choices[heard.place]);
      return;
    }
    write(heard.text);
    if (heard.purpose === "request") agree(heard.speech, form.dataset.readBack.replace("{}", heard.text));
    else agree(phrase("look-and-agree"), `“${heard.text}”，对吗？`);
  },
  command: ({ command }) => {
    if (command === "repeat") $("dictation-agree").hidden ? sayQuestion() : player.play(phrase("look-and-agree"));
    else if (command === "slower") player.slower();
    else if (command === "louder") player.louder();
    else if (command === "help") $("help-form")?.requestSubmit();
  },
  not_heard: ({ sentence, speech }) => { tell(sentence); player.play(speech); },
  error: ({ sentence }) => { microphone.close(); setListening(""); tell(sentence); },
};

/** Say the question of this page, where the browser lets a page speak before it is touched. */
function sayQuestion() {
  const spoken = JSON.parse(form.dataset.speech || "[]");
  return player.play(spoken);
}

function begin() {
  panel.hidden = false;
  socket.addEventListener("message", ({ detail }) => received[detail.type]?.(detail));
  socket.addEventListener("lost", () => { if (listeningFor) { microphone.close(); setListening(""); tell("刚才断开了，请再说一次。"); } });
  $("dictate").addEventListener("click", () => {
    player.unlock();
    if (listeningFor === purpose) stopListening();
    else listen(purpose);
  });
  $("dictation-yes").addEventListener("click", goOn);
  $("dictation-no").addEventListener("click", () => { player.unlock(); again(); });
  answer?.addEventListener("keydown", leaveOff);
  window.addEventListener("pagehide", leaveOff);
  // What was written down so far stays in the form.
  document.addEventListener("kiosk-interrupted", leaveOff);
  socket.connect();
  if (navigator.userActivation?.hasBeenActive) sayQuestion();
}

if (panel && (choices.length || (answer && ["request", "words", "digits"].includes(purpose)))) begin();
