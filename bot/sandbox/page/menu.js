/** Small menus that open at a button and close by themselves. */

import { button, h } from "./dom.js";
import { icon } from "./icons.js";

const GAP = 6;

/**
 * @typedef {{action: string, label: string, note?: string, icon?: import("./icons.js").IconName, danger?: boolean, run: () => unknown}} MenuItem
 * @param {HTMLElement} anchor
 * @param {MenuItem[]} items
 * @param {{label: string, row?: {action: string, label: string, text: string, run: () => unknown}[]}} how
 *   `row`: small choices side by side above the items
 */
export function openMenu(anchor, items, { label, row = [] }) {
  const choose = (run) => () => {
    menu.hidePopover();
    run();
  };
  const menu = h(
    "div",
    {
      class: "menu",
      role: "menu",
      "aria-label": label,
      popover: "auto",
      onkeydown: (event) => walk(menu, event),
    },
    row.length
      ? h(
          "div",
          { class: "menu-row", role: "group" },
          ...row.map((one) =>
            button(
              one.action,
              {
                role: "menuitem",
                "aria-label": one.label,
                data: { emoji: one.text },
                onclick: choose(one.run),
              },
              one.text,
            ),
          ),
        )
      : null,
    ...items.map((item) =>
      button(
        item.action,
        {
          role: "menuitem",
          class: item.danger ? "danger" : null,
          onclick: choose(item.run),
        },
        item.icon ? icon(item.icon) : null,
        h("span", {}, item.label),
        item.note ? h("small", {}, item.note) : null,
      ),
    ),
  );
  menu.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    const hadFocus = menu.contains(document.activeElement) || document.activeElement === document.body;
    menu.remove();
    anchor.removeAttribute("aria-expanded");
    if (hadFocus && anchor.isConnected) anchor.focus({ preventScroll: true });
  });
  document.body.append(menu);
  menu.showPopover();
  place(menu, anchor);
  anchor.setAttribute("aria-expanded", "true");
  menu.querySelector("[role=menuitem]")?.focus({ preventScroll: true });
}

function place(menu, anchor) {
  const at = anchor.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const below = at.bottom + GAP + height <= innerHeight - GAP;
  const left = at.left + at.width / 2 > innerWidth / 2 ? at.right - width : at.left;
  menu.style.left = `${Math.max(GAP, Math.min(left, innerWidth - width - GAP))}px`;
  menu.style.top = `${Math.max(GAP, below ? at.bottom + GAP : at.top - GAP - height)}px`;
}

function walk(menu, event) {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const items = [...menu.querySelectorAll("[role=menuitem]")];
  const at = items.indexOf(document.activeElement);
  items[(at + step + items.length) % items.length].focus();
}
