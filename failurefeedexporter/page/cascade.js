// The picture of a cascade: how failures came from one.
import { s } from "./dom.js";
import { short } from "./picture.js";
import { place } from "./words.js";

const box = { width: 154, height: 40 };
const gap = 34;

// cascade draws the way from the origin to the failures that come from it: to the right where there is room,
// and down where there is not.
export function cascade(failure, tied, room) {
  const path = (failure.path?.length ? failure.path : [failure.origin].filter(Boolean)).slice(0, 6);
  const victims = tied.filter((other) => failure.victims?.includes(other.id)).slice(0, 12);
  if (path.length + victims.length < 2) return undefined;
  const nodes = [
    ...path.map((name, i) => ({ name, note: i === 0 ? "origin" : "", tone: i === 0 ? failure.severity : "", from: i - 1, depth: i })),
    ...victims.map((other) => ({ name: place(other), note: other.failure_type, tone: other.severity, from: path.includes(place(other)) ? path.indexOf(place(other)) : path.length - 1, depth: path.length })),
  ];
  const across = path.length + (victims.length ? 1 : 0);
  const wide = across * (box.width + gap) - gap + 2 <= room;
  const { width, height } = wide ? layRight(nodes, path.length, across) : layDown(nodes);
  const words = `From ${path.join(" to ")}${victims.length ? `, and to ${victims.map(place).join(", ")}` : ""}`;
  return s("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": words },
    ...nodes.flatMap((node) => (node.from < 0 ? [] : arrow(nodes[node.from], node, wide))), ...nodes.flatMap(draw));
}

function layRight(nodes, chain, across) {
  const height = Math.max(1, nodes.length - chain) * (box.height + 8) + 2;
  nodes.forEach((node, i) => {
    node.x = 1 + node.depth * (box.width + gap);
    node.y = i < chain ? (height - box.height) / 2 : 1 + (i - chain) * (box.height + 8) + 4;
  });
  return { width: across * (box.width + gap) - gap + 2, height };
}

function layDown(nodes) {
  nodes.forEach((node, i) => {
    node.x = 1 + node.depth * 18;
    node.y = 1 + i * (box.height + 12);
  });
  return { width: nodes.at(-1).x + box.width + 2, height: nodes.length * (box.height + 12) - 10 };
}

function arrow(from, to, wide) {
  const [x, y] = [to.x, to.y + box.height / 2];
  const start = wide ? `M${from.x + box.width} ${from.y + box.height / 2} C${from.x + box.width + 20} ${from.y + box.height / 2} ${x - 22} ${y} ${x - 6} ${y}`
    : `M${from.x + 9} ${from.y + box.height} V${y} H${x - 6}`;
  return [s("path", { class: "link", d: start }), s("path", { class: "head", d: `M${x - 8} ${y - 4} L${x} ${y} L${x - 8} ${y + 4} Z` })];
}

function draw(node) {
  return [
    s("rect", { class: `node ${node.tone}`, x: node.x, y: node.y, width: box.width, height: box.height, rx: 6 }, s("title", {}, `${node.name} ${node.note}`)),
    s("text", { class: "name", x: node.x + 9, y: node.y + (node.note ? 17 : 25) }, short(node.name, 20)),
    s("text", { class: "scale", x: node.x + 9, y: node.y + 32 }, short(node.note, 22)),
  ];
}
