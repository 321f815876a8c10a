// The list of a batch's files, fetched again while the server reads them.

const REFRESH_MS = 800;

// Follows a batch; a list that did not change is left alone, so that focus stays.
export function follow(list, status, { isSending = () => false } = {}) {
  let shown = list.innerHTML.trim();
  async function refresh() {
    // Asked before the list is fetched: a file sent meanwhile is not in it yet.
    const wasSending = isSending();
    try {
      const response = await fetch(list.dataset.address, { headers: { Accept: "text/html" } });
      if (!response.ok) throw new Error(response.statusText);
      const text = (await response.text()).trim();
      if (text !== shown) {
        shown = text;
        list.innerHTML = text;
      }
      if (isFinished(list) && !wasSending) {
        status.textContent = "全部处理完了，结果见下表。";
        return;
      }
    } catch {
      status.textContent = "与服务的连接断了，正在重试……";
    }
    setTimeout(refresh, REFRESH_MS);
  }
  if (!(isFinished(list) && !isSending() && shown)) refresh();
}

function isFinished(list) {
  return list.querySelector("[data-finished]")?.dataset.finished === "yes";
}
