/** The bar above the phones: the sandbox's time and how to move it, whose phones, language, connection. */

import { api, ApiError } from "./api.js";
import { fromWallTime, wallTime } from "./clock.js";
import { field, openForm } from "./dialog.js";
import { button, h } from "./dom.js";
import { longDate, time } from "./format.js";
import { icon } from "./icons.js";
import { choosePerson } from "./people.js";
import { language, t } from "./words.js";

const HOUR = 60 * 60 * 1000;
/** @type {[import("./words.js").Phrase, number][]} */
const STEPS = [
  ["clock.hour", HOUR],
  ["clock.day", 24 * HOUR],
  ["clock.week", 7 * 24 * HOUR],
];

/**
 * @param {import("./store.js").Store} store @param {AbortSignal} signal
 * @param {{switchLanguage: () => void, notice: (text: string) => void}} how
 */
export function createTopbar(store, signal, { switchLanguage, notice }) {
  const { clock } = store;
  const hour = h("span", { class: "now-hour" });
  const second = h("span", { class: "now-second" });
  const date = h("span", { class: "now-date" });
  const now = h(
    "time",
    { class: "now", "aria-label": t("clock.label"), data: { part: "clock" } },
    h("span", { class: "now-time" }, hour, second),
    date,
  );
  const moves = h("div", { class: "moves", role: "group", "aria-label": t("clock.moves") });
  const connection = h("span", { class: "connection", role: "status", data: { part: "connection" } });

  function tick() {
    const ms = clock.now();
    hour.textContent = time(ms, clock.zone);
    second.textContent = wallTime(ms, clock.zone).slice(16);
    date.textContent = longDate(ms, clock.zone);
    now.setAttribute("datetime", new Date(ms).toISOString());
  }

  async function move(how) {
    moves.inert = true;
    moves.setAttribute("aria-busy", "true");
    try {
      clock.set((await api.moveClock(how)).now);
      now.classList.remove("moved");
      requestAnimationFrame(() => now.classList.add("moved"));
    } finally {
      moves.inert = false;
      moves.removeAttribute("aria-busy");
    }
  }

  async function tryMove(how) {
    try {
      await move(how);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      notice(error.message || t("failed"));
    }
  }

  function renderMoves() {
    moves.replaceChildren(
      ...store.moves.map(({ id, label, label_en: english }) =>
        button(
          "move",
          {
            class: "pill",
            data: { move: id },
            onclick: () => tryMove({ move: id }),
          },
          language() === "en" ? (english ?? label) : label,
        ),
      ),
      button(
        "custom-move",
        { class: "pill quiet", "aria-haspopup": "dialog", onclick: openCustom },
        icon("clock"),
        t("clock.custom"),
      ),
    );
  }

  function openCustom() {
    const dialog = openForm({
      title: t("clock.title"),
      name: "clock",
      hint: t("clock.hint"),
      yes: t("clock.go"),
      fields: [
        h(
          "div",
          { class: "steps" },
          ...STEPS.map(([label, by]) =>
            button(
              "move-by",
              {
                class: "pill",
                data: { by },
                onclick: () => {
                  dialog.close();
                  tryMove({ by });
                },
              },
              `+ ${t(label)}`,
            ),
          ),
        ),
        field(t("clock.until"), {
          type: "datetime-local",
          name: "to",
          required: true,
          value: wallTime(clock.now() + HOUR, clock.zone).slice(0, 16),
        }),
      ],
      submit: ({ to }) => {
        const target = fromWallTime(String(to), clock.zone);
        if (target <= clock.now()) throw new ApiError(t("clock.past"));
        return move({ to: target });
      },
    });
  }

  function renderConnection() {
    connection.classList.toggle("lost", !store.connected);
    connection.replaceChildren(
      h("i", { "aria-hidden": "true" }),
      h("span", {}, t(store.connected ? "connected" : "reconnecting")),
    );
    document.documentElement.dataset.connection = store.connected ? "open" : "lost";
  }

  clock.addEventListener("tick", tick, { signal });
  store.on("moves", renderMoves, signal);
  store.on("connection", renderConnection, signal);
  tick();
  renderMoves();
  renderConnection();

  return h(
    "header",
    { class: "bar" },
    h(
      "div",
      { class: "brand" },
      h("img", { src: "page/mark.svg", alt: "" }),
      h("div", {}, h("h1", {}, t("title")), h("p", {}, t("tagline"))),
    ),
    h("div", { class: "time" }, now, moves),
    h(
      "div",
      { class: "tools" },
      connection,
      button(
        "add-phone",
        {
          class: "pill",
          "aria-haspopup": "dialog",
          onclick: () =>
            choosePerson(store, {
              title: t("people.add"),
              chosen: (id) => store.show([...store.shown, id]),
            }),
        },
        icon("plus"),
        h("span", {}, t("phone.add")),
      ),
      button(
        "language",
        { class: "pill", "aria-label": t("language.label"), onclick: switchLanguage },
        t("language"),
      ),
    ),
  );
}
