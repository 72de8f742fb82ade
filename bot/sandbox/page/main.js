/** The page: a bar, and below it the phones. */

import { nameOf } from "./actions.js";
import { Clock } from "./clock.js";
import { button, h, reconcile } from "./dom.js";
import { Memory } from "./memory.js";
import { createPhone } from "./phone.js";
import { Store } from "./store.js";
import { createTopbar } from "./topbar.js";
import { language, setLanguage, t } from "./words.js";

const NOTICE_LASTS = 5000;

const memory = new Memory();
const store = new Store(new Clock(), memory);

/** Builds the whole page in the present language; `build` again replaces it. */
function build(previous) {
  previous?.abort();
  const life = new AbortController();
  const { signal } = life;
  /** @type {Map<number, {element: HTMLElement, life: AbortController}>} */
  const phones = new Map();
  const notice = h("p", { class: "notice", role: "status", data: { part: "notice" } });
  const tabs = h("nav", { class: "tabs", "aria-label": t("phones") });
  const table = h("div", { class: "phones", data: { part: "phones" } });

  let noticeTimer = 0;
  function tell(text) {
    clearTimeout(noticeTimer);
    notice.textContent = text;
    notice.classList.add("shown");
    noticeTimer = setTimeout(() => notice.classList.remove("shown"), NOTICE_LASTS);
  }

  function renderPhones() {
    for (const [id, { life: phoneLife }] of phones) {
      if (store.shown.includes(id)) continue;
      phoneLife.abort();
      phones.delete(id);
    }
    const before = phones.size;
    let added = null;
    for (const id of store.shown) {
      if (phones.has(id)) continue;
      const phoneLife = new AbortController();
      const element = createPhone(store, id, AbortSignal.any([signal, phoneLife.signal]));
      phones.set(id, { element, life: phoneLife });
      added = element;
      watcher.observe(element);
    }
    const elements = store.shown.map((id) => phones.get(id).element);
    reconcile(table, elements.length ? elements : [h("p", { class: "nobody" }, t("phone.none"))]);
    renderTabs();
    if (before && added) added.scrollIntoView({ inline: "center", block: "nearest" });
  }

  function renderTabs() {
    reconcile(
      tabs,
      store.shown.map((id) =>
        button(
          "show-phone",
          {
            data: { person: id },
            onclick: () => phones.get(id).element.scrollIntoView({ inline: "center", block: "nearest" }),
          },
          nameOf(store, id),
        ),
      ),
    );
    markTabs();
  }

  function markTabs() {
    for (const tab of tabs.children) {
      if (inView.has(tab.dataset.person)) tab.setAttribute("aria-current", "true");
      else tab.removeAttribute("aria-current");
    }
  }

  // On a narrow screen one phone fills it; its tab is the current one.
  const inView = new Set();
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) inView.add(target.getAttribute("data-person"));
        else inView.delete(target.getAttribute("data-person"));
      }
      markTabs();
    },
    { root: table, threshold: 0.6 },
  );
  signal.addEventListener("abort", () => watcher.disconnect());

  const bar = createTopbar(store, signal, {
    notice: tell,
    switchLanguage: () => {
      memory.language = language() === "en" ? "zh" : "en";
      setLanguage(memory.language);
      build(life);
    },
  });
  document.title = t("title");
  document.body.replaceChildren(bar, tabs, h("main", {}, table), notice);
  store.on("shown", renderPhones, signal);
  renderPhones();
}

async function open() {
  setLanguage(memory.language);
  const waiting = h("p", { class: "waiting", role: "status" }, t("loading"));
  document.body.replaceChildren(waiting);
  await store.load(() => {
    waiting.textContent = t("unreachable");
  });
  build(null);
  document.documentElement.dataset.ready = "true";
}

open();
