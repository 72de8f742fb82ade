/** One block of a conversation on the screen. */

import { avatar, botAvatar } from "./avatar.js";
import { append, button, h } from "./dom.js";
import { time } from "./format.js";
import { icon } from "./icons.js";
import { inlineKeyboard } from "./keyboard.js";
import { mediaWord, renderMedia, standsAlone } from "./media.js";
import { richText } from "./richtext.js";
import { t } from "./words.js";

/**
 * @typedef {import("./types.js").Message} Message
 * @typedef {{person: number, isGroup: boolean, zone: string, menu: (message: Message, anchor: HTMLElement) => void,
 *   tap: (message: Message, row: number, column: number) => Promise<void>, link: (url: string) => boolean, elsewhere: () => void, copy: (text: string) => void,
 *   command: (text: string) => void, name: (sender: import("./types.js").Sender) => string, jump: (id: number) => void, react: (message: Message, emoji: string) => void}} Hands
 *   what a message's parts call on
 */

/** @param {import("./timeline.js").Block} block @param {Hands} hands @returns {HTMLElement} */
export function renderBlock(block, hands) {
  switch (block.kind) {
    case "date":
      return h("div", { class: "line date" }, h("span", {}, block.label));
    case "service":
      return h(
        "div",
        { class: "line service", data: { message: block.messages[0].message_id } },
        h("span", {}, block.messages[0].service),
      );
    case "deleted":
      return h(
        "div",
        { class: "line gone", data: { message: block.messages[0].message_id } },
        h("span", {}, icon("trash"), t("deleted")),
      );
    default:
      return renderBubble(block, hands);
  }
}

function renderBubble(block, hands) {
  const [message] = block.messages;
  const name = block.own ? t("you") : hands.name(message.from);
  const shown = time(message.date, hands.zone);
  const side = hands.isGroup && !block.own;
  const more = button(
    "message-menu",
    {
      class: "bubble-more",
      tabindex: "-1",
      "aria-label": t("message.more"),
      "aria-haspopup": "menu",
      onclick: () => hands.menu(message, more),
    },
    icon("more"),
  );
  return h(
    "article",
    {
      class: ["message", block.own ? "own" : "other", block.first && "first", block.last && "last"]
        .filter(Boolean)
        .join(" "),
      tabindex: "-1",
      "aria-label": t("message.from", { name, time: shown }),
      data: { message: message.message_id, from: message.from.id },
      oncontextmenu: (event) => {
        if (event.target.closest("a, img, video, audio")) return;
        event.preventDefault();
        hands.menu(message, more);
      },
      onkeydown: (event) => {
        if (event.key !== "Enter" || event.target !== event.currentTarget) return;
        // Else the key would go on to choose the menu's first item.
        event.preventDefault();
        hands.menu(message, more);
      },
    },
    side
      ? h(
          "div",
          { class: "message-side" },
          block.last ? (message.from.is_bot ? botAvatar() : avatar(name, message.from.id)) : null,
        )
      : null,
    h(
      "div",
      { class: "message-main" },
      h("div", { class: "bubble-row" }, bubble(block, hands, side && block.first ? name : "", shown), more),
      message.reactions.length ? reactions(message, hands) : null,
      message.inline_keyboard ? inlineKeyboard(message, hands) : null,
    ),
  );
}

function bubble({ messages }, hands, name, shown) {
  const [message] = messages;
  const captioned = messages.find((one) => one.caption_html) ?? message;
  const markup = message.html ?? captioned.caption_html;
  const meta = h(
    "span",
    { class: "meta" },
    messages.some((one) => one.edit_date) ? `${t("edited")} ` : "",
    shown,
  );
  const element = h("div", { class: "bubble" });
  if (messages.every((one) => standsAlone(one.media))) element.classList.add("bare");
  if (message.media?.kind === "photo" || message.media?.kind === "video") element.classList.add("pictured");
  append(element, [
    name ? h("div", { class: "sender" }, name) : null,
    message.forwarded_from
      ? h("div", { class: "forwarded" }, t("forwarded", { name: message.forwarded_from }))
      : null,
    message.via_bot ? h("div", { class: "forwarded" }, t("via", { bot: message.via_bot })) : null,
    message.reply_to ? quote(message.reply_to, hands) : null,
    messages.length > 1 ? album(messages) : message.media ? renderMedia(message.media) : null,
    markup ? h("div", { class: "text", dir: "auto" }, richText(markup, hands), meta) : meta,
  ]);
  return element;
}

function album(messages) {
  const pieces = messages.map((one) => {
    const piece = one.media ? renderMedia(one.media) : h("span");
    piece.dataset.message = one.message_id;
    return piece;
  });
  const visual = messages.every((one) => one.media?.kind === "photo" || one.media?.kind === "video");
  return h("div", { class: visual ? "album" : "album files", data: { count: messages.length } }, ...pieces);
}

function quote(reply, { jump, name }) {
  // A message without words is quoted by its kind.
  const kind = /^\[(\w+)\]$/.exec(reply.excerpt)?.[1];
  return button(
    "jump",
    { class: "quote", data: { target: reply.message_id }, onclick: () => jump(reply.message_id) },
    h("span", { class: "quote-name" }, name(reply.from)),
    h("span", { class: "quote-text" }, kind ? mediaWord({ kind }) : reply.excerpt),
  );
}

function reactions(message, { react, person }) {
  const counts = new Map();
  for (const { emoji, by } of message.reactions) counts.set(emoji, [...(counts.get(emoji) ?? []), by]);
  return h(
    "div",
    { class: "reactions" },
    ...[...counts].map(([emoji, by]) => {
      const mine = by.includes(person);
      return button(
        "react",
        {
          class: "reaction",
          "aria-pressed": String(mine),
          data: { emoji },
          onclick: () => react(message, mine ? "" : emoji),
        },
        emoji,
        by.length > 1 ? ` ${by.length}` : "",
      );
    }),
  );
}

/** A message in a few words, for a quote or a list of chats. @param {Message} message */
export function excerpt(message) {
  if (message.deleted) return t("deleted");
  return (
    message.service ??
    message.text ??
    message.caption ??
    (message.media ? mediaWord(message.media) : t("other"))
  );
}
