/** What the page knows: people, chats and the conversations on show, kept true by the sandbox's events. */

import { api, ApiError } from "./api.js";
import { listen } from "./events.js";

const ACTION_LASTS = 5000;
const PHONES_AT_FIRST = 4;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 5000;

/**
 * @typedef {import("./types.js").Message} Message
 * @typedef {{person: number, chat: number, loaded: boolean, messages: Message[],
 *   commands: import("./types.js").Command[], replyKeyboard: import("./types.js").ReplyKeyboard|null,
 *   action: string|null, seen: number, late: ((conversation: Conversation) => unknown)[]|null}} Conversation
 */

/**
 * Emits: `people`, `shown`, `moves`, `connection`, `conversation` and `seen` (both with the Conversation),
 * `answer` (`{person, text, show_alert}`).
 */
export class Store extends EventTarget {
  /** @param {import("./clock.js").Clock} clock @param {import("./memory.js").Memory} memory */
  constructor(clock, memory) {
    super();
    this.clock = clock;
    this.memory = memory;
    this.connected = false;
    this.bot = { id: 0, name: "", username: "" };
    /** @type {Map<number, import("./types.js").Person>} */
    this.people = new Map();
    /** @type {Map<number, import("./types.js").Chat>} */
    this.chats = new Map();
    /** @type {import("./types.js").Move[]} */
    this.moves = [];
    /** @type {number[]} whose phones are on the page */
    this.shown = [];
    /** @type {Map<string, Conversation>} */
    this.conversations = new Map();
    /** @type {Map<string, import("./composer.js").Draft>} what stands in each composer, unsent */
    this.drafts = new Map();
    /** @type {Map<number, number|null>} the chat open on each person's phone; null for the list of chats */
    this.open = new Map();
    this.hangUp = () => {};
    this.actionTimers = new Map();
  }

  /**
   * Reads everything anew and listens from there; tries until the sandbox answers. Later, whenever the line breaks, it does the
   * same by itself: the sandbox may have been started anew meanwhile.
   * @param {() => void} [onWait] hears of each try that failed
   */
  async load(onWait = () => {}) {
    this.hangUp();
    for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
      try {
        this.#take(await api.state());
        return;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        onWait();
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  }

  #take(state) {
    this.bot = state.bot;
    this.clock.zone = state.timezone;
    this.clock.set(state.now);
    this.moves = state.moves;
    this.people = new Map(state.people.map((person) => [person.id, person]));
    this.chats = new Map(state.chats.map((chat) => [chat.id, chat]));
    this.shown = this.#whoToShow();
    for (const [key, { person, chat }] of this.conversations) {
      if (!this.chatsOf(person).some((one) => one.id === chat) || !this.people.has(person))
        this.conversations.delete(key);
    }
    const known = [...this.conversations.values()];
    // Phones of people who are gone go first: nothing below is for them.
    this.#emit("shown");
    this.#emit("people");
    this.#emit("moves");
    this.hangUp = listen({
      cursor: state.cursor,
      onEvent: (kind, data) => this.#apply(kind, data),
      onOpen: () => this.#connect(true),
      onLost: () => {
        this.#connect(false);
        setTimeout(() => this.load(), FIRST_WAIT);
      },
    });
    for (const conversation of known) this.#read(conversation);
  }

  #connect(open) {
    this.connected = open;
    this.#emit("connection");
  }

  #whoToShow() {
    const remembered = this.memory.phones.filter((id) => this.people.has(id));
    if (remembered.length) return remembered;
    const people = [...this.people.values()];
    const pinned = people.filter((person) => person.pinned);
    return (pinned.length ? pinned : people).slice(0, PHONES_AT_FIRST).map((person) => person.id);
  }

  /** Shows the phones of these people, in this order, and remembers it. @param {number[]} ids */
  show(ids) {
    this.shown = [...new Set(ids)];
    this.memory.phones = this.shown;
    this.#emit("shown");
  }

  /** The chats a person has: the one with the bot first, then their groups. */
  chatsOf(person) {
    const own = this.chats.get(person) ?? {
      id: person,
      type: "private",
      title: null,
      is_forum: false,
      members: [],
    };
    const groups = [...this.chats.values()].filter(
      (chat) => chat.id < 0 && chat.members.includes(person) && !this.chats.has(chat.migrated_to),
    );
    return [own, ...groups];
  }

  /** The conversation of `person` in `chat`; read from the sandbox the first time it is asked for. */
  conversation(person, chat) {
    const key = `${person}:${chat}`;
    let conversation = this.conversations.get(key);
    if (!conversation) {
      conversation = {
        person,
        chat,
        loaded: false,
        messages: [],
        commands: [],
        replyKeyboard: null,
        action: null,
        seen: 0,
        late: null,
      };
      this.conversations.set(key, conversation);
      this.#read(conversation);
    }
    return conversation;
  }

  /**
   * Takes a message that an act has just returned, unless its event was quicker: what the events say may be newer.
   * @param {Message|null} message
   */
  take(message) {
    if (!message?.message_id) return;
    this.#each(message.chat_id, ({ messages }) => {
      if (messages.some((known) => known.message_id === message.message_id)) return false;
      upsert(messages, message);
      return true;
    });
  }

  #takeEvent(message) {
    this.#each(message.chat_id, ({ messages }) => upsert(messages, message));
  }

  /** Takes a person the sandbox has just returned, as `take` does a message. */
  takePerson(person) {
    this.people.set(person.id, person);
    this.#emit("people");
  }

  /** Marks what a person has had on the screen. */
  see(conversation) {
    const last = conversation.messages.at(-1)?.message_id ?? 0;
    if (last === conversation.seen) return;
    conversation.seen = last;
    this.#emit("seen", conversation);
  }

  /** How many messages of others came since the person last looked. */
  unread(conversation) {
    return conversation.messages.filter(
      (message) =>
        message.message_id > conversation.seen &&
        message.from?.id !== conversation.person &&
        !message.deleted,
    ).length;
  }

  async #read(conversation) {
    const late = [];
    conversation.late = late;
    try {
      const found = await api.conversation(conversation.person, conversation.chat);
      conversation.messages = keepSame(conversation.messages, found.messages);
      conversation.commands = found.commands ?? [];
      conversation.replyKeyboard = found.reply_keyboard ?? null;
      if (!conversation.loaded) conversation.seen = found.messages.at(-1)?.message_id ?? 0;
      conversation.loaded = true;
    } catch (error) {
      // Nobody can look into it any more, or the line is down: then it is read again with everything else.
      if (!(error instanceof ApiError)) throw error;
    } finally {
      // What happened while the answer was on its way comes after it, in order. A later reading has its own list.
      if (conversation.late === late) conversation.late = null;
      for (const change of late) change(conversation);
      this.#emit("conversation", conversation);
    }
  }

  #each(chat, change) {
    for (const conversation of this.conversations.values()) {
      if (conversation.chat !== chat) continue;
      if (conversation.late) conversation.late.push(change);
      else if (change(conversation) !== false) this.#emit("conversation", conversation);
    }
  }

  #apply(kind, data) {
    switch (kind) {
      case "message":
        if (data.from?.is_bot) this.#act(data.chat_id, null);
        this.#takeEvent(data);
        break;
      case "edit":
        this.#takeEvent(data);
        break;
      case "delete":
        this.#each(data.chat_id, ({ messages }) => {
          const index = messages.findIndex((message) => message.message_id === data.message_id);
          if (index < 0) return false;
          messages[index] = { ...messages[index], deleted: true };
          return true;
        });
        break;
      case "action":
        this.#act(data.chat_id, data.action);
        break;
      case "answer":
        this.#emit("answer", data);
        break;
      case "keyboard":
        this.#each(data.chat_id, (conversation) => {
          if (data.person !== undefined && data.person !== conversation.person) return false;
          conversation.replyKeyboard = data.reply_keyboard;
          return true;
        });
        break;
      case "commands":
        for (const conversation of this.conversations.values()) this.#read(conversation);
        break;
      case "person":
        this.takePerson(data);
        break;
      case "chat":
        this.chats.set(data.id, data);
        this.#emit("people");
        break;
      case "clock":
        this.clock.set(data.now);
        if (data.moves) {
          this.moves = data.moves;
          this.#emit("moves");
        }
        break;
      case "reset":
        this.load();
        break;
    }
  }

  #act(chat, action) {
    clearTimeout(this.actionTimers.get(chat));
    this.#each(chat, (conversation) => {
      if (conversation.action === action) return false;
      conversation.action = action;
      return true;
    });
    if (action)
      this.actionTimers.set(
        chat,
        setTimeout(() => this.#act(chat, null), ACTION_LASTS),
      );
  }

  /** Calls `hear` with what comes with each event of that kind, until `signal`. */
  on(type, hear, signal) {
    this.addEventListener(type, (event) => hear(/** @type {CustomEvent} */ (event).detail), { signal });
  }

  #emit(type, detail = null) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** Puts a message in its place by id, over an older copy of itself. */
function upsert(messages, message) {
  let at = messages.length;
  while (at > 0 && messages[at - 1].message_id > message.message_id) at -= 1;
  const replaces = at > 0 && messages[at - 1].message_id === message.message_id;
  if (replaces) messages[at - 1] = message;
  else messages.splice(at, 0, message);
}

/** The messages found, each as the very object it was before where nothing has changed: what stands on the screen may stay. */
function keepSame(before, found) {
  const known = new Map(before.map((message) => [message.message_id, message]));
  return found.map((message) => {
    const old = known.get(message.message_id);
    return old && JSON.stringify(old) === JSON.stringify(message) ? old : message;
  });
}
