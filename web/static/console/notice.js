// While a notice is written: what is still wrong with it, and how its card looks.

const form = document.querySelector("#notice-form");
const faults = document.querySelector("#live-faults");
const card = document.querySelector("#live-card");
const PAUSE_MS = 500;
let timer = null;
let asked = 0;

function made(tag, text) {
  const node = document.createElement(tag);
  node.textContent = text;
  return node;
}

function show(looks) {
  const sentences = Object.values(looks.faults).map((sentence) => made("li", sentence));
  faults.replaceChildren(...sentences);
  card.hidden = looks.card.length === 0 || !form.elements.by_card.checked;
  const lines = looks.card.flatMap((line) => [made("dt", line.label), made("dd", line.value)]);
  card.querySelector("dl").replaceChildren(...lines);
  document.querySelector("#live-hint").hidden = sentences.length > 0 || !card.hidden;
}

async function check() {
  const mine = ++asked;
  try {
    const response = await fetch(form.dataset.check, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams(new FormData(form)),
    });
    if (response.ok && mine === asked) show(await response.json());
  } catch {
    // It is checked again when the form is sent.
  }
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(check, PAUSE_MS);
});
