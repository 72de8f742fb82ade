/** What can go with a message: files that wait beside the text, a location, a contact. */

import { field, openForm } from "./dialog.js";
import { button, h } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { choosePerson } from "./people.js";
import { t } from "./words.js";

const SOMEWHERE = { latitude: "46.58930", longitude: "125.10380" };

/** @typedef {{file: File, kind: string, chip?: HTMLElement}} Attachment */

/**
 * The menu at the paper clip.
 * @param {HTMLElement} anchor
 * @param {import("./actions.js").Phone} phone
 * @param {ReturnType<typeof import("./actions.js").actionsOf>} actions
 * @param {(files: File[], kindOf: (file: File) => string) => void} stage
 */
export function openAttachMenu(anchor, phone, actions, stage) {
  const pick = (accept, kindOf) => () => {
    const chooser = h("input", { type: "file", accept, multiple: true });
    chooser.addEventListener("change", () => stage([...chooser.files], kindOf));
    chooser.click();
  };
  const chooseContact = () =>
    choosePerson(phone.store, { title: t("contact.title"), chosen: (id) => actions.contact(id) });
  openMenu(
    anchor,
    [
      {
        action: "attach-photo",
        icon: "photo",
        label: t("attach.photo"),
        run: pick("image/*,video/*", guessKind),
      },
      { action: "attach-file", icon: "file", label: t("attach.file"), run: pick("", () => "document") },
      {
        action: "attach-voice",
        icon: "voice",
        label: t("attach.voice"),
        run: pick("audio/*", () => "voice"),
      },
      {
        action: "attach-location",
        icon: "place",
        label: t("attach.location"),
        run: () => askLocation(actions),
      },
      { action: "attach-contact", icon: "person", label: t("attach.contact"), run: actions.shareContact },
      { action: "attach-other", icon: "people", label: t("attach.other"), run: chooseContact },
    ],
    { label: t("attach") },
  );
}

/** Asks for a place and sends it. */
export function askLocation(actions) {
  const number = (name) =>
    field(t(name), {
      name,
      value: SOMEWHERE[name],
      required: true,
      inputmode: "decimal",
      pattern: "-?\\d{1,3}(\\.\\d+)?",
    });
  openForm({
    title: t("where.title"),
    name: "location",
    fields: [number("latitude"), number("longitude")],
    yes: t("send"),
    submit: ({ latitude, longitude }) => actions.location(Number(latitude), Number(longitude)),
  });
}

/** What a file is sent as, unless its owner says otherwise. @param {File} file */
export function guessKind({ type }) {
  if (/^image\/(jpeg|png|webp|bmp)$/.test(type)) return "photo";
  if (type === "image/gif") return "animation";
  if (type.startsWith("video/")) return "video";
  return type.startsWith("audio/") ? "audio" : "document";
}

/** A file that waits, with a button that takes it out again. @param {Attachment} attachment @param {() => void} remove */
export function fileChip({ file, kind }, remove) {
  const label = t("attach.remove", { name: file.name });
  return h(
    "div",
    { class: "chip" },
    kind === "photo" ? thumbnail(file) : icon(kind === "voice" ? "voice" : "file"),
    h("span", {}, kind === "voice" ? t("voice") : file.name),
    button("unstage", { "aria-label": label, onclick: remove }, icon("close")),
  );
}

function thumbnail(file) {
  const url = URL.createObjectURL(file);
  return h("img", { src: url, alt: "", onload: () => URL.revokeObjectURL(url) });
}
