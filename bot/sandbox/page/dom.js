/** Building the page's elements. Text always goes in as text; only `html()` takes markup, and only the API's `html` fields. */

/**
 * An element. Keys of `props`: `class`, `data` (data-attributes), `on<event>` (listeners), anything else is an attribute;
 * `true` sets it empty, `false` and null leave it out. Children: nodes, text; null and false are left out.
 * @returns {any}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "data") {
      for (const [key, item] of Object.entries(value))
        if (item !== null && item !== undefined) element.dataset[key] = item;
    } else if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), value);
    } else {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  append(element, children);
  return element;
}

/** A button that does something on the page; `action` is its `data-action`, by which scripts find it. */
export function button(action, { data = {}, ...props }, ...children) {
  return h("button", { type: "button", ...props, data: { ...data, action } }, ...children);
}

/** Adds children as `h` takes them. */
export function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
}

/** The markup of a message, which the sandbox has made safe. */
export function html(markup) {
  const template = document.createElement("template");
  template.innerHTML = markup;
  return template.content;
}

/** Makes `nodes` the children of `parent`, moving as little as possible. */
export function reconcile(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, index) => {
    if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] ?? null);
  });
}
