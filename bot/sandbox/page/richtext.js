/** A message's markup made to work on the page: links leave it safely, commands send themselves, spoilers open. */

import { button, html } from "./dom.js";

const COMMAND = /(?<=^|[\s（(，。、：:“"])\/[a-z][a-z0-9_]{0,31}(?:@\w+)?(?![\w/])/gi;
const BOT_LINK =
  /^(?:https?:\/\/)?(?:t|telegram)\.me\/(\w+)\?start=([\w-]*)$|^tg:\/\/resolve\?domain=(\w+)&start=([\w-]*)$/i;

/**
 * @param {string} markup @param {{command: (text: string) => void, link: (url: string) => boolean}} how
 *   `link` says whether it dealt with a link itself
 */
export function richText(markup, { command, link }) {
  const content = html(markup);
  for (const anchor of /** @type {NodeListOf<HTMLAnchorElement>} */ (content.querySelectorAll("a[href]"))) {
    anchor.target = "_blank";
    anchor.rel = "noopener noreferrer";
    anchor.addEventListener("click", (event) => {
      if (link(anchor.href)) event.preventDefault();
    });
  }
  for (const spoiler of /** @type {NodeListOf<HTMLElement>} */ (
    content.querySelectorAll("tg-spoiler, .tg-spoiler")
  ))
    coverSpoiler(spoiler);
  for (const block of content.querySelectorAll("blockquote, pre")) endsItsLine(block);
  for (const node of textNodes(content)) linkCommands(node, command);
  return content;
}

/** The payload of a deep link to this bot, or null when the link leads elsewhere. */
export function deepLinkPayload(url, username) {
  const [, name, payload, tgName, tgPayload] = BOT_LINK.exec(url.trim()) ?? [];
  const whose = name ?? tgName;
  return whose && whose.toLowerCase() === username.toLowerCase() ? (payload ?? tgPayload) : null;
}

/** A block stands on lines of its own: the line break that follows it is its end, not an empty line. */
function endsItsLine(block) {
  const next = block.nextSibling;
  if (next instanceof Text && next.data.startsWith("\n")) next.deleteData(0, 1);
}

function coverSpoiler(spoiler) {
  const open = () => spoiler.classList.add("open");
  spoiler.classList.add("spoiler");
  spoiler.tabIndex = 0;
  spoiler.setAttribute("role", "button");
  spoiler.addEventListener("click", open);
  spoiler.addEventListener("keydown", (event) => event.key === "Enter" && open());
}

function textNodes(content) {
  const walker = document.createTreeWalker(content, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode())
    if (!walker.currentNode.parentElement?.closest("a, pre, code")) nodes.push(walker.currentNode);
  return nodes;
}

function linkCommands(node, command) {
  const text = node.data;
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(COMMAND)) {
    parts.push(
      text.slice(end, match.index),
      button(
        "command",
        {
          class: "link",
          onclick: () => command(match[0]),
        },
        match[0],
      ),
    );
    end = match.index + match[0].length;
  }
  if (parts.length) node.replaceWith(...parts, text.slice(end));
}
