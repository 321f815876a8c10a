// Keeps the list of open help calls at most two seconds old.

const REFRESH_MS = 1500;
const calls = document.getElementById("calls");
const connection = document.getElementById("connection");

async function refresh() {
  try {
    const response = await fetch("/console/help-calls", { headers: { Accept: "text/html" } });
    if (!response.ok) throw new Error(response.statusText);
    const text = await response.text();
    connection.textContent = "";
    // A list that did not change is left alone: focus stays, and nothing is read out again.
    if (text.trim() !== shown) {
      shown = text.trim();
      calls.innerHTML = text;
    }
  } catch {
    connection.textContent = "与服务的连接断了，正在重试……";
  }
  setTimeout(refresh, REFRESH_MS);
}

let shown = calls.innerHTML.trim();
setTimeout(refresh, REFRESH_MS);
