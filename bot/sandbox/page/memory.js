/** What this browser remembers between visits: whose phones are shown, and the page's language. */

const PHONES = "zhibu.sandbox.phones";
const LANGUAGE = "zhibu.sandbox.language";

/** Backed by `localStorage`; forgets quietly where the browser forbids it. */
export class Memory {
  /** @returns {number[]} */
  get phones() {
    try {
      const ids = JSON.parse(localStorage.getItem(PHONES) ?? "[]");
      return Array.isArray(ids) ? ids.filter(Number.isInteger) : [];
    } catch {
      return [];
    }
  }

  set phones(ids) {
    this.#keep(PHONES, JSON.stringify(ids));
  }

  /** @returns {"zh"|"en"} */
  get language() {
    try {
      return localStorage.getItem(LANGUAGE) === "en" ? "en" : "zh";
    } catch {
      return "zh";
    }
  }

  set language(language) {
    this.#keep(LANGUAGE, language);
  }

  #keep(key, value) {
    try {
      localStorage.setItem(key, value);
    } catch {
      // Private windows may refuse; the page works without.
    }
  }
}
