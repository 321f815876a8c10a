// One stream for all tabs: browsers hold six connections to a server at most, and tabs are many.

import { CallWatch } from "./call-watch.js";

const ports = new Set();
const watch = new CallWatch();
watch.addEventListener("news", ({ detail }) => {
  for (const port of ports) port.postMessage(detail);
});

addEventListener("connect", ({ ports: [port] }) => {
  ports.add(port);
  port.onmessage = ({ data }) => { if (data === "leaving") ports.delete(port); };
  if (watch.latest) port.postMessage(watch.latest);
});
