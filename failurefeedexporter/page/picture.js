// The picture of when failures were.
import { fold } from "./alike.js";
import { s, plain } from "./dom.js";
import { hour, isExpected, isOn, lasted, place } from "./words.js";

const ranks = { critical: 4, high: 3, medium: 2, low: 1 };
const rows = 12;
const rowsAhead = 3; // So many of them are for what is expected.
const rowHeight = 36;
const letter = 6.6; // How wide a letter is at most, on average.

export const rank = (failure) => ranks[failure.severity] ?? 0;

export function short(text, length) {
  const letters = Array.from(plain(text));
  return letters.length > length ? `${letters.slice(0, Math.max(1, length - 1)).join("")}…` : letters.join("");
}

const end = (f, now) => (isOn(f) ? now : new Date(f.ended ?? f.predicted_latest ?? f.last_seen).getTime());
const begin = (f) => new Date(isExpected(f) ? f.predicted_earliest ?? f.updated : f.first_seen).getTime();

// timeline draws a bar for each of the worst failures of the last hours. The lists say the same in words.
export function timeline(failures, hours, now, room) {
  const width = Math.max(260, room);
  const from = now - hours * 3600_000;
  const ahead = hours * 3600_000 * 0.2;
  const all = [...fold(failures.filter(isOn)), ...failures.filter((f) => !isOn(f))].filter((f) => end(f, now) >= from && begin(f) <= now + ahead);
  const soon = all.filter(isExpected).sort((a, b) => begin(a) - begin(b)).slice(0, rowsAhead);
  const others = all.filter((f) => !isExpected(f)).sort((a, b) => isOn(b) - isOn(a) || rank(b) - rank(a) || begin(b) - begin(a)).slice(0, rows - soon.length);
  const shown = [...others, ...soon].sort((a, b) => begin(a) - begin(b));
  const until = now + (soon.length > 0 ? ahead : 0);
  const scale = (time) => 1 + ((Math.min(until, Math.max(from, time)) - from) / (until - from)) * (width - 18);
  if (shown.length === 0) return undefined;
  const height = shown.length * rowHeight + 24;
  return s("svg", {
    viewBox: `0 0 ${width} ${height}`, width, height, role: "img",
    "aria-label": `When the ${shown.length} worst of ${all.length} failures of the last ${hours} hours were; the lists say the same`,
  }, ...axis(scale, from, now, height), ...shown.flatMap((f, i) => row(f, i * rowHeight, { scale, now, width })));
}

function axis(scale, from, now, height) {
  return [0, 0.25, 0.5, 0.75, 1].map((share) => from + share * (now - from)).flatMap((time, i) => [
    s("line", { class: time === now ? "axis now" : "axis", x1: scale(time), x2: scale(time), y1: 0, y2: height - 18 }),
    s("text", { class: "scale", x: scale(time), y: height - 4, "text-anchor": i === 0 ? "start" : "middle" }, time === now ? "now" : hour(time)),
  ]);
}

function row(f, y, { scale, now, width }) {
  const x = scale(begin(f));
  const long = isExpected(f) ? "expected" : lasted(begin(f), end(f, now));
  const label = `${f.severity} ${f.failure_type} · ${place(f)}`;
  const group = s("g", { class: "row" },
    s("rect", { class: "ground", x: 0, y, width, height: rowHeight }),
    s("text", { x: 4, y: y + 14 }, short(label, (width - 24) / letter - long.length)),
    s("text", { class: "scale", x: width - 20, y: y + 14, "text-anchor": "end" }, long),
    s("rect", { class: `bar ${f.severity} ${isOn(f) ? "" : isExpected(f) ? "expected" : "over"}`, x, y: y + 19, height: 10, width: Math.max(4, scale(end(f, now)) - x), rx: 3 }),
    s("title", {}, `${label}, ${f.status}, ${long}`));
  group.dataset.of = f.id;
  return group;
}
