/** The scrolling list of a chat's messages: drawn anew where something changed, kept at its end while it grows. */

import { button, h, reconcile } from "./dom.js";
import { icon } from "./icons.js";
import { renderBlock } from "./message.js";
import { t } from "./words.js";

const NEAR_END = 60;

/**
 * @typedef {import("./timeline.js").Block} Block
 * @param {{label: string, hands: import("./message.js").Hands, empty: () => HTMLElement, seen: () => void, unread: () => number}} how
 *   `empty`: what stands there without messages; `seen`: the newest is on the screen; `unread`: how many are not
 */
export function createMessages({ label, hands, empty, seen, unread }) {
  let atEnd = true;
  let lastTop = 0;
  /** @type {Map<string, {block: Block, node: HTMLElement}>} */
  let drawn = new Map();

  const list = h("div", { class: "messages-list" });
  const scroller = h(
    "div",
    {
      class: "messages",
      role: "log",
      tabindex: "0",
      "aria-label": label,
      data: { part: "messages" },
      onscroll: onScroll,
      onkeydown: onKey,
    },
    list,
  );
  const count = h("span", { class: "badge" });
  const latest = button(
    "latest",
    { class: "latest", hidden: true, "aria-label": t("chat.latest"), onclick: () => toEnd(true) },
    icon("down"),
    count,
  );
  const element = h("div", { class: "messages-frame" }, scroller, latest);

  const sizes = new ResizeObserver(() => atEnd && toEnd(false));
  sizes.observe(list);
  sizes.observe(scroller);

  /** @param {Block[]} blocks @param {boolean} loaded whether these are all */
  function show(blocks, loaded) {
    draw(blocks);
    const nothing = loaded && !blocks.length;
    list.classList.toggle("empty", nothing);
    if (nothing) list.replaceChildren(empty());
    if (atEnd) toEnd(false);
    renderLatest();
  }

  function draw(blocks) {
    const before = drawn;
    drawn = new Map();
    const focused = document.activeElement;
    /** @type {HTMLElement|null} */
    let focusNext = null;
    for (const block of blocks) {
      const old = before.get(block.key);
      const now = old && same(old.block, block) ? old : { block, node: renderBlock(block, hands) };
      drawn.set(block.key, now);
      // A message that is edited under the finger keeps the finger.
      if (old && old !== now && old.node.contains(focused)) focusNext = counterpart(focused, now.node);
    }
    reconcile(
      list,
      [...drawn.values()].map(({ node }) => node),
    );
    focusNext?.focus({ preventScroll: true });
  }

  function renderLatest() {
    latest.hidden = atEnd;
    count.textContent = unread() ? String(unread()) : "";
  }

  function toEnd(smoothly) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    scroller.scrollTo({ top: scroller.scrollHeight, behavior: smoothly && !calm ? "smooth" : "instant" });
    if (element.isConnected) seen();
  }

  function onScroll() {
    // Only a scroll upwards leaves the end: below it, pictures that arrive late make the list longer.
    const near = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END;
    atEnd = near || (atEnd && scroller.scrollTop >= lastTop);
    lastTop = scroller.scrollTop;
    if (atEnd) seen();
    renderLatest();
  }

  function onKey(event) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step || event.target.closest("audio, video")) return;
    const messages = [...list.querySelectorAll(".message")];
    const at = messages.indexOf(document.activeElement?.closest(".message"));
    const next = at < 0 ? messages.at(-1) : messages[at + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  /** Brings a message into sight and marks it for a moment. @returns {boolean} whether it is there */
  function jump(id) {
    const target = list.querySelector(`[data-message="${id}"]`);
    if (!target) return false;
    target.scrollIntoView({ block: "center" });
    target.classList.remove("flash");
    requestAnimationFrame(() => target.classList.add("flash"));
    return true;
  }

  /** From now on, follows the end again. */
  function restart() {
    atEnd = true;
  }

  return { element, show, jump, restart };
}

/** @param {Block} one @param {Block} other */
function same(one, other) {
  return (
    one.own === other.own &&
    one.first === other.first &&
    one.last === other.last &&
    one.label === other.label &&
    one.messages.length === other.messages.length &&
    one.messages.every((message, index) => message === other.messages[index])
  );
}

/** What takes the focus in a message drawn anew: the inline button in the same place, else the message. */
function counterpart(focused, node) {
  const { row, column } = focused.dataset;
  const key =
    row === undefined ? null : node.querySelector(`.key[data-row="${row}"][data-column="${column}"]`);
  return key ?? node;
}
