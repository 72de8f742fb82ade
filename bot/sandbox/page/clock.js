/** The sandbox's clock: it runs at the pace of the real one, set off by whatever it was moved. */

const SECOND = 1000;
/** @type {Intl.DateTimeFormatOptions} */
const ZONED = {
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
};

/** Emits `tick` every second and whenever it is set, `day` when the date changes. */
export class Clock extends EventTarget {
  constructor() {
    super();
    this.zone = "Asia/Shanghai";
    this.ahead = 0;
    this.day = "";
    setInterval(() => this.#tick(), SECOND);
  }

  /** @returns {number} the sandbox's time, UTC milliseconds */
  now() {
    return Date.now() + this.ahead;
  }

  set(now) {
    this.ahead = now - Date.now();
    this.#tick();
  }

  #tick() {
    const day = dayOf(this.now(), this.zone);
    if (day !== this.day) {
      this.day = day;
      this.dispatchEvent(new Event("day"));
    }
    this.dispatchEvent(new Event("tick"));
  }
}

/** A time as it stands on the wall in `zone`: `2026-11-22T12:30:00`. */
export function wallTime(ms, zone) {
  const parts = new Intl.DateTimeFormat("en-GB", {
    ...ZONED,
    hourCycle: "h23",
    timeZone: zone,
  }).formatToParts(ms);
  const of = Object.fromEntries(parts.map((part) => [part.type, part.value]));
  return `${of.year}-${of.month}-${of.day}T${of.hour}:${of.minute}:${of.second}`;
}

/** The date of a time in `zone`: `2026-11-22`. */
export function dayOf(ms, zone) {
  return wallTime(ms, zone).slice(0, 10);
}

/** The reverse of `wallTime`, in UTC milliseconds; also takes a wall time without seconds. */
export function fromWallTime(wall, zone) {
  const asUtc = Date.parse(`${wall.length === 16 ? `${wall}:00` : wall}Z`);
  let guess = asUtc;
  // Twice, because the first correction may cross a change of the zone's offset.
  for (let round = 0; round < 2; round += 1) guess += asUtc - Date.parse(`${wallTime(guess, zone)}Z`);
  return guess;
}
