// Keeps the place in each document on this machine: the sentence that was read last.

const PREFIX = "openzone-place-";
/** At a kiosk, as long as the page waits for a visitor who has gone; then somebody else stands there. */
const KIOSK_KEEPS_MS = 150_000;

const isKiosk = document.body.dataset.kiosk === "true";

export function keepPlace(documentId, version, sentence) {
  try {
    localStorage.setItem(PREFIX + documentId, JSON.stringify({ version, sentence, at: Date.now() }));
  } catch {
    // Private windows keep nothing; reading goes on without.
  }
}

/** The sentence to read on from; null where none is kept, or the text is another by now. */
export function keptPlace(documentId, version) {
  try {
    const kept = JSON.parse(localStorage.getItem(PREFIX + documentId));
    if (kept?.version !== version) return null;
    return isKiosk && Date.now() - kept.at > KIOSK_KEEPS_MS ? null : kept.sentence;
  } catch {
    return null;
  }
}

export function forgetPlace(documentId) {
  try { localStorage.removeItem(PREFIX + documentId); } catch { /* Nothing was kept. */ }
}

export function forgetPlaces() {
  try {
    Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))
      .forEach((key) => localStorage.removeItem(key));
  } catch { /* Nothing was kept. */ }
}
