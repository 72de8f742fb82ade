/** From a conversation's messages to the blocks on the screen: dates, service lines, single messages and albums. */

const SAME_RUN = 5 * 60 * 1000;

/**
 * @typedef {import("./types.js").Message} Message
 * @typedef {{kind: "date"|"service"|"deleted"|"bubble", key: string, messages: Message[], label: string,
 *   own: boolean, first: boolean, last: boolean}} Block
 * `first` and `last`: of a run of one sender's messages within a few minutes.
 */

/**
 * @param {Message[]} messages oldest first
 * @param {{own: number, dateLabel: (ms: number) => string}} how
 * @returns {Block[]}
 */
export function toBlocks(messages, { own, dateLabel }) {
  /** @type {Block[]} */
  const blocks = [];
  let date = "";
  for (const message of messages) {
    const label = dateLabel(message.date);
    if (label !== date) {
      date = label;
      blocks.push(block("date", `date ${label} ${message.message_id}`, [], label));
    }
    const last = blocks.at(-1);
    if (message.deleted) {
      blocks.push(block("deleted", `message ${message.message_id}`, [message]));
    } else if (message.service) {
      blocks.push(block("service", `message ${message.message_id}`, [message]));
    } else if (inAlbum(message, last)) {
      last.messages.push(message);
    } else {
      blocks.push({
        ...block("bubble", `message ${message.message_id}`, [message]),
        own: message.from?.id === own,
      });
    }
  }
  blocks.forEach((one, index) => {
    one.first = !sameRun(blocks[index - 1], one);
    one.last = !sameRun(one, blocks[index + 1]);
  });
  return blocks;
}

function block(kind, key, messages, label = "") {
  return { kind, key, messages, label, own: false, first: true, last: true };
}

function inAlbum(message, last) {
  return Boolean(message.media_group_id) && last?.messages[0]?.media_group_id === message.media_group_id;
}

function sameRun(before, after) {
  if (before?.kind !== "bubble" || after?.kind !== "bubble") return false;
  const [one, two] = [before.messages.at(-1), after.messages[0]];
  return one.from?.id === two.from?.id && two.date - one.date < SAME_RUN && !one.inline_keyboard;
}
