// Lets staff hear the voice and see that the microphone picks something up.

import { Microphone } from "./kiosk/microphone.js";

const TRY_MS = 8000;
const AUDIBLE = 0.05;
const $ = (id) => document.getElementById(id);

const microphone = new Microphone();

$("try-microphone").addEventListener("click", async () => {
  const result = $("microphone-result");
  let loudest = 0;
  try {
    await microphone.open(({ level }) => {
      loudest = Math.max(loudest, level);
      $("level").value = Math.round(level * 100);
      if (loudest > AUDIBLE) result.textContent = "听到声音了，麦克风正常。";
    });
  } catch (error) {
    result.textContent = error.message;
    return;
  }
  result.textContent = "请说几句话……";
  setTimeout(() => {
    microphone.close();
    $("level").value = 0;
    if (loudest <= AUDIBLE) result.textContent = "没有听到声音，请检查麦克风是否接好、有没有静音。";
  }, TRY_MS);
});

for (const [name, shown] of [["rate", (v) => Number(v).toFixed(1)], ["volume", (v) => `${Math.round(v * 100)}%`]]) {
  $(name)?.addEventListener("input", () => { $(`${name}-shown`).textContent = shown($(name).value); });
}

$("try-voice")?.addEventListener("click", async () => {
  const result = $("voice-result");
  result.textContent = "正在准备声音……";
  try {
    const query = new URLSearchParams({ rate: $("rate").value, voice: $("voice").value });
    const response = await fetch(`/kiosk/speech/voice-test?${query}`);
    if (!response.ok) throw new Error((await response.json()).sentence);
    const context = new AudioContext();
    const gain = context.createGain();
    gain.gain.value = Number($("volume").value);
    const source = context.createBufferSource();
    source.buffer = await context.decodeAudioData(await response.arrayBuffer());
    source.connect(gain).connect(context.destination);
    source.onended = () => { result.textContent = "放完了。"; context.close(); };
    source.start();
    result.textContent = "正在播放。";
  } catch (error) {
    result.textContent = error.message || "放不出声音，请检查喇叭。";
  }
});
