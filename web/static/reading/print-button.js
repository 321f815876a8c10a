// The button that prints a page, where a browser can.

const button = document.getElementById("print-page");
button.hidden = false;
button.addEventListener("click", () => print());
