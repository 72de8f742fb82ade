/** Where the owner of a phone writes: text, what goes with it, and the bot's reply buttons. */

import { askLocation, fileChip, guessKind, openAttachMenu } from "./attachments.js";
import { button, h, reconcile } from "./dom.js";
import { icon } from "./icons.js";
import { createInline } from "./inline.js";
import { replyKeyboard } from "./keyboard.js";
import { durationOf } from "./media.js";
import { openMenu } from "./menu.js";
import { excerpt } from "./message.js";
import { t } from "./words.js";

const LONGEST = 4096;

/**
 * @typedef {import("./types.js").Message} Message
 * @typedef {{text: string, replyTo: Message|null, editing: Message|null, keyboardHidden: object|null,
 *   files: import("./attachments.js").Attachment[]}} Draft
 *   `keyboardHidden`: the reply keyboard that was folded away; another one shows again
 * @returns {Draft}
 */
export function emptyDraft() {
  return { text: "", replyTo: null, editing: null, files: [], keyboardHidden: null };
}

/**
 * @param {{phone: import("./actions.js").Phone, draft: Draft, thread: () => number|null,
 *   actions: ReturnType<typeof import("./actions.js").actionsOf>,
 *   conversation: () => import("./store.js").Conversation}} how
 */
export function createComposer({ phone, actions, draft, conversation, thread }) {
  const input = h("textarea", {
    rows: "1",
    maxlength: String(LONGEST),
    enterkeyhint: "send",
    "aria-label": t("write"),
    data: { part: "input" },
    oninput: () => {
      draft.text = input.value;
      update();
    },
    onkeydown: onKey,
    onpaste: (event) => stage([...event.clipboardData.files]) && event.preventDefault(),
  });
  const banner = h("div", { class: "banner", hidden: true });
  const strip = h("div", { class: "strip", hidden: true });
  const hints = h("div", { class: "hints", hidden: true });
  const inline = createInline({ username: () => phone.store.bot.username, actions, take, leave: empty });
  const keys = h("div", { class: "keys-panel", hidden: true });
  /** @type {object|null} the markup that `keys` shows */
  let keysShown = null;

  const send = button("send", { class: "round send", onclick: submit }, icon("send"));
  const attach = button(
    "attach",
    {
      class: "round",
      "aria-label": t("attach"),
      "aria-haspopup": "menu",
      onclick: () => openAttachMenu(attach, phone, actions, stageAndWrite),
    },
    icon("attach"),
  );
  const toggle = button(
    "toggle-keyboard",
    { class: "round", "aria-label": t("keyboard.toggle"), onclick: toggleKeys },
    icon("keyboard"),
  );
  const commands = button(
    "commands",
    { class: "commands", "aria-haspopup": "menu", onclick: openCommands },
    icon("menu"),
    h("span", {}, t("commands")),
  );
  const field = h("div", { class: "composer-field" }, input, toggle);
  const row = h("div", { class: "composer-row" }, commands, attach, field, send);
  const element = h("div", { class: "composer" }, hints, inline.element, banner, strip, row, keys);

  // Writing

  function onKey(event) {
    // While an input method composes, Enter belongs to it.
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit();
    } else if (event.key === "Escape" && (draft.editing || draft.replyTo)) {
      event.stopPropagation();
      leave();
    } else if (event.key === "ArrowUp" && !input.value) {
      const own = conversation().messages.findLast(
        (message) =>
          message.from.id === phone.person && message.text && !message.via_bot && !message.deleted,
      );
      if (!own) return;
      event.preventDefault();
      edit(own);
    }
  }

  function edit(message) {
    Object.assign(draft, { editing: message, replyTo: null, text: message.text ?? message.caption ?? "" });
    show();
    input.focus();
  }

  function reply(message) {
    Object.assign(draft, { replyTo: message, editing: null });
    show();
    input.focus();
  }

  /** Gives up editing or replying. */
  function leave() {
    if (draft.editing) draft.text = "";
    Object.assign(draft, { editing: null, replyTo: null });
    hideForcedReply();
    show();
  }

  function hideForcedReply() {
    const markup = conversation().replyKeyboard;
    if (markup?.force_reply) draft.keyboardHidden = markup;
  }

  /** Files wait beside the text until it is sent. @returns {boolean} whether there were any */
  function stage(files, kindOf = guessKind) {
    draft.files.push(...files.map((file) => ({ file, kind: kindOf(file) })));
    if (files.length) update();
    return files.length > 0;
  }

  function stageAndWrite(files, kindOf) {
    stage(files, kindOf);
    input.focus();
  }

  // Sending

  async function submit() {
    const { files, editing, replyTo } = draft;
    const text = draft.text.trim();
    // What is typed to the bot behind its name is for the list above, not for the chat.
    if (inline.isOpen()) return;
    if (!text && !files.length) return;
    const more = extras();
    // The field empties at once; what could not be sent comes back, unless something new stands there.
    Object.assign(draft, { text: "", files: [], editing: null, replyTo: null });
    if (replyTo) hideForcedReply();
    show();
    const unsent = await deliver(text, files, editing, more);
    if (!unsent) return;
    if (!draft.text) draft.text = unsent.text;
    draft.files = [...unsent.files, ...draft.files];
    draft.editing ??= editing;
    draft.replyTo ??= replyTo;
    show();
  }

  /** @returns {Promise<Pick<Draft, "text"|"files">|null>} what did not go out */
  async function deliver(text, files, editing, more) {
    if (editing) return (await actions.edit(editing, text)) === undefined ? { text, files } : null;
    if (!files.length) return (await actions.text(text, more)) === undefined ? { text, files } : null;
    const group = files.length > 1 ? crypto.randomUUID() : null;
    for (const [index, { file, kind }] of files.entries()) {
      const caption = index ? "" : text;
      const duration = await durationOf(file);
      const sent = await actions.file({ kind, file, caption, duration, media_group: group, ...more });
      if (sent === undefined) return { text: caption, files: files.slice(index) };
    }
    return null;
  }

  /** Sends one of the results that the bot offers in the list above. */
  async function take(queryId, resultId) {
    const more = extras();
    empty();
    await actions.choose({ query_id: queryId, result_id: resultId, ...more });
  }

  function empty() {
    Object.assign(draft, { text: "", replyTo: null });
    show();
    input.focus();
  }

  /** Sends a text as it is, whatever stands in the field. */
  function write(text) {
    return actions.text(text, extras());
  }

  function extras() {
    const found = {};
    if (draft.replyTo) found.reply_to = draft.replyTo.message_id;
    if (thread()) found.thread_id = thread();
    return found;
  }

  // The bot's buttons

  async function press(pressed) {
    const markup = conversation().replyKeyboard;
    if (pressed.request_contact) await actions.shareContact();
    else if (pressed.request_location) askLocation(actions);
    else await write(pressed.text);
    if (markup.one_time_keyboard && conversation().replyKeyboard === markup) draft.keyboardHidden = markup;
    update();
  }

  function toggleKeys() {
    const markup = conversation().replyKeyboard;
    draft.keyboardHidden = draft.keyboardHidden === markup ? null : markup;
    update();
  }

  function openCommands() {
    const items = conversation().commands.map(({ command, description }) => ({
      action: `command-${command}`,
      label: description,
      note: `/${command}`,
      run: () => write(`/${command}`),
    }));
    openMenu(commands, items, { label: t("commands.label") });
  }

  // Showing

  function show() {
    if (input.value !== draft.text) input.value = draft.text;
    update();
  }

  /** Brings everything around the text field up to what the conversation and the draft say. */
  function update() {
    const { commands: known, replyKeyboard: markup } = conversation();
    const open = markup && draft.keyboardHidden !== markup && !isAnswered(markup) ? markup : null;
    if (open?.force_reply && !draft.replyTo && !draft.editing) draft.replyTo = carrierOf(open);
    commands.hidden = known.length === 0 || draft.text !== "";
    toggle.hidden = !markup?.keyboard;
    toggle.setAttribute("aria-expanded", String(Boolean(open?.keyboard)));
    input.placeholder = open?.input_field_placeholder || t("write");
    inline.follow(draft.editing ? "" : draft.text);
    send.disabled = inline.isOpen() || (!draft.text.trim() && !draft.files.length);
    send.setAttribute("aria-label", t(draft.editing ? "save" : "send"));
    showKeys(open?.keyboard ? open : null);
    showBanner();
    showFiles();
    showHints(known);
    input.style.height = "auto";
    input.style.height = `${input.scrollHeight}px`;
  }

  /** Whether a forced reply has been given. */
  function isAnswered(markup) {
    const answers = (message) =>
      message.from.id === phone.person && message.reply_to?.message_id === markup.message_id;
    return markup.force_reply && conversation().messages.some(answers);
  }

  /** The message that came with a markup. */
  function carrierOf(markup) {
    return conversation().messages.find((message) => message.message_id === markup.message_id) ?? null;
  }

  function showKeys(markup) {
    keys.hidden = !markup;
    if (keysShown === markup) return;
    keysShown = markup;
    keys.replaceChildren(...(markup ? [replyKeyboard(markup, press)] : []));
  }

  function showBanner() {
    const message = draft.editing ?? draft.replyTo;
    banner.hidden = !message;
    if (!message) return;
    const name = message.from.id === phone.person ? t("you") : message.from.name;
    const title = draft.editing ? t("editing") : t("replying", { name });
    banner.replaceChildren(
      icon(draft.editing ? "edit" : "reply"),
      h("div", { class: "banner-text" }, h("strong", {}, title), h("span", {}, excerpt(message))),
      button("leave", { class: "round", "aria-label": t("cancel"), onclick: leave }, icon("close")),
    );
  }

  function showFiles() {
    strip.hidden = !draft.files.length;
    const remove = (unwanted) => () => {
      draft.files = draft.files.filter((attachment) => attachment !== unwanted);
      update();
    };
    for (const attachment of draft.files) attachment.chip ??= fileChip(attachment, remove(attachment));
    reconcile(
      strip,
      draft.files.map(({ chip }) => chip),
    );
  }

  /** The commands that begin as what is being typed. */
  function showHints(known) {
    const typed = /^\/(\w*)$/.exec(draft.text)?.[1].toLowerCase();
    const matching = typed === undefined ? [] : known.filter(({ command }) => command.startsWith(typed));
    const choose = (command) => () => {
      draft.text = "";
      show();
      write(`/${command}`);
    };
    hints.hidden = !matching.length;
    hints.replaceChildren(
      ...matching.map(({ command, description }) =>
        button(
          `command-${command}`,
          { onclick: choose(command) },
          h("strong", {}, `/${command}`),
          h("span", {}, description),
        ),
      ),
    );
  }

  show();
  return { element, update, edit, reply, stage, write, focus: () => input.focus() };
}
