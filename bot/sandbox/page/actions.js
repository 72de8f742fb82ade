/** What the owner of a phone does in a chat. What goes wrong is told on that phone; `undefined` means it did not happen. */

import { api, ApiError } from "./api.js";
import { ask } from "./dialog.js";
import { personName } from "./format.js";
import { deepLinkPayload } from "./richtext.js";
import { t } from "./words.js";

/**
 * @typedef {{store: import("./store.js").Store, person: number, screen: HTMLElement, toast: (text: string) => void}} Phone
 * @param {Phone} phone @param {number} chat
 */
export function actionsOf(phone, chat) {
  const { store, person, screen, toast } = phone;

  async function attempt(doing) {
    try {
      const result = await doing;
      store.take(result);
      return result ?? null;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      toast(error.message || t(store.connected ? "failed" : "offline"));
      return undefined;
    }
  }

  const to = (message, more = {}) => ({ chat_id: chat, message_id: message.message_id, ...more });

  const actions = {
    start: (payload) => attempt(api.start(person, payload)),
    text: (text, more = {}) => attempt(api.text(person, { chat_id: chat, text, ...more })),
    file: (fields) => attempt(api.file(person, { chat_id: chat, ...fields })),
    location: (latitude, longitude) => attempt(api.location(person, { chat_id: chat, latitude, longitude })),
    contact: (of) =>
      attempt(api.contact(person, of === undefined ? { chat_id: chat } : { chat_id: chat, of })),
    forward: (message, target) =>
      attempt(api.forward(person, { chat_id: target, from_chat_id: chat, message_id: message.message_id })),
    edit: (message, text) => attempt(api.edit(person, to(message, { text }))),
    remove: (message) => attempt(api.remove(person, to(message))),
    inline: (query) => attempt(api.inline(person, { chat_id: chat, query })),
    choose: (fields) => attempt(api.choose(person, { chat_id: chat, ...fields })),
    react: (message, emoji) => attempt(api.react(person, to(message, { emoji }))),
    block: (blocked) => attempt(api.block(person, blocked)),

    /** Taps an inline button; the bot's words come as an `answer` event, only a link is taken from here. */
    async tap(message, row, column) {
      const result = await attempt(api.tap(person, to(message, { row, column })));
      const url = result?.answer?.url;
      if (url && !actions.link(url)) window.open(url, "_blank", "noopener");
    },

    /** Opens a deep link to the bot on this phone; says false about any other link. */
    link(url) {
      const payload = deepLinkPayload(url, store.bot.username);
      if (payload === null) return false;
      actions.start(payload);
      return true;
    },

    /** Shares the own number once the owner has said yes. */
    async shareContact() {
      const { phone: number, started } = store.people.get(person);
      if (!started && chat === person) return toast(t("share.unstarted"));
      if (!number) return toast(t("share.nophone"));
      const bot = store.bot.name;
      const yes = await ask(screen, {
        title: t("share.title", { bot }),
        text: t("share.text", { bot, phone: number }),
        yes: t("share.yes"),
        no: t("cancel"),
      });
      return yes ? actions.contact() : undefined;
    },
  };
  return actions;
}

/** What a chat is called on its owner's phone. */
export function chatTitle(store, chat) {
  return chat.title ?? (chat.id > 0 ? store.bot.name : String(chat.id));
}

/** The name of a person by id; `otherwise` where the person is not known. */
export function nameOf(store, id, otherwise = String(id)) {
  const person = store.people.get(id);
  return person ? personName(person) : otherwise;
}
