/** The round pictures of people, groups and the bot. */

import { h } from "./dom.js";
import { initials } from "./format.js";

const HUES = 6;
/** Spreads neighbouring ids over the colours (Knuth's multiplicative hashing). */
const SPREAD = 2654435761;

/** @param {string} name @param {number} id picks the colour */
export function avatar(name, id) {
  return h(
    "span",
    { class: `avatar hue-${(Math.imul(id, SPREAD) >>> 16) % HUES}`, "aria-hidden": "true" },
    initials(name),
  );
}

export function botAvatar() {
  return h("img", { class: "avatar", src: "page/mark.svg", alt: "" });
}
