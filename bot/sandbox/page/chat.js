/** One chat on one phone: its head, its messages, its composer. */

import { actionsOf, chatTitle, nameOf } from "./actions.js";
import { avatar, botAvatar } from "./avatar.js";
import { createComposer, emptyDraft } from "./composer.js";
import { button, h } from "./dom.js";
import { dateLabel } from "./format.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { createMessages } from "./messages.js";
import { toBlocks } from "./timeline.js";
import { t } from "./words.js";

const EMOJI = ["👍", "❤️", "🙏", "👏", "😁", "🤔"];

/**
 * @param {import("./actions.js").Phone & {signal: AbortSignal}} phone
 * @param {number} chatId
 * @param {(() => void)|null} back to the list of chats, where there is one
 */
export function createChat(phone, chatId, back) {
  const { store, person, signal } = phone;
  const chat = () => store.chatsOf(person).find((one) => one.id === chatId);
  const conversation = () => store.conversation(person, chatId);
  const isGroup = chatId < 0;
  const title = chatTitle(store, chat());
  const face = () => (isGroup ? avatar(title, chatId) : botAvatar());
  const actions = actionsOf(phone, chatId);
  /** @type {number|null} the topic on show; null for all of them */
  let thread = null;
  /** The newest message of the phone's owner that was drawn. */
  let newestOwn = 0;

  const draftKey = `${person}:${chatId}`;
  if (!store.drafts.has(draftKey)) store.drafts.set(draftKey, emptyDraft());
  const draft = store.drafts.get(draftKey);
  const composer = createComposer({ phone, actions, draft, conversation, thread: () => thread });

  const messages = createMessages({
    label: t("chat.messages", { title }),
    hands: {
      person,
      isGroup,
      zone: store.clock.zone,
      name: (sender) => (sender.is_bot ? sender.name : nameOf(store, sender.id, sender.name)),
      menu: openMessageMenu,
      tap: actions.tap,
      link: actions.link,
      react: actions.react,
      copy,
      command: (text) => composer.write(text),
      elsewhere: () => phone.toast(t("button.elsewhere")),
      jump: (id) => messages.jump(id) || phone.toast(t("message.gone")),
    },
    empty: () => {
      const hint = isGroup ? t("chat.empty") : t("chat.hello", { bot: title });
      return h("div", { class: "welcome" }, face(), h("strong", {}, title), h("p", {}, hint));
    },
    seen: () => store.see(conversation()),
    unread: () => store.unread(conversation()),
  });

  const subtitle = h("span", { class: "chat-note", "aria-live": "polite", data: { part: "status" } });
  const badge = h("span", { class: "badge", hidden: true });
  const backProps = { class: "round back", "aria-label": t("chats.back"), onclick: back };
  const topics = h("div", { class: "topics", role: "tablist", "aria-label": t("topic.label"), hidden: true });
  const foot = h("footer", { class: "chat-foot" });
  const element = h(
    "section",
    {
      class: "chat",
      "aria-label": title,
      data: { chat: chatId, drop: t("attach.drop") },
      ondragover: onDrag,
      ondragleave: onDrag,
      ondrop: onDrop,
    },
    h(
      "header",
      { class: "chat-head" },
      back ? button("back", backProps, icon("back"), badge) : null,
      face(),
      h("div", { class: "chat-title" }, h("strong", {}, title), subtitle),
    ),
    topics,
    messages.element,
    foot,
  );

  store.on(
    "conversation",
    (changed) => {
      if (changed.person !== person) return;
      if (changed.chat === chatId) render();
      else renderBadge();
    },
    signal,
  );
  store.on("seen", renderBadge, signal);
  store.on("people", render, signal);
  store.clock.addEventListener("day", render, { signal });

  function render() {
    if (!chat()) return;
    const { messages: all, loaded, action } = conversation();
    renderTopics(all);
    followOwn(all);
    const shown = thread === null ? all : all.filter((message) => message.thread_id === thread);
    const { now, zone } = { now: store.clock.now(), zone: store.clock.zone };
    messages.show(toBlocks(shown, { own: person, dateLabel: (ms) => dateLabel(ms, now, zone) }), loaded);
    const doing = action ? t(action.startsWith("upload") ? "bot.uploading" : "bot.typing") : null;
    subtitle.textContent = doing ?? (isGroup ? t("members", { count: chat().members.length }) : t("bot"));
    subtitle.classList.toggle("active", Boolean(doing));
    renderFoot(loaded && !all.length);
    renderBadge();
  }

  /** Whoever writes looks at what they wrote, wherever they had been reading. */
  function followOwn(all) {
    const own = all.findLast(({ from }) => from?.id === person)?.message_id ?? 0;
    if (own > newestOwn) messages.restart();
    newestOwn = Math.max(newestOwn, own);
  }

  function renderTopics(all) {
    const found = chat().is_forum ? topicsOf(chat(), all) : [];
    topics.hidden = !found.length;
    const tab = (id, name, closed = false) => {
      const onclick = () => {
        thread = id;
        messages.restart();
        render();
      };
      const data = { thread: id ?? "all", closed: closed || null };
      return button("topic", { role: "tab", "aria-selected": String(thread === id), data, onclick }, name);
    };
    topics.replaceChildren(
      tab(null, t("topic.all")),
      ...found.map((topic) => tab(topic.thread_id, topic.name, topic.closed)),
    );
  }

  function renderFoot(isEmpty) {
    const blocked = !isGroup && store.people.get(person).blocked;
    const wanted = blocked ? "unblock" : isEmpty && !isGroup ? "start" : "write";
    if (wanted === "write") composer.update();
    if (foot.dataset.shows === wanted) return;
    foot.dataset.shows = wanted;
    foot.replaceChildren(...FEET[wanted]());
    // Only now, in the page, does the text field know its height.
    if (wanted === "write") requestAnimationFrame(composer.update);
  }

  const FEET = {
    write: () => [composer.element],
    start: () => [button("start", { class: "big", onclick: () => actions.start() }, t("start"))],
    unblock: () => [
      h("p", { class: "foot-note" }, t("blocked.note")),
      button("unblock", { class: "big", onclick: () => actions.block(false) }, t("unblock")),
    ],
  };

  function renderBadge() {
    const others = store.chatsOf(person).filter((one) => one.id !== chatId);
    const count = others.reduce((sum, { id }) => sum + store.unread(store.conversation(person, id)), 0);
    badge.hidden = !count;
    badge.textContent = String(count);
  }

  function onDrag(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    element.classList.toggle("dropping", event.type === "dragover");
  }

  function onDrop(event) {
    element.classList.remove("dropping");
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    composer.stage([...event.dataTransfer.files]);
    composer.focus();
  }

  function copy(text) {
    const tell = (phrase) => () => phone.toast(t(phrase));
    navigator.clipboard.writeText(text).then(tell("copied"), tell("failed"));
  }

  /** @param {import("./types.js").Message} message @param {HTMLElement} anchor */
  function openMessageMenu(message, anchor) {
    const own = message.from.id === person;
    const mine = message.reactions.filter(({ by }) => by === person).map(({ emoji }) => emoji);
    const text = message.text ?? message.caption;
    /** @type {(import("./menu.js").MenuItem|false)[]} */
    const items = [
      { action: "reply", icon: "reply", label: t("message.reply"), run: () => composer.reply(message) },
      text !== null && { action: "copy", icon: "file", label: t("message.copy"), run: () => copy(text) },
      own &&
        text !== null &&
        !message.forwarded_from &&
        !message.via_bot && {
          action: "edit",
          icon: "edit",
          label: t("message.edit"),
          run: () => composer.edit(message),
        },
      {
        action: "forward",
        icon: "forward",
        label: t("message.forward"),
        run: () => openForwardMenu(message, anchor),
      },
      // In a group only its owner, who is its first member, deletes what others wrote.
      (own || !isGroup || chat().members[0] === person) && {
        action: "delete",
        icon: "trash",
        label: t("message.delete"),
        danger: true,
        run: () => actions.remove(message),
      },
    ];
    const row = EMOJI.map((emoji) => ({
      action: "react",
      label: `${t("message.react")} ${emoji}`,
      text: emoji,
      run: () => actions.react(message, mine.includes(emoji) ? "" : emoji),
    }));
    openMenu(
      anchor,
      items.filter((item) => item !== false),
      { label: t("message.more"), row },
    );
  }

  function openForwardMenu(message, anchor) {
    const targets = store.chatsOf(person).filter(({ id }) => id < 0 || store.people.get(person).started);
    /** @type {import("./menu.js").MenuItem[]} */
    const items = targets.map((target) => ({
      action: `forward-to-${target.id}`,
      icon: target.id < 0 ? "people" : "forward",
      label: chatTitle(store, target),
      run: () => actions.forward(message, target.id),
    }));
    openMenu(anchor, items, { label: t("forward.title") });
  }

  render();
  return element;
}

/** A forum's topics: those the sandbox names, and any other that has messages. */
function topicsOf(chat, messages) {
  const named = chat.topics ?? [];
  const known = new Set(named.map((topic) => topic.thread_id));
  const others = new Set(messages.map((message) => message.thread_id).filter((id) => id && !known.has(id)));
  return [...named, ...[...others].map((id) => ({ thread_id: id, name: t("topic.untitled", { id }) }))];
}
