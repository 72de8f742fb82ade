/** Dialogs over the whole page and questions inside one phone. */

import { ApiError } from "./api.js";
import { button, h } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./words.js";

/**
 * Opens a dialog over the page; it is gone from the page once closed.
 * @param {{title: string, name: string, body: (Node|string|false)[]}} what `name` is its `data-dialog`
 * @returns {HTMLDialogElement}
 */
export function openDialog({ title, name, body }) {
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-label": title, data: { dialog: name } },
    h(
      "header",
      { class: "dialog-head" },
      h("h2", {}, title),
      button(
        "close-dialog",
        { class: "round", "aria-label": t("close"), onclick: () => dialog.close() },
        icon("close"),
      ),
    ),
    h("div", { class: "dialog-body" }, ...body),
  );
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * A form in a dialog. It closes when `submit` succeeds; when `submit` throws, what was entered stays and the reason stands above it.
 * @param {{title: string, name: string, hint?: string, fields: HTMLElement[], yes: string,
 *   submit: (values: Record<string, FormDataEntryValue>, form: HTMLFormElement) => Promise<unknown>|unknown}} what
 */
export function openForm({ title, name, hint, fields, yes, submit }) {
  const problem = h("p", { class: "problem", role: "alert", hidden: true });
  const done = button("submit", { class: "primary", type: "submit" }, yes);
  const form = h(
    "form",
    {
      class: "form",
      onsubmit: async (event) => {
        event.preventDefault();
        done.disabled = true;
        try {
          await submit(Object.fromEntries(new FormData(form)), form);
          dialog.close();
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
          problem.textContent = error.message || t("failed");
          problem.hidden = false;
        } finally {
          done.disabled = false;
        }
      },
    },
    hint ? h("p", { class: "hint" }, hint) : null,
    problem,
    ...fields,
    h("div", { class: "form-end" }, done),
  );
  const dialog = openDialog({ title, name, body: [form] });
  return dialog;
}

/** A labelled input. @param {string} label @param {Record<string, unknown>} props of the input */
export function field(label, props) {
  return h("label", { class: "field" }, h("span", {}, label), h("input", { autocomplete: "off", ...props }));
}

/** A labelled choice. @param {[string, string][]} options value and wording */
export function choice(label, name, options) {
  return h(
    "label",
    { class: "field" },
    h("span", {}, label),
    h("select", { name }, ...options.map(([value, wording]) => h("option", { value }, wording))),
  );
}

/** A labelled tick box. */
export function tick(label, props) {
  return h("label", { class: "tick" }, h("input", { type: "checkbox", ...props }), h("span", {}, label));
}

/**
 * Asks inside one phone, as the chat app would. Without `no` it only informs.
 * @param {HTMLElement} screen @param {{title?: string, text: string, yes?: string, no?: string}} question
 * @returns {Promise<boolean>}
 */
export function ask(screen, { title, text, yes = t("confirm"), no }) {
  return new Promise((resolve) => {
    const before = document.activeElement;
    const behind = /** @type {HTMLElement[]} */ ([...screen.children]).filter((child) => !child.inert);
    const finish = (answer) => {
      veil.remove();
      for (const child of behind) child.inert = false;
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
      resolve(answer);
    };
    const yesButton = button("yes", { class: "strong", onclick: () => finish(true) }, yes);
    const veil = h(
      "div",
      { class: "veil", onkeydown: (event) => event.key === "Escape" && finish(false) },
      h(
        "div",
        {
          class: "question",
          role: "alertdialog",
          "aria-modal": "true",
          "aria-label": title ?? text,
          data: { dialog: "question" },
        },
        title ? h("h3", {}, title) : null,
        h("p", {}, text),
        h(
          "div",
          { class: "question-end" },
          no ? button("no", { onclick: () => finish(false) }, no) : null,
          yesButton,
        ),
      ),
    );
    for (const child of behind) child.inert = true;
    screen.append(veil);
    yesButton.focus({ preventScroll: true });
  });
}
