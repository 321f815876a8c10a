// The connection to the server; it comes back by itself. docs/voice-protocol.md has the messages.

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8000;
const PATIENCE_MS = 4000;

export class VoiceSocket extends EventTarget {
  #socket = null;
  #wait = FIRST_WAIT_MS;

  connect() {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/kiosk/voice`);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      this.#wait = FIRST_WAIT_MS;
      this.dispatchEvent(new Event("open"));
    };
    socket.onmessage = ({ data }) => {
      if (this.#socket === socket) this.#pass(data);
    };
    socket.onclose = () => {
      if (this.#socket !== socket) return;
      this.dispatchEvent(new Event("lost"));
      setTimeout(() => this.connect(), this.#wait);
      this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT_MS);
    };
    this.#socket = socket;
  }

  /** Take a fresh connection, so that the server forgets the visitor too. */
  renew() {
    const old = this.#socket;
    this.#socket = null;
    old?.close();
    this.connect();
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Resolve to whether there is a connection, after waiting for one a little. */
  async ready() {
    if (this.isOpen) return true;
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), PATIENCE_MS);
      this.addEventListener("open", () => { clearTimeout(timer); resolve(true); }, { once: true });
    });
  }

  send(message) {
    if (this.isOpen) this.#socket.send(JSON.stringify(message));
  }

  sendSound(pcm) {
    if (this.isOpen) this.#socket.send(pcm);
  }

  #pass(data) {
    this.dispatchEvent(new CustomEvent("message", { detail: JSON.parse(data) }));
  }
}
