// The page: lists, filter, and the failure that is chosen.
import { h, plain } from "./dom.js";
import { Feed, ask, tell } from "./feed.js";
import { detail } from "./detail.js";
import { rank, timeline } from "./picture.js";
import { interval, isExpected, isOn, lasted, moment, place, times } from "./words.js";

// So many entries of one list are shown; a person who has more uses the filter.
const most = 100;
const byId = (id) => document.getElementById(id);
const form = byId("filter");
const failures = new Map();
const states = { live: "live", connecting: "connecting", lost: "no connection, trying again", polling: "asking from time to time" };
let due = false;

const feed = new Feed({
  told(failure, kind) {
    const known = failures.get(failure.id);
    if (known && new Date(known.updated) > new Date(failure.updated)) return;
    failures.set(failure.id, { ...failure, fresh: kind ? Date.now() : known?.fresh });
    if (kind && kind !== "failure_ongoing") announce(failure, kind);
    if (kind && failure.id === chosen()) choose();
    draw();
  },
  loaded(ids, began) {
    for (const [id, failure] of failures) {
      if (!ids.has(id) && (failure.fresh ?? 0) < began) failures.delete(id);
    }
    draw();
  },
  state(name) {
    const element = byId("connection");
    element.textContent = states[name];
    element.className = `connection ${name}`;
  },
});

function announce(failure, kind) {
  byId("announcement").textContent = plain(`${kind.replace("failure_", "")}: ${failure.failure_type} in ${place(failure)}, ${failure.severity}`);
}

// draw is asked for with each event, and done once a quarter of a second.
function draw() {
  if (due) return;
  due = true;
  setTimeout(() => {
    due = false;
    const all = [...failures.values()];
    services(all);
    summary(all);
    const wanted = all.filter(filtered());
    list("now", wanted.filter(isOn), (a, b) => rank(b) - rank(a) || b.first_seen.localeCompare(a.first_seen), "Nothing is failing.");
    list("soon", wanted.filter(isExpected), (a, b) => a.updated.localeCompare(b.updated), "Nothing is expected to fail.");
    list("over", wanted.filter((f) => !isOn(f) && !isExpected(f)), (a, b) => b.updated.localeCompare(a.updated), "Nothing failed of late.");
    byId("picture").replaceChildren(timeline(wanted, Number(form.hours.value), Date.now()) ?? h("p", { class: "note" }, "Nothing failed in this time."));
  }, 250);
}

function filtered() {
  const words = form.search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const { value: severity } = form.severity;
  const { value: service } = form.service;
  return (f) => (!severity || f.severity === severity) && (!service || place(f) === service) &&
    words.every((word) => [f.message, f.failure_type, f.category, f.service, f.entity, f.root_cause].some((text) => text?.toLowerCase().includes(word)));
}

function services(all) {
  const names = [...new Set(all.map(place))].sort().slice(0, 500);
  const select = form.service;
  if (names.join("\n") === [...select.options].slice(1).map((option) => option.value).join("\n")) return;
  const { value } = select;
  select.replaceChildren(h("option", { value: "" }, "any"), ...names.map((name) => h("option", { value: name }, name)));
  select.value = names.includes(value) ? value : "";
}

function summary(all) {
  const on = all.filter(isOn);
  const worst = on.filter((f) => rank(f) >= 3).length;
  byId("summary").textContent = `${on.length} failing now${on.length ? `, ${worst} of them high or critical` : ""} · ${all.filter(isExpected).length} expected · ${all.length - on.length - all.filter(isExpected).length} over`;
  document.title = on.length ? `(${on.length}) Failures` : "Failures";
}

// list keeps the elements of failures that are shown already, so that whoever is in one stays in it.
function list(id, wanted, order, none) {
  const shown = wanted.sort(order).slice(0, most);
  const root = byId(id);
  const there = new Map([...root.children].map((element) => [element.dataset.id, element]));
  shown.forEach((failure, i) => {
    const element = there.get(failure.id) ?? h("li");
    there.delete(failure.id);
    element.dataset.id = failure.id;
    if (root.children[i] !== element) root.insertBefore(element, root.children[i] ?? null);
    entry(element, failure);
  });
  for (const element of there.values()) element.remove();
  byId(`${id}-note`).textContent = wanted.length === 0 ? none : wanted.length > most ? `${wanted.length - most} more: use the filter.` : "";
}

function entry(element, failure) {
  let button = element.firstElementChild;
  if (!button) {
    button = h("button", { type: "button", "aria-controls": "detail" });
    button.addEventListener("click", () => { location.hash = encodeURIComponent(element.dataset.id); });
    element.append(button);
  }
  const fresh = Date.now() - (failure.fresh ?? 0) < 2000;
  button.className = `item ${failure.severity}${isOn(failure) || isExpected(failure) ? "" : " over"}${fresh ? " fresh" : ""}`;
  button.setAttribute("aria-expanded", String(failure.id === chosen()));
  const since = isExpected(failure) ? `expected ${interval(failure)}`
    : isOn(failure) ? `for ${lasted(failure.first_seen, Date.now())}, ${times(failure.count)}${failure.trend ? `, ${failure.trend}` : ""}`
      : `${failure.status} ${moment(failure.ended ?? failure.updated)}, ${times(failure.count)}`;
  button.replaceChildren(
    h("span", { class: "top" }, h("span", { class: `badge ${failure.severity}` }, failure.severity), h("span", { class: "type" }, failure.failure_type), h("bdi", {}, place(failure))),
    h("span", { class: "text" }, failure.message), h("span", { class: "meta" }, since));
}

function chosen() {
  try { return decodeURIComponent(location.hash.slice(1)); } catch { return ""; }
}

let shownID = "";

async function choose() {
  const id = chosen();
  const panel = byId("detail");
  if (!id || id === "list") {
    panel.hidden = true;
    document.querySelector("main").classList.remove("chosen");
    shownID = "";
    draw();
    return;
  }
  let content;
  try {
    content = detail(await ask(`api/v1/failures/${encodeURIComponent(id)}`), close, say);
  } catch {
    content = [h("p", {}, "This failure is not known here any more. "), h("a", { href: "#" }, "Close")];
  }
  if (id !== chosen()) return; // Another was chosen meanwhile.
  const inside = panel.contains(document.activeElement);
  panel.replaceChildren(...content);
  panel.hidden = false;
  document.querySelector("main").classList.add("chosen");
  if (shownID !== id || inside) panel.focus({ preventScroll: shownID === id });
  shownID = id;
  draw();
}

async function say(id, outcome) {
  try {
    await tell(`api/v1/failures/${encodeURIComponent(id)}/outcome`, { outcome });
    await choose();
  } catch {
    byId("announcement").textContent = "The answer could not be kept.";
  }
}

function close() {
  const id = chosen();
  history.pushState(null, "", location.pathname);
  choose();
  [...document.querySelectorAll("[data-id]")].find((element) => element.dataset.id === id)?.firstElementChild.focus();
}

form.addEventListener("input", draw);
form.addEventListener("submit", (event) => event.preventDefault());
addEventListener("hashchange", choose);
addEventListener("popstate", choose);
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && chosen()) close();
  if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) {
    event.preventDefault();
    form.search.focus();
  }
});
setInterval(draw, 15_000);
feed.start();
choose();
