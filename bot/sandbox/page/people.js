/** Choosing among the people, inviting someone new, making a group. */

import { nameOf } from "./actions.js";
import { api } from "./api.js";
import { avatar } from "./avatar.js";
import { choice, field, openDialog, openForm, tick } from "./dialog.js";
import { button, h } from "./dom.js";
import { personName } from "./format.js";
import { icon } from "./icons.js";
import { t } from "./words.js";

const AT_ONCE = 60;

/**
 * A searchable list of everybody.
 * @param {import("./store.js").Store} store
 * @param {{title: string, chosen: (id: number) => unknown}} how
 */
export function choosePerson(store, { title, chosen }) {
  const done = (id) => {
    dialog.close();
    chosen(id);
  };
  const found = h("div", {
    class: "people",
    role: "listbox",
    "aria-label": title,
    data: { part: "people" },
    onkeydown: walk,
  });
  const search = h("input", {
    type: "search",
    placeholder: t("people.search"),
    "aria-label": t("people.search"),
    autocomplete: "off",
    autofocus: true,
    data: { part: "search" },
    oninput: render,
    onkeydown: (event) => {
      const first = found.querySelector("[role=option]");
      if (event.key === "ArrowDown") {
        event.preventDefault();
        first?.focus();
      } else if (event.key === "Enter" && !event.isComposing) {
        // Else the key would go on to press whatever gets the focus once the dialog is closed.
        event.preventDefault();
        first?.click();
      }
    },
  });

  function render() {
    const wanted = search.value.trim().toLowerCase().split(/\s+/);
    const people = [...store.people.values()]
      .sort((one, other) => Number(other.pinned) - Number(one.pinned))
      .filter((person) => wanted.every((word) => wordsOf(person).includes(word)));
    found.replaceChildren(...people.slice(0, AT_ONCE).map(entry));
    const rest = people.length - AT_ONCE;
    if (!people.length)
      found.append(h("p", { class: "hint" }, t("people.none", { text: search.value.trim() })));
    if (rest > 0) found.append(h("p", { class: "hint" }, t("people.more", { count: rest })));
  }

  function entry(person) {
    const name = personName(person);
    const shown = store.shown.includes(person.id);
    return button(
      "choose",
      {
        role: "option",
        class: "person",
        "aria-selected": String(shown),
        data: { choose: person.id },
        onclick: () => done(person.id),
      },
      avatar(name, person.id),
      h("span", { class: "who-text" }, h("strong", {}, name), h("small", {}, person.label ?? "")),
      shown ? h("small", { class: "person-note" }, t("people.shown")) : null,
    );
  }

  const dialog = openDialog({
    title,
    name: "people",
    body: [
      h("div", { class: "search" }, icon("search"), search),
      found,
      button(
        "new-person",
        { class: "plain", onclick: () => invite(store, done) },
        icon("plus"),
        t("people.new"),
      ),
    ],
  });
  render();
}

function wordsOf(person) {
  return [personName(person), person.label, person.username, person.phone]
    .filter(Boolean)
    .join(" ")
    .toLowerCase();
}

function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const options = [...event.currentTarget.querySelectorAll("[role=option]")];
  options[options.indexOf(document.activeElement) + step]?.focus();
}

function invite(store, done) {
  openForm({
    title: t("stranger.title"),
    name: "new-person",
    hint: t("stranger.hint"),
    yes: t("stranger.add"),
    fields: [
      h(
        "div",
        { class: "field-pair" },
        field(t("stranger.last"), { name: "last_name" }),
        field(t("stranger.first"), { name: "first_name", required: true, autofocus: true }),
      ),
      field(t("stranger.phone"), { name: "phone", type: "tel" }),
      field(t("stranger.username"), { name: "username", pattern: "[A-Za-z]\\w{3,31}" }),
      field(t("stranger.label"), { name: "label" }),
      choice(t("stranger.language"), "language_code", [
        ["zh-hans", "中文"],
        ["en", "English"],
      ]),
    ],
    submit: async (values) => {
      const person = await api.addPerson(
        Object.fromEntries(Object.entries(values).filter(([, value]) => value !== "")),
      );
      store.takePerson(person);
      done(person.id);
    },
  });
}

/** A group of people whose phones are on the page, the bot among them if wished. */
export function makeGroup(store, owner) {
  openForm({
    title: t("group.title"),
    name: "group",
    yes: t("group.make"),
    fields: [
      field(t("group.name"), { name: "title", required: true, autofocus: true }),
      h(
        "fieldset",
        { class: "field" },
        h("legend", {}, t("group.members")),
        ...store.shown.map((id) =>
          tick(nameOf(store, id), {
            name: "member",
            value: String(id),
            checked: true,
            disabled: id === owner,
          }),
        ),
      ),
      tick(t("group.forum"), { name: "forum" }),
      tick(t("group.bot"), { name: "bot", checked: true }),
    ],
    submit: (values, form) => {
      const others = new FormData(form).getAll("member").map(Number);
      return api.addGroup({
        title: values.title,
        members: [owner, ...others],
        is_forum: "forum" in values,
        bot: "bot" in values ? "administrator" : null,
      });
    },
  });
}
