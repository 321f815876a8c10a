// Tells the server that this kiosk is there, and learns when it is to be one no longer.

const EVERY_MS = 1500;

async function tell() {
  let response = null;
  try {
    response = await fetch("/kiosk/presence", { method: "POST" });
  } catch {
    // The server is away for a while; the page says so where it matters.
  }
  if (response?.status === 403) location.replace("/kiosk");
  else setTimeout(tell, EVERY_MS);
}

tell();
