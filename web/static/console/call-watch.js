// Knows who calls: by a stream of events, and by asking again and again where that fails.
// Used by the worker that all tabs share, and by a page alone where browsers have no such worker.

const ASK_MS = 1500;
const STREAM_AGAIN_MS = 20_000;

export class CallWatch extends EventTarget {
  /** {kind: "calls", calls} | {kind: "ended"} | {kind: "away"}, null before the first. */
  latest = null;
  #stream = null;
  #timer = null;
  #streams;

  constructor({ streams = true } = {}) {
    super();
    this.#streams = streams && "EventSource" in globalThis;
    if (this.#streams) this.#listen(); else this.#ask();
  }

  #tell(news) {
    this.latest = news;
    this.dispatchEvent(new CustomEvent("news", { detail: news }));
  }

  #listen() {
    clearTimeout(this.#timer);
    const stream = this.#stream = new EventSource("/console/help-calls/stream");
    const failed = () => {
      stream.close();
      if (this.#stream !== stream) return;
      this.#stream = null;
      this.#ask(Date.now() + STREAM_AGAIN_MS);
    };
    stream.addEventListener("calls", ({ data }) => this.#tell({ kind: "calls", calls: JSON.parse(data) }));
    stream.addEventListener("ended", () => {
      stream.close();
      this.#stream = null;
      this.#tell({ kind: "ended" });
      this.#ask(Date.now() + STREAM_AGAIN_MS);
    });
    stream.addEventListener("error", failed);
  }

  async #ask(streamAt = Infinity) {
    try {
      const response = await fetch("/console/help-calls/state", { headers: { Accept: "application/json" } });
      if (response.ok) this.#tell({ kind: "calls", calls: await response.json() });
      else this.#tell({ kind: response.status === 401 ? "ended" : "away" });
    } catch {
      this.#tell({ kind: "away" });
    }
    const wellAgain = this.latest.kind === "calls" && Date.now() >= streamAt;
    this.#timer = setTimeout(
      () => (this.#streams && wellAgain ? this.#listen() : this.#ask(streamAt)), ASK_MS);
  }
}
