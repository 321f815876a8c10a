// Says what a page tells, at a kiosk: at once where the browser lets it, and again on the button.

import { Player } from "../kiosk/player.js";

const button = document.getElementById("say");
const pieces = JSON.parse(document.querySelector("[data-speech]")?.dataset.speech || "[]");
const player = new Player();

function label() {
  button.textContent = player.isSpeaking ? "停一下" : "念给我听";
}

if (button && pieces.length) {
  button.hidden = false;
  button.addEventListener("click", () => {
    player.unlock();
    if (player.isSpeaking) player.stop();
    else player.play(pieces);
  });
  player.addEventListener("change", label);
  player.addEventListener("failed", () => { button.hidden = true; });
  window.addEventListener("pagehide", () => player.stop());
  document.addEventListener("kiosk-interrupted", () => player.stop());
  if (navigator.userActivation?.hasBeenActive) player.play(pieces);
}
