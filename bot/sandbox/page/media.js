/** Pictures, sound, files and the other things a message can carry. */

import { api } from "./api.js";
import { openDialog } from "./dialog.js";
import { button, h } from "./dom.js";
import { duration, fileSize, phoneNumber } from "./format.js";
import { icon } from "./icons.js";
import { t } from "./words.js";

const VIDEO = /^video\//;

/** @param {import("./types.js").Media} media @returns {HTMLElement} */
export function renderMedia(media) {
  const draw = DRAWN[media.kind];
  return h(
    "div",
    { class: `media media-${draw ? media.kind : "other"}`, data: { media: media.kind } },
    draw ? draw(media) : t("other"),
  );
}

/** Whether a message with this stands without a bubble around it. */
export function standsAlone(media) {
  return media?.kind === "sticker" || media?.kind === "video_note";
}

/** A few words for it, where there is no room for the thing itself. */
export function mediaWord(media) {
  return media.kind in DRAWN ? t(media.kind) : t("other");
}

const source = (media) => api.fileUrl(media.file_id);

const DRAWN = {
  photo: (media) =>
    button(
      "enlarge",
      {
        class: "picture",
        "aria-label": t("enlarge"),
        onclick: () => enlarge(source(media)),
      },
      h("img", {
        src: source(media),
        alt: t("photo"),
        decoding: "async",
        width: media.width || null,
        height: media.height || null,
      }),
    ),
  video: (media) =>
    h("video", { src: source(media), controls: true, preload: "metadata", "aria-label": t("video") }),
  animation: (media) =>
    VIDEO.test(media.mime_type ?? "")
      ? h("video", {
          src: source(media),
          controls: true,
          loop: true,
          preload: "metadata",
          "aria-label": t("animation"),
        })
      : h("img", { src: source(media), alt: t("animation") }),
  video_note: (media) =>
    h("video", { src: source(media), controls: true, preload: "metadata", "aria-label": t("video_note") }),
  sticker: (media) =>
    VIDEO.test(media.mime_type ?? "")
      ? h("video", { src: source(media), controls: true, loop: true, "aria-label": t("sticker") })
      : h("img", { src: source(media), alt: t("sticker") }),
  voice: (media) => [icon("voice"), sound(media, t("voice"))],
  audio: (media) => [
    h("span", { class: "media-name" }, media.file_name ?? t("audio")),
    sound(media, t("audio")),
  ],
  document: (media) =>
    h(
      "a",
      {
        class: "document",
        href: source(media),
        download: media.file_name ?? "",
        data: { action: "download" },
      },
      h("span", { class: "document-icon" }, icon("file")),
      h(
        "span",
        { class: "document-text" },
        h("span", { class: "media-name" }, media.file_name ?? t("document")),
        media.file_size ? h("span", { class: "media-note" }, fileSize(media.file_size)) : null,
      ),
    ),
  location: (media) => [
    h("div", { class: "map" }, icon("place")),
    h("span", { class: "media-note" }, `${media.latitude?.toFixed(5)}, ${media.longitude?.toFixed(5)}`),
  ],
  contact: (media) => [
    h("span", { class: "document-icon" }, icon("person")),
    h(
      "span",
      { class: "document-text" },
      h("span", { class: "media-name" }, media.first_name ?? t("contact")),
      h("span", { class: "media-note" }, phoneNumber(media.phone_number ?? "")),
    ),
  ],
};

function sound(media, label) {
  return [
    h("audio", { src: source(media), controls: true, preload: "metadata", "aria-label": label }),
    media.duration ? h("span", { class: "media-note" }, duration(media.duration)) : null,
  ];
}

/** How long a sound or film plays, in whole seconds; null when the browser cannot tell. @param {File} file */
export function durationOf(file) {
  if (!/^(audio|video)\//.test(file.type)) return Promise.resolve(null);
  const url = URL.createObjectURL(file);
  return new Promise((resolve) => {
    const player = h(file.type.startsWith("video/") ? "video" : "audio", { preload: "metadata" });
    const tell = (seconds) => {
      URL.revokeObjectURL(url);
      resolve(Number.isFinite(seconds) ? Math.max(1, Math.round(seconds)) : null);
    };
    player.addEventListener("loadedmetadata", () => tell(player.duration));
    player.addEventListener("error", () => tell(NaN));
    player.src = url;
  });
}

function enlarge(url) {
  const dialog = openDialog({
    title: t("photo"),
    name: "photo",
    body: [h("img", { class: "large", src: url, alt: t("photo"), onclick: () => dialog.close() })],
  });
  dialog.classList.add("lightbox");
}
