// What the public pages do at a kiosk only: ask whether anybody is there, and call for help.

import { Idle } from "../kiosk/idle.js";
import { RequestFailed, callForHelp } from "../kiosk/requests.js";
import { forgetPlaces } from "./place.js";

const $ = (id) => document.getElementById(id);
const idle = new Idle();

idle.addEventListener("asking", ({ detail }) => {
  $("idle-seconds").textContent = detail;
  $("idle").showModal();
});
idle.addEventListener("counting", ({ detail }) => { $("idle-seconds").textContent = detail; });
idle.addEventListener("stayed", () => $("idle").close());
idle.addEventListener("gone", () => {
  forgetPlaces();
  location.replace("/kiosk");
});
$("idle").addEventListener("cancel", (event) => event.preventDefault());

for (const what of ["pointerdown", "keydown", "wheel", "touchmove"]) {
  addEventListener(what, () => idle.touch(), { passive: true });
}
// Whoever listens does not touch: each sentence begun counts.
addEventListener("reading-sentence", () => { if (!idle.isAsking) idle.touch(); });
idle.touch();

$("help-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const told = $("helped");
  try {
    told.textContent = (await callForHelp()).sentence;
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
    told.textContent = error.message;
  }
  told.hidden = false;
  told.scrollIntoView({ block: "center" });
});
