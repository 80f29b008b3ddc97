// The pictures: when failures were, and how one came from another.
import { s, plain } from "./dom.js";
import { hour, place, isOn, isExpected, lasted } from "./words.js";

const ranks = { critical: 4, high: 3, medium: 2, low: 1 };
const rows = 10;
const width = 960;
const left = 300;
const rowHeight = 22;

export const rank = (failure) => ranks[failure.severity] ?? 0;

function short(text, length) {
  const letters = Array.from(plain(text));
  return letters.length > length ? `${letters.slice(0, length - 1).join("")}…` : letters.join("");
}

// timeline draws a bar for each of the worst failures of the last hours. The lists say the same in words.
export function timeline(failures, hours, now) {
  const from = now - hours * 3600_000;
  const until = now + (failures.some(isExpected) ? hours * 3600_000 * 0.15 : 0);
  const scale = (time) => left + ((Math.min(until, Math.max(from, new Date(time).getTime())) - from) / (until - from)) * (width - left - 24);
  const end = (f) => (isOn(f) ? now : new Date(f.ended ?? f.predicted_latest ?? f.last_seen).getTime());
  const begin = (f) => new Date(isExpected(f) ? f.predicted_earliest ?? f.updated : f.first_seen).getTime();
  const shown = failures.filter((f) => end(f) >= from).sort((a, b) => isOn(b) - isOn(a) || rank(b) - rank(a) || begin(b) - begin(a)).slice(0, rows)
    .sort((a, b) => begin(a) - begin(b));
  if (shown.length === 0) return undefined;
  const height = shown.length * rowHeight + 24;
  const marks = [0, 0.25, 0.5, 0.75, 1].map((share) => from + share * (now - from)).flatMap((time) => [
    s("line", { class: "axis", x1: scale(time), x2: scale(time), y1: 0, y2: height - 20 }),
    s("text", { class: "scale", x: scale(time), y: height - 6, "text-anchor": "middle" }, time === now ? "now" : hour(time)),
  ]);
  const bars = shown.flatMap((f, i) => {
    const x = scale(begin(f));
    const label = `${f.failure_type} · ${place(f)}`;
    return [
      s("text", { x: left - 10, y: i * rowHeight + 15, "text-anchor": "end" }, short(label, 42)),
      s("rect", { class: `bar ${f.severity} ${isOn(f) ? "" : "over"}`, x, y: i * rowHeight + 4, height: rowHeight - 9, width: Math.max(4, scale(end(f)) - x), rx: 3 },
        s("title", {}, `${label}, ${f.severity}, ${f.status}, ${lasted(begin(f), end(f))}`)),
    ];
  });
  return s("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `When the ${shown.length} worst failures of the last ${hours} hours were; the lists below say the same` }, ...marks, ...bars);
}

// cascade draws the way from the origin to the failures that come from it.
export function cascade(failure, tied) {
  const path = failure.path?.length ? failure.path : [failure.origin].filter(Boolean);
  const victims = tied.filter((other) => failure.victims?.includes(other.id)).slice(0, 12);
  if (path.length + victims.length < 2) return undefined;
  const step = 190;
  const middle = (Math.max(1, victims.length) * 46) / 2;
  const nodes = path.slice(0, 6).map((name, i) => ({ x: i * step, y: middle, name, note: i === 0 ? "origin" : "", tone: i === 0 ? failure.severity : "" }));
  const column = nodes.length * step;
  const ends = victims.map((other, i) => ({ x: column, y: i * 46 + 23, name: place(other), note: other.failure_type, tone: other.severity }));
  const lines = [
    ...nodes.slice(1).map((node, i) => [nodes[i], node]),
    ...ends.map((node) => [nodes.find((n) => n.name === node.name) ?? nodes.at(-1), node]),
  ].filter(([a]) => a).map(([a, b]) => s("path", { class: "link", d: `M${a.x + 160} ${a.y} C${a.x + 178} ${a.y} ${b.x - 18} ${b.y} ${b.x} ${b.y}` }));
  const boxes = [...nodes, ...ends].flatMap((node) => [
    s("rect", { class: `node ${node.tone}`, x: node.x + 1, y: node.y - 19, width: 159, height: 38, rx: 6 }, s("title", {}, `${node.name} ${node.note}`)),
    s("text", { x: node.x + 8, y: node.y - (node.note ? 3 : -4) }, short(node.name, 22)),
    s("text", { class: "scale", x: node.x + 8, y: node.y + 13 }, short(node.note, 24)),
  ]);
  const total = column + (ends.length ? 162 : -step + 162);
  const words = `From ${path.join(" to ")}${victims.length ? `, and to ${victims.map(place).join(", ")}` : ""}`;
  return s("svg", { viewBox: `0 0 ${total} ${middle * 2}`, width: total, height: middle * 2, role: "img", "aria-label": words }, ...lines, ...boxes);
}
