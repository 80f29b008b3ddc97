// The lists of failures, and the filter over them.
import { fold } from "./alike.js";
import { h, plain } from "./dom.js";
import { interval, isExpected, isOn, lasted, place, said, summed, times, when } from "./words.js";

// So many entries of one list are shown; a person who has more uses the filter.
const most = 100;
const nothing = { now: "Nothing is failing.", soon: "Nothing is expected to fail.", over: "Nothing failed of late." };
const arrows = { rising: "↗", steady: "→", falling: "↘" };

export const filled = (form) => Boolean(form.search.value.trim() || form.severity.value || form.service.value);

export function filtered(form) {
  const words = form.search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const { value: severity } = form.severity;
  const { value: service } = form.service;
  return (f) => (!severity || f.severity === severity) && (!service || place(f) === service) &&
    words.every((word) => [f.message, f.failure_type, f.category, f.service, f.entity, f.root_cause, said(f)].some((text) => text?.toLowerCase().includes(word)));
}

// services fills the choice of services in. Values stay as they were told, what is read of them does not.
export function services(select, all) {
  const names = [...new Set(all.map(place))].sort().slice(0, 500);
  if (names.join("\n") === [...select.options].slice(1).map((option) => option.value).join("\n")) return;
  const { value } = select;
  select.replaceChildren(new Option("any", ""), ...names.map((name) => new Option(plain(name), name)));
  select.value = names.includes(value) ? value : "";
}

export function counts(element, all) {
  const on = all.filter(isOn);
  const soon = all.filter(isExpected).length;
  const bySeverity = ["critical", "high", "medium", "low"].map((severity) => [severity, on.filter((f) => f.severity === severity).length]).filter(([, count]) => count);
  element.replaceChildren(h("strong", {}, `${on.length} failing now`), " ",
    ...bySeverity.flatMap(([severity, count]) => [h("span", { class: `badge ${severity}` }, `${count} ${severity}`), " "]),
    h("span", { class: "meta" }, `${soon} expected · ${all.length - on.length - soon} over`));
  document.title = on.length ? `(${on.length}) Failures` : "Failures";
}

// list keeps the elements of failures that are shown already, so that whoever is in one stays in it. all is
// how many there are without the filter.
export function list(id, wanted, all, order, { narrowed, id: open }) {
  const entries = fold(wanted.sort(order));
  const shown = entries.slice(0, most);
  const root = document.getElementById(id);
  const there = new Map([...root.children].map((element) => [element.dataset.id, element]));
  shown.forEach((failure, i) => {
    const element = there.get(failure.id) ?? item(failure.id);
    there.delete(failure.id);
    element.ids = failure.ids;
    if (root.children[i] !== element) root.insertBefore(element, root.children[i] ?? null);
    fill(element.firstElementChild, failure, failure.ids.includes(open));
  });
  for (const element of there.values()) element.remove();
  root.parentElement.hidden = id !== "now" && all === 0;
  document.getElementById(`${id}-count`).textContent = all === 0 ? "" : narrowed ? `${wanted.length} of ${all}` : all;
  document.getElementById(`${id}-note`).textContent = entries.length > most ? `${entries.length - most} more: use the filter.`
    : wanted.length > 0 ? "" : narrowed && all > 0 ? `None of ${all} is what the filter asks for.` : nothing[id];
}

function item(id) {
  const button = h("button", { type: "button", "aria-controls": "detail" });
  button.addEventListener("click", () => { location.hash = encodeURIComponent(id); });
  const element = h("li", {}, button);
  element.dataset.id = id;
  return element;
}

// fill writes an entry, where it is not what stands there.
function fill(button, failure, open) {
  const going = isOn(failure) || isExpected(failure);
  const fresh = Date.now() - (failure.fresh ?? 0) < 2000;
  const state = `item ${failure.severity}${going ? "" : " over"}${fresh ? " fresh" : ""}`;
  const meta = facts(failure);
  const written = JSON.stringify([state, open, summed(failure), place(failure), failure.failure_type, meta, failure.trend]);
  if (button.written === written) return;
  button.written = written;
  button.className = state;
  button.setAttribute("aria-expanded", String(open));
  // The blanks are for who hears it.
  button.replaceChildren(
    h("span", { class: "top" }, h("span", { class: `badge ${failure.severity}` }, failure.severity), " ",
      h("bdi", { class: "place" }, place(failure)), " ", h("span", { class: "type" }, failure.failure_type)), " ",
    h("span", { class: "text" }, summed(failure)), " ",
    h("span", { class: "meta" }, meta, failure.trend && going && [" · ", h("span", { class: `trend ${failure.trend}` }, `${arrows[failure.trend] ?? ""} ${failure.trend}`)]));
}

function facts(failure) {
  const often = failure.ids.length === 1 ? times(failure.count) : `${failure.ids.length} alike, ${times(failure.count)}`;
  if (isExpected(failure)) return `expected ${interval(failure)}`;
  if (isOn(failure)) return `since ${when(failure.first_seen)} · ${lasted(failure.first_seen, Date.now())} · ${often}`;
  return `${failure.status} ${when(failure.ended ?? failure.updated)} · ${often}`;
}
