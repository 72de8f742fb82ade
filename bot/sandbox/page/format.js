/** Values as people read them, in the page's language. */

import { dayOf } from "./clock.js";
import { language, t } from "./words.js";

const DAY = 24 * 60 * 60 * 1000;
const locale = () => (language() === "en" ? "en-GB" : "zh-CN");
const cache = new Map();

function formatter(options) {
  const key = locale() + JSON.stringify(options);
  if (!cache.has(key)) cache.set(key, new Intl.DateTimeFormat(locale(), options));
  return cache.get(key);
}

/** `10:05` */
export function time(ms, zone) {
  return formatter({ hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone }).format(ms);
}

/** `2026年11月22日 星期日`, or `Sun, 22 November 2026`. */
export function longDate(ms, zone) {
  const date = formatter({ year: "numeric", month: "long", day: "numeric", timeZone: zone }).format(ms);
  const weekday = formatter({ weekday: language() === "en" ? "short" : "long", timeZone: zone }).format(ms);
  return language() === "en" ? `${weekday}, ${date}` : `${date} ${weekday}`;
}

/** The date above a day's messages: today, yesterday, else month, day and weekday. */
export function dateLabel(ms, now, zone) {
  const day = dayOf(ms, zone);
  if (day === dayOf(now, zone)) return t("today");
  if (day === dayOf(now - DAY, zone)) return t("yesterday");
  const date = formatter({ month: "long", day: "numeric", timeZone: zone }).format(ms);
  return `${date} ${formatter({ weekday: "long", timeZone: zone }).format(ms)}`;
}

/** `0:07` */
export function duration(seconds) {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}

/** `1.2 MB` */
export function fileSize(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** `+86 138 0000 0007`; a number of another country as it came. @param {string} number */
export function phoneNumber(number) {
  return number.replace(/^\+?86(1\d{2})(\d{4})(\d{4})$/, "+86 $1 $2 $3");
}

/** A person's name the way their language writes it: 王梅, Mary Smith. */
export function personName({ first_name: first, last_name: last }) {
  if (!last) return first;
  return /\p{Script=Han}/u.test(first + last) ? last + first : `${first} ${last}`;
}

/** What stands in the avatar: the given name of a Chinese name, the first word of a longer title, else the initials. */
export function initials(name) {
  const letters = [...name.trim()];
  if (/\p{Script=Han}/u.test(name))
    return (letters.length > 4 ? letters.slice(0, 2) : letters.slice(-2)).join("");
  return name
    .trim()
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0] ?? "")
    .join("")
    .toUpperCase();
}
