/** What a person can do in the sandbox, as functions. Every one rejects with an `ApiError` whose message can be shown. */

/** The sandbox refused a request or could not be reached; `message` is a sentence for the reader, or "". */
export class ApiError extends Error {}

async function request(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new ApiError("");
  }
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new ApiError(body?.error ?? "");
  return body;
}

function post(path, body = {}) {
  const headers = { "Content-Type": "application/json" };
  return request(path, { method: "POST", headers, body: JSON.stringify(body) });
}

const act = (person, what, body) => post(`sandbox/people/${person}/${what}`, body);

export const api = {
  /** Everything but the conversations. */
  state: () => request("sandbox/state"),
  /** One conversation as `person` sees it. */
  conversation: (person, chat) => request(`sandbox/people/${person}/chats/${chat}`),
  addPerson: (fields) => post("sandbox/people", fields),
  start: (person, payload) => act(person, "start", payload ? { payload } : {}),
  text: (person, body) => act(person, "text", body),
  /** @param {Record<string, string|number|File|null|undefined>} fields empty ones are left out */
  file(person, fields) {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) {
      if (value instanceof File) form.append(name, value, value.name);
      else if (value !== null && value !== undefined && value !== "") form.append(name, String(value));
    }
    return request(`sandbox/people/${person}/file`, { method: "POST", body: form });
  },
  location: (person, body) => act(person, "location", body),
  contact: (person, body) => act(person, "contact", body),
  forward: (person, body) => act(person, "forward", body),
  tap: (person, body) => act(person, "tap", body),
  inline: (person, body) => act(person, "inline", body),
  choose: (person, body) => act(person, "inline/choose", body),
  edit: (person, body) => act(person, "edit", body),
  remove: (person, body) => act(person, "delete", body),
  react: (person, body) => act(person, "react", body),
  block: (person, blocked) => act(person, "block", { blocked }),
  addGroup: (fields) => post("sandbox/groups", fields),
  moveClock: (how) => post("sandbox/clock", how),
  fileUrl: (fileId) => `sandbox/files/${encodeURIComponent(fileId)}`,
};
