// The shop's HTTP interface. Every call throws an Error with a sentence that may be shown.

export const get = path => request(path, {});
export const post = (path, body) => request(path, { method: "POST", body, keepalive: true });
export const put = (path, body) => request(path, { method: "PUT", body });

async function request(path, { method = "GET", body, keepalive = false }) {
  let response;
  try {
    response = await fetch(path, {
      method,
      keepalive,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Error("The shop does not answer. Is it still running?");
  }

  const isJson = response.headers.get("Content-Type")?.includes("json") ?? false;
  const answer = isJson ? await response.json() : null;
  if (!response.ok) {
    throw new Error(answer?.detail ?? `The shop answered with ${response.status}.`);
  }

  return answer;
}
