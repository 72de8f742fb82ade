/** The page's line icons, drawn on a 24-unit square in the colour of the text around them. */

const PATHS = {
  back: "M15 5l-7 7 7 7",
  more: "M5.5 12h.01M12 12h.01M18.5 12h.01",
  down: "M6 9l6 6 6-6",
  plus: "M12 5v14M5 12h14",
  close: "M6 6l12 12M18 6L6 18",
  send: "M5 12h13M12.5 6l6 6-6 6",
  check: "M5 12.5l4.5 4.5L19 7.5",
  attach:
    "M19 11.5l-7.2 7.2a4.6 4.6 0 0 1-6.5-6.5l7.6-7.6a3 3 0 0 1 4.3 4.3l-7.5 7.5a1.5 1.5 0 0 1-2.1-2.1l6.6-6.6",
  keyboard: "M3.5 7.5h17v9.5h-17zM7 10.5h.01M10.3 10.5h.01M13.7 10.5h.01M17 10.5h.01M8 14h8",
  menu: "M4.5 7h15M4.5 12h15M4.5 17h9",
  photo: "M4 6.5h16v12H4zM4.5 16l4.5-4.5 4 4 2.5-2.5 4 4M15.5 10h.01",
  file: "M6.5 3.5h7l4 4v13h-11zM13 3.5V8h4.5",
  voice:
    "M12 4a2.5 2.5 0 0 1 2.5 2.5v5a2.5 2.5 0 0 1-5 0v-5A2.5 2.5 0 0 1 12 4zM6.5 11.5a5.5 5.5 0 0 0 11 0M12 17v3.5",
  place:
    "M12 21s6.5-6 6.5-11a6.5 6.5 0 0 0-13 0c0 5 6.5 11 6.5 11zM12 12.3a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6z",
  person: "M12 12a3.8 3.8 0 1 0 0-7.6 3.8 3.8 0 0 0 0 7.6zM4.8 20c.6-3.6 3.4-5.6 7.2-5.6s6.6 2 7.2 5.6",
  people:
    "M9 11.5a3.3 3.3 0 1 0 0-6.6 3.3 3.3 0 0 0 0 6.6zM2.8 19c.5-3.2 2.9-5 6.2-5s5.7 1.8 6.2 5M16 5.2a3.2 3.2 0 0 1 0 6M17.5 14.3c2 .6 3.3 2.2 3.7 4.7",
  reply: "M10 6l-5.5 5.5L10 17M5 11.5h8.5a6 6 0 0 1 6 6v1",
  edit: "M5 19l.8-3.8L16.5 4.5l3 3L8.8 18.2zM14.5 6.5l3 3",
  trash: "M5 7h14M9.5 7V4.5h5V7M7 7l.8 12.5h8.4L17 7M10.5 10.5v5.5M13.5 10.5v5.5",
  forward: "M14 6l5.5 5.5L14 17M19 11.5h-8.5a6 6 0 0 0-6 6v1",
  link: "M10 14a4 4 0 0 0 6 .4l2.7-2.7a4 4 0 0 0-5.7-5.7L11.7 7.3M14 10a4 4 0 0 0-6-.4l-2.7 2.7a4 4 0 0 0 5.7 5.7l1.3-1.3",
  block: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM6 6l12 12",
  clock: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM12 7.5V12l3 2",
  search: "M10.8 17a6.2 6.2 0 1 0 0-12.4 6.2 6.2 0 0 0 0 12.4zM15.5 15.5L20 20",
  open: "M13.5 5H19v5.5M19 5l-8 8M17 13.5V19H5V7h5.5",
};

/** @typedef {keyof typeof PATHS} IconName */

/** @param {IconName} name */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
