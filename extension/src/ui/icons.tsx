// The icons, as data: strokes in a 24 by 24 square, drawn in the colour of the text around them.

const strokes = {
  alert: ["M12 3.5 21.5 20h-19z", "M12 10v4.5", "M12 17.2v.1"],
  back: ["M19 12H5", "m11 6-6 6 6 6"],
  building: ["M5 21V4h9v17", "M14 9h5v12", "M3 21h18", "M8 8h3", "M8 12h3", "M8 16h3"],
  check: ["m5 12.5 4.5 4.5L19 7.5"],
  chevronDown: ["m6 9 6 6 6-6"],
  chevronUp: ["m6 15 6-6 6 6"],
  clock: ["M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18", "M12 7.5V12l3 2"],
  cloudOff: ["M7.5 8.5A5.5 5.5 0 0 0 7 19h9.5", "M9.5 6.2A6 6 0 0 1 17.5 10a4.6 4.6 0 0 1 2.2 7.8", "M3 3l18 18"],
  comment: ["M4 5h16v11H11l-4.5 3.5V16H4z"],
  copy: ["M9 9h11v11H9z", "M15 9V4H4v11h5"],
  cross: ["M6 6l12 12", "M18 6 6 18"],
  eye: ["M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12", "M12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6"],
  group: [
    "M9 5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7",
    "M2.5 20a6.5 6.5 0 0 1 13 0",
    "M16 5.4a3.5 3.5 0 0 1 0 6.4",
    "M18 14.2a6.5 6.5 0 0 1 3.5 5.8",
  ],
  key: ["M8 11a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9", "m11.2 12.3 8.3-8.3", "m15.5 8 3 3"],
  link: [
    "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7l-1.2 1.2",
    "M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7l1.2-1.2",
  ],
  list: ["M4 6.5h1", "M8.5 6.5H20", "M4 12h1", "M8.5 12H20", "M4 17.5h1", "M8.5 17.5H20"],
  lock: ["M5.5 11h13v9.5h-13z", "M8.5 11V7.5a3.5 3.5 0 0 1 7 0V11"],
  mail: ["M3.5 5.5h17v13h-17z", "m4 6.5 8 6 8-6"],
  more: [
    "M12 4.5a.5.5 0 1 1 0 1 .5.5 0 0 1 0-1",
    "M12 11.5a.5.5 0 1 1 0 1 .5.5 0 0 1 0-1",
    "M12 18.5a.5.5 0 1 1 0 1 .5.5 0 0 1 0-1",
  ],
  open: ["M10 5H4.5v14.5H19V14", "M14 4.5h5.5V10", "M19.5 4.5 11 13"],
  panel: ["M3.5 4.5h17v15h-17z", "M14.5 4.5v15", "M17 8.5h1", "M17 11.5h1"],
  person: ["M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8", "M4.5 20.5a7.5 7.5 0 0 1 15 0"],
  phone: [
    "M5 4h4l1.8 4.6-2.3 1.7a12 12 0 0 0 5.2 5.2l1.7-2.3L20 15v4a1.5 1.5 0 0 1-1.6 1.5A15.5 15.5 0 0 1 3.5 5.6 1.5 1.5 0 0 1 5 4",
  ],
  plug: ["M9 3v5", "M15 3v5", "M6 8h12v3.5a6 6 0 0 1-12 0z", "M12 17.5V21"],
  plus: ["M12 5v14", "M5 12h14"],
  power: ["M12 3.5v8", "M7 6.5a8 8 0 1 0 10 0"],
  refresh: ["M19.5 12a7.5 7.5 0 1 1-2.2-5.3L20 9.2", "M20 4v5.2h-5.2"],
  recent: ["M4 12a8 8 0 1 0 2.6-5.9L4 8.5", "M4 4v4.5h4.5", "M12 8v4.5l3 1.8"],
  search: ["M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13", "m15.3 15.3 5.2 5.2"],
  shield: ["M12 3 19.5 5.8v5.7c0 4.4-3 7.7-7.5 9.5-4.5-1.8-7.5-5.1-7.5-9.5V5.8z"],
  terminal: ["M3.5 5h17v14h-17z", "m7 9.5 3 2.5-3 2.5", "M12.5 15H16"],
  todo: ["M4.5 4.5h15v15h-15z", "m8.5 12 2.5 2.5 4.5-5"],
  unlink: [
    "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7l-1.2 1.2",
    "M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7l1.2-1.2",
    "M4 4l16 16",
  ],
} as const;

export type IconName = keyof typeof strokes;

/** Icons with a direction turn round where text runs from right to left. */
const directed: ReadonlySet<IconName> = new Set(["back", "open", "panel", "terminal"]);

/** An icon beside words: hidden from screen readers, since the words say it. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class={directed.has(name) ? "icon directed" : "icon"} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {strokes[name].map((path) => (
        <path key={path} d={path} />
      ))}
    </svg>
  );
}
