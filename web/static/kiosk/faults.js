// Tells staff what is wrong with this kiosk, and when it is well again.

const KEPT = "openzone-fault";

// Another page of the kiosk may have told it: what works again is told by whichever finds out.
let told = sessionStorage.getItem(KEPT);

function keep(fault) {
  told = fault;
  if (fault === null) sessionStorage.removeItem(KEPT);
  else sessionStorage.setItem(KEPT, fault);
}

/** Report a fault, or null; one that was told already is not told again. */
export async function report(fault) {
  if (fault === told) return;
  keep(fault);
  try {
    await fetch("/kiosk/faults", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ fault }),
    });
  } catch {
    keep(null); // It is told when it shows again.
  }
}

/** What was wrong works again. */
export function works(...faults) {
  if (faults.includes(told)) report(null);
}
