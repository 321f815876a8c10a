// Tells the server that this kiosk is there, and learns when it is to be one no longer.

import * as faults from "./faults.js";

const EVERY_MS = 1500;
const LONG_AWAY_MS = 10_000;

let awaySince = null;

async function tell() {
  let response = null;
  try {
    response = await fetch("/kiosk/presence", { method: "POST" });
  } catch {
    // The server is away for a while; the page says so where it matters.
    awaySince ??= Date.now();
  }
  if (response?.ok && awaySince !== null) {
    if (Date.now() - awaySince > LONG_AWAY_MS) await faults.report("connection");
    faults.works("connection");
    awaySince = null;
  }
  if (response?.status === 403) location.replace("/kiosk");
  else setTimeout(tell, EVERY_MS);
}

tell();
