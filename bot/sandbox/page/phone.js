/** One person's phone: the nameplate above, the device below, in it a chat or the list of chats. */

import { actionsOf, chatTitle, nameOf } from "./actions.js";
import { avatar, botAvatar } from "./avatar.js";
import { createChat } from "./chat.js";
import { ask, field, openForm } from "./dialog.js";
import { button, h } from "./dom.js";
import { time } from "./format.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { excerpt } from "./message.js";
import { choosePerson, makeGroup } from "./people.js";
import { deepLinkPayload } from "./richtext.js";
import { t } from "./words.js";

const TOAST_LASTS = 3500;

/**
 * @param {import("./store.js").Store} store @param {number} person
 * @param {AbortSignal} signal ends the phone's listening
 */
export function createPhone(store, person, signal) {
  /** @type {AbortController} of what is on the screen */
  let showing = new AbortController();
  const bubble = h("div", { class: "toast", role: "status", data: { part: "toast" } });
  const view = h("div", { class: "view" });
  const clock = h("span", { class: "status-time" });
  const screen = h(
    "div",
    { class: "screen" },
    h(
      "div",
      { class: "status-bar", "aria-hidden": "true" },
      clock,
      h("span", { class: "island" }),
      h("span", { class: "status-signs" }, h("i"), h("i")),
    ),
    view,
    bubble,
  );
  const name = h("strong");
  const label = h("small");
  const more = button(
    "phone-menu",
    {
      class: "round",
      "aria-haspopup": "menu",
      onclick: () => openPhoneMenu(more),
    },
    icon("more"),
  );
  const nameplate = h(
    "header",
    { class: "nameplate" },
    button(
      "choose-person",
      { class: "who", "aria-haspopup": "dialog", onclick: change },
      avatar(nameOf(store, person), person),
      h("span", { class: "who-text" }, name, label),
      icon("down"),
    ),
    more,
  );
  const element = h(
    "section",
    { class: "phone", data: { person } },
    nameplate,
    h("div", { class: "device" }, screen),
  );
  const phone = { store, person, screen, toast, signal };

  let toastTimer = 0;
  function toast(text) {
    clearTimeout(toastTimer);
    bubble.textContent = text;
    bubble.classList.add("shown");
    toastTimer = setTimeout(() => bubble.classList.remove("shown"), TOAST_LASTS);
  }

  function renderNameplate() {
    const whose = nameOf(store, person);
    element.setAttribute("aria-label", t("phone.of", { name: whose }));
    more.setAttribute("aria-label", t("phone.more", { name: whose }));
    name.textContent = whose;
    label.textContent = store.people.get(person)?.label ?? "";
  }

  function change() {
    choosePerson(store, {
      title: t("people.choose"),
      chosen: (id) => store.show(store.shown.map((shown) => (shown === person ? id : shown))),
    });
  }

  function openPhoneMenu(anchor) {
    const actions = actionsOf(phone, person);
    const { blocked } = store.people.get(person);
    openMenu(
      anchor,
      [
        { action: "share-contact", icon: "person", label: t("menu.contact"), run: actions.shareContact },
        { action: "deep-link", icon: "link", label: t("menu.link"), run: () => openLink(actions) },
        { action: "make-group", icon: "people", label: t("menu.group"), run: () => makeGroup(store, person) },
        blocked
          ? { action: "unblock", icon: "check", label: t("unblock"), run: () => actions.block(false) }
          : {
              action: "block",
              icon: "block",
              label: t("menu.block"),
              danger: true,
              run: () => actions.block(true),
            },
        {
          action: "remove-phone",
          icon: "close",
          label: t("phone.remove"),
          run: () => store.show(store.shown.filter((id) => id !== person)),
        },
      ],
      { label: t("phone.more", { name: nameOf(store, person) }) },
    );
  }

  function openLink(actions) {
    openForm({
      title: t("link.title"),
      name: "deep-link",
      yes: t("link.open"),
      fields: [field(t("link.field"), { name: "link", required: true, autofocus: true })],
      submit: ({ link }) => {
        show(person);
        return actions.start(deepLinkPayload(String(link), store.bot.username) ?? String(link).trim());
      },
    });
  }

  /** Puts a chat on the screen, or with null the list of chats. */
  function show(chat) {
    showing.abort();
    showing = new AbortController();
    store.open.set(person, chat);
    const scope = { ...phone, signal: AbortSignal.any([signal, showing.signal]) };
    const hasList = store.chatsOf(person).length > 1;
    view.replaceChildren(
      chat === null ? createList(scope, show) : createChat(scope, chat, hasList ? () => show(null) : null),
    );
  }

  function showLast() {
    const open = store.open.get(person);
    const last = store.chats.get(open)?.migrated_to ?? open;
    show(last === null || store.chatsOf(person).some((chat) => chat.id === last) ? last : person);
  }

  const tick = () => (clock.textContent = time(store.clock.now(), store.clock.zone));
  store.clock.addEventListener("tick", tick, { signal });
  const chatIds = () =>
    store
      .chatsOf(person)
      .map((chat) => chat.id)
      .join();
  let chats = chatIds();
  store.on(
    "people",
    () => {
      renderNameplate();
      // The way to the list comes with the second chat; a group may go, or get a new id.
      const now = chatIds();
      if (now !== chats && store.open.get(person) !== null) showLast();
      chats = now;
    },
    signal,
  );
  store.on(
    "answer",
    (answer) => {
      if (answer.person !== person || !answer.text) return;
      if (answer.show_alert) ask(screen, { text: answer.text });
      else toast(answer.text);
    },
    signal,
  );

  renderNameplate();
  tick();
  showLast();
  return element;
}

function createList(phone, open) {
  const { store, person, signal } = phone;
  const list = h("div", { class: "chat-list" });
  const render = () =>
    list.replaceChildren(
      h("h2", {}, t("chats")),
      ...store.chatsOf(person).map((chat) => {
        const conversation = store.conversation(person, chat.id);
        const title = chatTitle(store, chat);
        const last = conversation.messages.at(-1);
        const unread = store.unread(conversation);
        return button(
          "open-chat",
          { class: "chat-entry", data: { chat: chat.id }, onclick: () => open(chat.id) },
          chat.id > 0 ? botAvatar() : avatar(title, chat.id),
          h(
            "span",
            { class: "chat-entry-text" },
            h("strong", {}, title),
            h("span", {}, last ? excerpt(last) : t("chat.empty")),
          ),
          h(
            "span",
            { class: "chat-entry-side" },
            last ? h("small", {}, time(last.date, store.clock.zone)) : null,
            unread
              ? h(
                  "span",
                  { class: "badge", "aria-label": t("chats.unread", { count: unread }) },
                  String(unread),
                )
              : null,
          ),
        );
      }),
    );
  for (const event of ["conversation", "people", "seen"]) store.on(event, render, signal);
  render();
  return list;
}
