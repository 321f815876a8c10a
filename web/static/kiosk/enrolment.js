// The number pad of the enrolment page. A keyboard can type into the field itself.

const field = document.getElementById("code");

function press(key) {
  if (key === "back") field.value = field.value.slice(0, -1);
  else if (field.value.length < field.maxLength) field.value += key;
}

for (const button of document.querySelectorAll("[data-key]")) {
  button.addEventListener("click", () => press(button.dataset.key));
}
field.addEventListener("input", () => { field.value = field.value.replace(/\D/g, ""); });
