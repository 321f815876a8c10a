// Keeps the progress of a notice up to date while cards are being sent. Without it the page is reloaded.

const PAUSE_MS = 2000;

async function refresh() {
  const shown = document.getElementById("results");
  if (!shown || !("underWay" in shown.dataset)) return;
  try {
    const response = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (response.ok) {
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = page.getElementById("results");
      if (fresh) shown.replaceWith(fresh);
    }
  } catch {
    // The server may be away for a moment.
  }
  setTimeout(refresh, PAUSE_MS);
}

setTimeout(refresh, PAUSE_MS);
