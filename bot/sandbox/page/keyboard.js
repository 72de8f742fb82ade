/** The bot's buttons: inline keyboards under a message, reply keyboards under the composer. */

import { button, h } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./words.js";

/**
 * @typedef {import("./types.js").Message} Message
 * @typedef {{tap: (message: Message, row: number, column: number) => Promise<void>, link: (url: string) => boolean,
 *   copy: (text: string) => void, elsewhere: () => void}} Taps what the kinds of inline buttons call on
 */

/** @param {Message} message @param {Taps} taps */
export function inlineKeyboard(message, taps) {
  const one = (key, row, column) =>
    key.kind === "url" ? urlKey(key, row, column, taps) : inlineKey(key, row, column, message, taps);
  return keyboard("keys", {}, message.inline_keyboard, one);
}

function inlineKey(key, row, column, message, { tap, copy, elsewhere }) {
  const element = button(
    "tap",
    { class: "key", data: { row, column, kind: key.kind }, onclick: run },
    key.text,
  );
  async function run() {
    if (key.copy_text) return copy(key.copy_text);
    if (key.kind !== "callback") return elsewhere();
    if (element.getAttribute("aria-busy")) return undefined;
    element.setAttribute("aria-busy", "true");
    await tap(message, row, column);
    element.removeAttribute("aria-busy");
    return undefined;
  }
  return element;
}

function urlKey(key, row, column, { link }) {
  const props = {
    class: "key",
    data: { row, column, kind: key.kind, action: "tap" },
    href: safeUrl(key.url),
    target: "_blank",
    rel: "noopener noreferrer",
    onclick: (event) => link(key.url) && event.preventDefault(),
  };
  return h("a", props, key.text, icon("open"));
}

/** Only web addresses and Telegram's own; anything else leads nowhere. */
function safeUrl(url) {
  return /^(https?|tg):/i.test(url ?? "") ? url : null;
}

/**
 * @param {import("./types.js").ReplyKeyboard} markup
 * @param {(pressed: import("./types.js").ReplyButton) => void} press
 */
export function replyKeyboard(markup, press) {
  return keyboard("reply-keys", { part: "reply-keyboard" }, markup.keyboard, (given, row, column) => {
    const key = typeof given === "string" ? { text: given } : given;
    return button(
      "reply-button",
      { class: "reply-key", data: { row, column }, onclick: () => press(key) },
      key.request_contact ? icon("person") : null,
      key.request_location ? icon("place") : null,
      h("span", {}, key.text),
    );
  });
}

function keyboard(className, data, rows, draw) {
  const label = t("keyboard.buttons");
  return h(
    "div",
    { class: className, role: "group", "aria-label": label, data },
    ...rows.map((keys, row) =>
      h("div", { class: "keys-row" }, ...keys.map((key, column) => draw(key, row, column))),
    ),
  );
}
