// Tells staff what is wrong with this kiosk, and when it is well again.

let told = null;

/** Report a fault, or null; one that was told already is not told again. */
export async function report(fault) {
  if (fault === told) return;
  told = fault;
  try {
    await fetch("/kiosk/faults", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ fault }),
    });
  } catch {
    told = null; // It is told when it shows again.
  }
}

/** What was wrong works again. */
export function works(fault) {
  if (told === fault) report(null);
}
