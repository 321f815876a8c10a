// Sends a file of a case: its bytes are the body, what it is and its name are in headers.

const form = document.querySelector("#case-file");

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const status = form.querySelector("#file-status");
  const [file] = form.elements.content.files;
  if (!file) return;
  status.textContent = "正在上传……";
  try {
    const response = await fetch(form.dataset.address, {
      method: "POST",
      headers: {
        Accept: "application/json",
        "Content-Type": "application/octet-stream",
        "X-Form-Token": document.body.dataset.formToken,
        "X-File-Name": encodeURIComponent(file.name),
        "X-File-Purpose": form.elements.purpose.value,
      },
      body: file,
    });
    if (response.ok) location.reload();
    else status.textContent = (await response.json()).sentence ?? "没有传上去，请再试一次。";
  } catch {
    status.textContent = "与服务的连接断了，没有传上去，请再试一次。";
  }
});
