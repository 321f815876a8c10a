// Looks whether the draft went on to a phone or to the counter, and then says so and forgets it.

const EVERY_MS = 2000;
const LIVES_MS = 10 * 60 * 1000;

const line = document.getElementById("handed-over");
const until = Date.now() + LIVES_MS;

async function look() {
  try {
    const response = await fetch(line.dataset.state, { cache: "no-store" });
    if (response.ok && (await response.json()).taken) {
      location.replace(line.dataset.done);
      return;
    }
  } catch {
    // The network is away for a moment: it is asked again.
  }
  if (Date.now() < until) {
    setTimeout(look, EVERY_MS);
  } else {
    line.textContent = "这个码过期了。要转到手机上，请返回后再按一次“用手机接着填”。";
  }
}

setTimeout(look, EVERY_MS);
