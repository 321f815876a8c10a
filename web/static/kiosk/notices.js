// Notices at a kiosk: a quiet strip with a list behind it, and emergencies above whatever is shown.
//
// The server is asked every other second; what is withdrawn vanishes as quickly. An emergency is a
// dialog of its own: what is below it, also what is half typed, stays as it was.

import { Player } from "./player.js";

const EVERY_MS = 1500;
const TIMES_SPOKEN = 3;
const PAUSE_MS = 2500;
/** So long nothing dismisses an emergency: a finger on its way to something else must not. */
const GUARDED_MS = 1500;
const STILL_HERE_MS = 20_000;
const KEPT = "openzone-emergencies";

const player = new Player();
/** As the server listed them last. */
let listed = [];

function made(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

function button(className, label, act) {
  const node = made("button", className, label);
  node.type = "button";
  node.addEventListener("click", () => { player.unlock(); act(); });
  return node;
}

function heading(id, ...children) {
  const node = made("h2", "", ...children);
  node.id = id;
  node.tabIndex = -1;
  node.autofocus = true;
  return node;
}

const wait = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

async function fetched(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`notices ${response.status}`);
  return response.json();
}

/** Tell the server; what is not told is listed as new, and told at the next look. */
async function tellShown(id, spoken = false) {
  await fetch(`/kiosk/notices/${id}/shown`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ spoken }),
  }).catch(() => {});
}

// What this kiosk knows of emergencies, from page to page: how often each was said, and who knows.

const known = new Map();
try {
  for (const [id, what] of JSON.parse(localStorage.getItem(KEPT) ?? "[]")) known.set(id, what);
} catch {
  // Then it is shown again, which is no harm.
}

function of(id) {
  return known.get(id) ?? { spoken: 0, isKnown: false };
}

function keep(id, what) {
  known.set(id, { ...of(id), ...what });
  try {
    localStorage.setItem(KEPT, JSON.stringify([...known]));
  } catch {
    // This page knows it.
  }
}

function forgetOthers(ids) {
  for (const id of [...known.keys()]) if (!ids.has(id)) known.delete(id);
}

// Emergencies

const emergency = made("dialog", "emergency-notice");
emergency.setAttribute("role", "alertdialog");
emergency.setAttribute("aria-labelledby", "emergency-title");
emergency.setAttribute("aria-describedby", "emergency-text");
/** The id of the emergency on the screen, null for none. */
let interrupting = null;

async function interrupt(id) {
  interrupting = id;
  let notice;
  try {
    notice = await fetched(`/kiosk/notices/${id}`);
  } catch {
    // The list has its title, which is better than nothing; the rest comes at the next look.
    interrupting = null;
    return;
  }
  if (interrupting !== id) return;
  document.dispatchEvent(new Event("kiosk-interrupted"));
  closeList();
  const title = heading("emergency-title", made("span", "emergency-kind", "紧急通知"), notice.title);
  const text = made("p", "emergency-text", notice.text);
  text.id = "emergency-text";
  text.tabIndex = 0;
  const knows = button("known", "知道了", () => dismiss(id));
  knows.disabled = true;
  const again = button("", "再念一遍", () => player.play(notice.speech));
  emergency.replaceChildren(title, text, made("div", "notice-buttons", again, knows));
  document.body.append(emergency);
  if (!emergency.open) emergency.showModal();
  title.focus();
  tellShown(id);
  setTimeout(() => { knows.disabled = false; }, GUARDED_MS);
  speakAgainAndAgain(id, notice.speech);
}

async function speakAgainAndAgain(id, pieces) {
  while (interrupting === id && of(id).spoken < TIMES_SPOKEN) {
    const wasHeard = await player.play(pieces);
    if (interrupting !== id) return;
    keep(id, { spoken: of(id).spoken + 1 });
    if (wasHeard) tellShown(id, true);
    await wait(PAUSE_MS);
  }
}

function leaveEmergency() {
  interrupting = null;
  player.stop();
  emergency.close();
}

function dismiss(id) {
  keep(id, { isKnown: true });
  leaveEmergency();
  showNextEmergency();
}

function showNextEmergency() {
  if (interrupting !== null) return;
  const next = listed.find((notice) => notice.is_emergency && !of(notice.id).isKnown);
  if (next) interrupt(next.id);
}

// The Escape key closes dialogs, and on the kiosk's page leads home: not from here.
emergency.addEventListener("keydown", (event) => {
  event.stopPropagation();
  if (event.key === "Escape") event.preventDefault();
});
emergency.addEventListener("cancel", (event) => event.preventDefault());
emergency.addEventListener("close", () => {
  if (interrupting !== null && !emergency.open) emergency.showModal();
});
// A browser that lets nothing speak before it is touched speaks from the first touch on.
emergency.addEventListener("pointerdown", () => player.unlock());

// The list

const list = made("dialog", "notice-list");
list.setAttribute("aria-labelledby", "notice-list-title");
let opened = null;
let stillHere = null;

function closeList() {
  opened = null;
  clearInterval(stillHere);
  if (!list.open) return;
  player.stop();
  list.close();
}

function showList() {
  opened = "list";
  const items = listed.map((notice) => made("li", "",
    button("", made("strong", "", notice.title), () => showOne(notice.id))));
  items.forEach((item, at) => {
    item.firstChild.append(made("span", "notice-when", listed[at].when));
  });
  list.replaceChildren(
    heading("notice-list-title", "通知"),
    made("div", "notice-body", made("ul", "", ...items)),
    made("div", "notice-buttons", button("", "返回", closeList)),
  );
  for (const notice of listed) if (!notice.is_noted) tellShown(notice.id);
  openList();
}

async function showOne(id) {
  let notice;
  try {
    notice = await fetched(`/kiosk/notices/${id}`);
  } catch {
    showList();
    return;
  }
  opened = id;
  const text = made("div", "notice-body",
    made("p", "notice-when", `${notice.zone}　${notice.when}`), made("p", "notice-text", notice.text));
  text.tabIndex = 0;
  text.setAttribute("role", "group");
  text.setAttribute("aria-label", "正文");
  const say = button("notice-say", "念给我听", () => {
    if (player.isSpeaking) { player.stop(); return; }
    document.dispatchEvent(new Event("kiosk-interrupted"));
    player.play(notice.speech).then((wasHeard) => { if (wasHeard) tellShown(id, true); });
  });
  say.id = "notice-say";
  say.hidden = !notice.speech.some((piece) => piece.url);
  list.replaceChildren(
    heading("notice-list-title", notice.title), text,
    made("div", "notice-buttons", say, button("", "返回通知列表", () => { player.stop(); showList(); })),
  );
  openList();
}

function openList() {
  document.body.append(list);
  if (!list.open) list.showModal();
  list.querySelector("h2").focus();
  clearInterval(stillHere);
  // Whoever listens does not touch: the page must not take them for gone.
  stillHere = setInterval(() => {
    if (player.isSpeaking) document.dispatchEvent(new Event("input", { bubbles: true }));
  }, STILL_HERE_MS);
}

player.addEventListener("change", () => {
  const say = document.getElementById("notice-say");
  if (say) say.textContent = player.isSpeaking ? "停一下" : "念给我听";
});
list.addEventListener("keydown", (event) => { if (event.key === "Escape") event.stopPropagation(); });
list.addEventListener("cancel", closeList);
document.addEventListener("kiosk-left", () => {
  closeList();
  // The next visitor has not been told: it interrupts again, and is said once more.
  for (const [id, what] of known) {
    keep(id, { isKnown: false, spoken: Math.min(what.spoken, TIMES_SPOKEN - 1) });
  }
});
window.addEventListener("pagehide", () => player.stop());

// The strip

const strip = document.getElementById("notices");
document.getElementById("notice-strip")?.addEventListener("click", () => {
  player.unlock();
  if (listed.length === 1) showOne(listed[0].id); else showList();
});

function showStrip() {
  if (strip === null) return;
  strip.hidden = listed.length === 0;
  document.body.dataset.notices = String(listed.length > 0);
  if (listed.length === 0) return;
  // Whatever is new has its turn before the newest stays.
  const first = listed.find((notice) => !notice.is_noted) ?? listed[0];
  const title = document.getElementById("notice-strip-title");
  const count = document.getElementById("notice-strip-count");
  const words = `通知：${first.title}`;
  if (title.textContent !== words) title.textContent = words;
  const rest = listed.length > 1 ? `共 ${listed.length} 条` : "";
  if (count.textContent !== rest) count.textContent = rest;
  strip.dataset.emergency = String(first.is_emergency);
  const isSeen = document.body.dataset.state === "home" && document.visibilityState === "visible";
  if (!first.is_noted && isSeen) tellShown(first.id);
}

// Asking

function take(notices) {
  const before = listed.map((notice) => notice.id).join();
  listed = notices;
  const ids = new Set(listed.map((notice) => notice.id));
  if (interrupting !== null && !ids.has(interrupting)) leaveEmergency();
  forgetOthers(ids);
  showNextEmergency();
  showStrip();
  if (opened === null) return;
  if (opened !== "list" && !ids.has(opened)) { player.stop(); opened = "list"; }
  if (opened === "list") {
    if (listed.length === 0) closeList();
    else if (before !== listed.map((notice) => notice.id).join()) showList();
  }
}

async function ask() {
  try {
    take((await fetched("/kiosk/notices")).notices);
  } catch {
    // The server is away for a while: what is shown stays.
  }
  setTimeout(ask, EVERY_MS);
}

ask();
