// The big button: a tap starts and a tap stops; holding it speaks until it is let go.

const HOLD_MS = 700;

export function attachTalkButton(button, { isListening, start, stop }) {
  let pressedAt = null;

  button.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    button.setPointerCapture(event.pointerId);
    if (isListening()) {
      stop();
    } else {
      pressedAt = performance.now();
      start();
    }
  });

  for (const released of ["pointerup", "pointercancel"]) {
    button.addEventListener(released, () => {
      const held = pressedAt !== null && performance.now() - pressedAt > HOLD_MS;
      pressedAt = null;
      if (held && isListening()) stop();
    });
  }

  // A key or a screen reader clicks without any pointer.
  button.addEventListener("click", (event) => {
    if (event.detail !== 0) return;
    if (isListening()) stop();
    else start();
  });

  button.addEventListener("contextmenu", (event) => event.preventDefault());
}
