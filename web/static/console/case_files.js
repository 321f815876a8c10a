// Sends one paper of an application as the body of a request, and shows the list anew.

const form = document.getElementById("case-files");
const told = document.getElementById("case-files-told");
const input = document.getElementById("field-file");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const file = input.files[0];
  if (!file || form.dataset.sending) return;
  form.dataset.sending = "true";
  told.textContent = "正在上传。";
  const purpose = encodeURIComponent(document.getElementById("field-purpose").value);
  try {
    const response = await fetch(`${form.dataset.path}?purpose=${purpose}`, {
      method: "POST",
      headers: {
        "x-form-token": document.body.dataset.formToken,
        "x-file-name": encodeURIComponent(file.name),
        Accept: "application/json",
      },
      body: file,
    });
    const answer = await response.json();
    if (response.ok) { location.reload(); return; }
    told.textContent = answer.sentence;
  } catch {
    told.textContent = "没有传上去，请检查网络后再试。";
  } finally {
    delete form.dataset.sending;
  }
});
