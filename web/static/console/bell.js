// The bell of every console page: who calls is shown, said, and rung until somebody goes.

import { CallWatch } from "./call-watch.js";
import { Ringer } from "./ringer.js";

const $ = (id) => document.getElementById(id);
const title = document.title;
const ringer = new Ringer();
let calls = null;
let rung = new Set();

function receive(news) {
  if (news.kind === "calls") return takeIn(news.calls);
  $("bell-status").textContent = news.kind === "ended"
    ? "登录已经结束，有人呼叫时不会响铃。请重新登录。"
    : "与服务的连接断了，正在重试。这段时间有人呼叫不会响铃。";
  ringer.stop();
}

async function takeIn(told) {
  $("bell-status").textContent = "";
  const waiting = told.filter((call) => !call.is_taken);
  const ringing = waiting.filter((call) => call.rings);
  document.title = waiting.length ? `（${waiting.length} 个呼叫）${title}` : title;
  $("bell").dataset.waiting = String(waiting.length);
  if (ringing.length) ringer.start({ loud: ringing.some((call) => call.is_urgent) });
  else ringer.stop();
  announce(ringing);
  const is = JSON.stringify(told);
  if (is === calls) return;
  calls = is;
  await showList();
}

/** Say each call once, and once more when nobody has come for too long. */
function announce(ringing) {
  const keys = ringing.map((call) => `${call.id}${call.is_urgent ? "!" : ""}`);
  const fresh = ringing.filter((_, at) => !rung.has(keys[at]));
  rung = new Set(keys);
  if (!fresh.length) return;
  const said = fresh.map((call) => `${call.place}${call.kiosk_name}有人请求帮忙${call.is_urgent ? "，已经等了很久" : ""}`);
  $("bell-news").textContent = `${said.join("；")}。`;
  if (document.hidden && globalThis.Notification?.permission === "granted") {
    new Notification("有人请求帮忙", { body: said.join("\n"), tag: "openzone-call" });
  }
}

async function showList() {
  const response = await fetch("/console/help-calls/open", { headers: { Accept: "text/html" } }).catch(() => null);
  if (!response?.ok) { calls = null; return; }
  const text = await response.text();
  const list = $("bell-calls");
  // Whoever is on a button of the list stays on its like.
  const at = list.contains(document.activeElement) ? document.activeElement.form?.action : null;
  list.innerHTML = text;
  if (at) ([...list.querySelectorAll("form")].find((form) => form.action === at) ?? list)
    .querySelector("button")?.focus();
}

// What has to be allowed by a touch

ringer.addEventListener("change", () => { $("bell-sound").hidden = ringer.isOn; });
$("bell-sound").hidden = ringer.isOn;
$("bell-sound").addEventListener("click", () => ringer.try());
const mayAsk = () => globalThis.Notification?.permission === "default" && isSecureContext;
$("bell-notify").hidden = !mayAsk();
$("bell-notify").addEventListener("click", async () => {
  await Notification.requestPermission();
  $("bell-notify").hidden = !mayAsk();
});

// Where the news comes from

if ("SharedWorker" in globalThis) {
  const { port } = new SharedWorker("/static/console/call-worker.js", { type: "module" });
  port.onmessage = ({ data }) => receive(data);
  addEventListener("pagehide", () => port.postMessage("leaving"));
  addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); });
} else {
  new CallWatch({ streams: false }).addEventListener("news", ({ detail }) => receive(detail));
}
// Minutes of waiting grow though nothing else changes.
setInterval(() => { if ($("bell").dataset.waiting > 0) showList(); }, 30_000);
