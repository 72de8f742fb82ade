/** The live line to the sandbox: its server-sent events. */

const KINDS = [
  "message",
  "edit",
  "delete",
  "action",
  "answer",
  "keyboard",
  "commands",
  "person",
  "chat",
  "clock",
  "reset",
];

/**
 * Listens from `cursor` on, until the line breaks: then `onLost` is called, once, and it is over.
 * @param {{cursor: string|number, onEvent: (kind: string, data: any) => void, onOpen: () => void, onLost: () => void}} how
 * @returns {() => void} hangs up; nothing is called after that
 */
export function listen({ cursor, onEvent, onOpen, onLost }) {
  const source = new EventSource(`sandbox/events?after=${encodeURIComponent(cursor)}`);
  source.addEventListener("open", onOpen);
  // EventSource would call again by itself, with the cursor it first had and perhaps to a sandbox started anew.
  source.addEventListener("error", () => {
    source.close();
    onLost();
  });
  for (const kind of KINDS) source.addEventListener(kind, (event) => onEvent(kind, JSON.parse(event.data)));
  return () => source.close();
}
