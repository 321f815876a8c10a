// What every page of the console does: a form is sent once, and mistakes are gone to.

for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    // A button that gets a file leaves the page, and the form, as it is.
    if (event.submitter?.hasAttribute("data-file")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "true";
    // Coming back with the browser's own button, the form may be sent again.
    addEventListener("pageshow", () => { delete form.dataset.sent; }, { once: true });
  });
}

document.querySelector(".mistakes[tabindex]")?.focus();
