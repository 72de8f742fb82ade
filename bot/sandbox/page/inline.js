/** What a bot offers while its name and something after it stand in the composer: the list above it. */

import { button, h } from "./dom.js";
import { t } from "./words.js";

/** Nobody is asked before the typing rests for so long. */
const RESTS = 250;

/**
 * @typedef {{query_id: string, results: {id: string, type: string, title: string, description: string}[]|null,
 *   button: {text: string, start_parameter: string}|null}} Offered
 * @param {{username: () => string, actions: ReturnType<typeof import("./actions.js").actionsOf>,
 *   take: (queryId: string, resultId: string) => unknown, leave: () => unknown}} how
 *   `take`: sends a result; `leave`: empties the composer
 */
export function createInline({ username, actions, take, leave }) {
  const element = h("div", { class: "hints inline", hidden: true, data: { part: "inline" } });
  /** @type {string|null} what is typed behind the name; null where no name stands there */
  let query = null;
  let timer = 0;

  /** Follows what stands in the composer. @param {string} text */
  function follow(text) {
    const typed = queryIn(text, username());
    if (typed === query) return;
    query = typed;
    clearTimeout(timer);
    if (typed !== null) timer = setTimeout(() => ask(typed), RESTS);
    else close();
  }

  function close() {
    element.hidden = true;
    element.replaceChildren();
  }

  async function ask(asked) {
    const offered = await actions.inline(asked);
    if (asked === query) show(offered ?? null);
  }

  /** @param {Offered|null} offered */
  function show(offered) {
    const results = offered?.results ?? [];
    element.replaceChildren(
      ...(offered?.button ? [switchTo(offered.button)] : []),
      ...results.map(({ id, title, description }) =>
        button(
          "inline-result",
          { onclick: () => take(offered.query_id, id) },
          h("strong", {}, title),
          h("span", {}, description),
        ),
      ),
    );
    if (!element.children.length) element.append(h("p", {}, t("inline.nothing")));
    element.hidden = false;
  }

  function switchTo({ text, start_parameter }) {
    const go = () => {
      leave();
      actions.start(start_parameter);
    };
    return button("inline-switch", { onclick: go }, h("strong", {}, text));
  }

  return { element, follow, isOpen: () => query !== null };
}

/** What is typed behind "@name "; null where the text does not begin so. */
function queryIn(text, name) {
  const [first, ...rest] = text.split(" ");
  if (!rest.length || first.toLowerCase() !== `@${name.toLowerCase()}`) return null;
  return rest.join(" ").trim();
}
