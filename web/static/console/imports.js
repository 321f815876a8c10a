// Sends files one after the other, shows how far each has come, and then what the server made of it.

import { follow } from "/static/console/import_files.js";

const form = document.getElementById("importing");
const drop = document.getElementById("drop");
const input = document.getElementById("field-files");
const uploads = document.getElementById("uploads");
const progress = document.getElementById("progress");
const files = document.getElementById("files");
const token = document.body.dataset.formToken;
const MOST_FILES = Number(form.dataset.mostFiles);

const waiting = [];
let batch = null;
let sending = false;
let sent = 0;

form.addEventListener("submit", (event) => event.preventDefault());
input.addEventListener("change", () => {
  take([...input.files]);
  // Choosing the same file again is a change only where nothing was chosen before.
  input.value = "";
});
for (const name of ["dragenter", "dragover"]) {
  drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
}
drop.addEventListener("dragleave", () => drop.classList.remove("over"));
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  take([...event.dataTransfer.files]);
});
// A file that misses the field would be opened in place of this page.
for (const name of ["dragover", "drop"]) {
  addEventListener(name, (event) => event.preventDefault());
}
addEventListener("beforeunload", (event) => { if (sending) event.preventDefault(); });

function take(chosen) {
  if (!chosen.length) return;
  document.getElementById("uploading").hidden = false;
  const room = MOST_FILES - sent - waiting.length;
  if (chosen.length > room) {
    progress.textContent = `一批最多 ${MOST_FILES} 个文件，多出的没有上传。`;
  }
  for (const file of chosen.slice(0, room)) waiting.push({ file, row: rowFor(file) });
  if (!sending) sendAll();
}

function rowFor(file) {
  const row = document.createElement("li");
  const name = document.createElement("span");
  name.textContent = file.name;
  const bar = document.createElement("progress");
  bar.max = Math.max(file.size, 1);
  bar.value = 0;
  bar.setAttribute("aria-label", `${file.name} 的上传进度`);
  const told = document.createElement("span");
  told.textContent = "等待上传";
  row.append(name, bar, told);
  uploads.append(row);
  return { row, bar, told };
}

async function sendAll() {
  sending = true;
  document.getElementById("progress-head").focus();
  try {
    if (batch === null) batch = await begin();
  } catch (error) {
    progress.textContent = error.message || "没能开始导入，请刷新页面后再试。";
    sending = false;
    return;
  }
  files.dataset.address = `/console/imports/${batch}/files`;
  const whole = document.getElementById("whole");
  document.getElementById("whole-link").href = `/console/imports/${batch}`;
  whole.hidden = false;
  follow(files, progress, { isSending: () => sending });
  while (waiting.length) {
    const { file, row } = waiting.shift();
    sent += 1;
    progress.textContent = `正在上传第 ${sent} 个，还有 ${waiting.length} 个。`;
    await send(file, row);
  }
  sending = false;
  progress.textContent = "上传完了，正在读取……";
}

async function begin() {
  const body = new URLSearchParams({
    venue: document.getElementById("field-venue").value,
    agency_id: document.getElementById("field-agency_id").value,
    form_token: token,
  });
  const headers = { Accept: "application/json" };
  const response = await fetch("/console/imports", { method: "POST", body, headers });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.sentence);
  return answer.batch;
}

function send(file, { row, bar, told }) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/console/imports/${batch}/files`);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("X-Form-Token", token);
    request.setRequestHeader("X-File-Name", encodeURIComponent(file.name));
    told.textContent = "正在上传";
    request.upload.addEventListener("progress", (event) => { bar.value = event.loaded; });
    request.addEventListener("load", () => {
      bar.value = bar.max;
      const answer = JSON.parse(request.responseText || "{}");
      const refused = answer.reason || answer.sentence;
      told.textContent = refused || "已上传";
      row.classList.toggle("refused", Boolean(refused));
      done();
    });
    request.addEventListener("error", () => {
      // The server closes the connection on a file that is too large; the list says so.
      told.textContent = file.size > Number(form.dataset.largest)
        ? "文件超过 100 MB，请拆分后再导入。" : "上传中断了，请检查网络后再选一次这个文件。";
      row.classList.add("refused");
      done();
    });
    request.send(file);
  });
}
