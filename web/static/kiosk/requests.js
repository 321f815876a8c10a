// What is sent to the staff and asked of them.

export class RequestFailed extends Error {}

async function send(method, path, body) {
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new RequestFailed("现在连不上服务，请直接找工作人员。");
  }
  const reply = await response.json().catch(() => ({}));
  if (!response.ok) throw new RequestFailed(reply.sentence ?? "没有办成，请直接找工作人员。");
  return reply;
}

export const callForHelp = () => send("POST", "/kiosk/help");
export const lookUpHelpCall = (id) => send("GET", `/kiosk/help/${id}`);
export const leaveQuestion = (text) => send("POST", "/kiosk/questions", { text });
export const leaveSuggestion = (text) => send("POST", "/kiosk/suggestions", { text });
export const lookUp = (number) => send("GET", `/kiosk/questions/${encodeURIComponent(number)}`);
export const whereElse = () => send("GET", "/kiosk/elsewhere");
export const rate = (score, about) => send("POST", "/kiosk/ratings", { score, about });
/** A visitor has begun. Nobody waits for it, and nothing of them is told. */
export const noteVisit = () => { fetch("/kiosk/visits", { method: "POST" }).catch(() => {}); };
