// Lets a reader of the documentation send each request and see what comes back.

for (const form of document.querySelectorAll("form.try")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
}

async function send(form) {
  const outcome = form.querySelector(".outcome");
  const address = new URL(form.dataset.path, location.origin);
  const headers = {};
  for (const input of form.querySelectorAll("input")) {
    if (input.dataset.in === "path") {
      address.pathname = address.pathname.replace(
        encodeURI(`{${input.name}}`), encodeURIComponent(input.value));
    } else if (input.dataset.in === "token") {
      headers.Authorization = `Bearer ${input.value}`;
    } else if (input.dataset.in === "header") {
      headers[input.name] = input.value;
    } else {
      address.searchParams.set(input.name, input.value);
    }
  }
  const body = form.querySelector("textarea")?.value;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  outcome.replaceChildren();
  try {
    const response = await fetch(address, {
      method: form.dataset.method,
      body,
      headers,
    });
    show(outcome, `${response.status}`, pretty(await response.text()));
  } catch {
    show(outcome, "没有连上服务", "");
  }
}

function show(outcome, status, text) {
  const heading = document.createElement("p");
  heading.textContent = `返回 ${status}`;
  const block = document.createElement("pre");
  block.tabIndex = 0;
  block.textContent = text;
  outcome.replaceChildren(heading, block);
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
