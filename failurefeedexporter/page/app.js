// The page: what the server tells goes into the lists, the picture and the failure that is chosen.
import { plain } from "./dom.js";
import { alikeTo } from "./alike.js";
import { chosen, entryOf, panel } from "./chosen.js";
import { Feed } from "./feed.js";
import { counts, filled, filtered, list, services } from "./lists.js";
import { rank, timeline } from "./picture.js";
import { isExpected, isOn, place, when } from "./words.js";

const byId = (id) => document.getElementById(id);
const form = byId("filter");
const failures = new Map();
const states = { live: "live", connecting: "connecting", lost: "offline, trying again", polling: "asking from time to time" };
let due = false;
let loaded = false;
let lostAt;

const feed = new Feed({
  // The stream tells in order, whatever the clocks of senders say. What was read is old where the stream told more since.
  told(failure, kind, began) {
    const known = failures.get(failure.id);
    if (!kind && known?.fresh >= began) return;
    failures.set(failure.id, { ...failure, fresh: kind ? Date.now() : known?.fresh });
    if (kind && kind !== "failure_ongoing") announce(failure, kind);
    if (kind) detail.touch(failure.id);
    draw();
  },
  loaded(ids, began) {
    loaded = true;
    for (const [id, failure] of failures) {
      if (!ids.has(id) && (failure.fresh ?? 0) < began) failures.delete(id);
    }
    detail.touch(chosen());
    draw();
  },
  state(name) {
    const element = byId("connection");
    element.textContent = states[name];
    element.className = `connection ${name}`;
    lostAt = name === "lost" ? lostAt ?? Date.now() : name === "connecting" ? lostAt : undefined;
    offline();
  },
});

const detail = panel(byId("detail"), { changed: answer, say: (text) => { byId("announcement").textContent = text; }, alike: (failure) => alikeTo(failure, [...failures.values()]) });

// offline says how old is what the page shows: a page that looks calm must not be one that hears nothing.
function offline() {
  const banner = byId("offline");
  banner.hidden = lostAt === undefined;
  banner.textContent = lostAt === undefined ? "" : `No connection to the collector since ${when(lostAt)}. ${loaded ? "What is shown here is as it was then." : "What fails is not known."} The page tries again by itself.`;
}

function announce(failure, kind) {
  byId("announcement").textContent = plain(`${kind.replace("failure_", "")}: ${failure.failure_type} in ${place(failure)}, ${failure.severity}`);
}

// draw is asked for with each event, and done once a quarter of a second; for who types it is done sooner.
function draw({ within = 250 } = {}) {
  if (due) return;
  due = true;
  setTimeout(() => {
    due = false;
    detail.refresh();
    if (loaded) drawAll([...failures.values()]);
  }, within);
}

function answer() {
  draw({ within: 20 });
}

function drawAll(all) {
  services(form.service, all);
  counts(byId("summary"), all);
  const wanted = all.filter(filtered(form));
  const narrowed = filled(form);
  byId("clear").hidden = !narrowed;
  const ends = { narrowed, id: chosen() };
  const held = document.activeElement?.closest("[data-id]")?.dataset.id;
  list("now", wanted.filter(isOn), all.filter(isOn).length, (a, b) => rank(b) - rank(a) || b.first_seen.localeCompare(a.first_seen), ends);
  list("soon", wanted.filter(isExpected), all.filter(isExpected).length, (a, b) => (a.predicted_earliest ?? a.updated).localeCompare(b.predicted_earliest ?? b.updated), ends);
  const past = (f) => !isOn(f) && !isExpected(f);
  list("over", wanted.filter(past), all.filter(past).length, (a, b) => b.updated.localeCompare(a.updated), ends);
  // An element that moves to another place loses the focus.
  if (held !== undefined && document.activeElement === document.body) entryOf(held)?.focus({ preventScroll: true });
  // What is not shown has no width.
  byId("overview").classList.toggle("empty", all.length === 0);
  const picture = timeline(wanted, Number(byId("hours").value), Date.now(), byId("picture").clientWidth);
  byId("picture").replaceChildren(picture ?? "Nothing failed in this time.");
}

form.addEventListener("input", answer);
form.addEventListener("reset", () => {
  form.search.focus(); // The button that was pressed goes.
  answer();
});
form.addEventListener("submit", (event) => event.preventDefault());
byId("hours").addEventListener("input", answer);
byId("picture").addEventListener("click", ({ target }) => {
  const id = target.closest("[data-of]")?.dataset.of;
  if (id) location.hash = encodeURIComponent(id);
});
addEventListener("resize", draw);
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && chosen()) detail.close();
  if (event.key === "/" && !event.ctrlKey && !event.metaKey && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) {
    event.preventDefault();
    form.search.focus();
  }
});
setInterval(draw, 15_000); // What is said of times grows old.
feed.start();
