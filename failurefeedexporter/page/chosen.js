// The failure that is chosen, which is the one that the address names.
import { h } from "./dom.js";
import { detail } from "./detail.js";
import { ask, tell } from "./feed.js";

export function chosen() {
  let id;
  try { id = decodeURIComponent(location.hash.slice(1)); } catch { return ""; }
  return id === "list" ? "" : id;
}

// entryOf gives what stands in a list for a failure, and for those that are alike.
export function entryOf(id) {
  return [...document.querySelectorAll("[data-id]")].find(({ ids }) => ids.includes(id))?.firstElementChild;
}

// keep takes over what somebody is writing.
function keep(draft, field) {
  if (!draft || !field || draft.value === draft.defaultValue) return;
  field.value = draft.value;
  field.setSelectionRange(draft.selectionStart, draft.selectionEnd);
}

const focusable = "a[href], button, input, [tabindex='0']";

// panel shows the failure in an element. changed is called when another was chosen, say with what is to be read aloud.
// alike gives the failures that say the same as one.
export function panel(element, { changed, say, alike }) {
  let shown = "";
  let due = false;

  async function choose() {
    const id = chosen();
    if (!id) {
      leave();
      return;
    }
    let content;
    try {
      const [failure, stats] = await Promise.all([ask(`api/v1/failures/${encodeURIComponent(id)}`), ask("api/v1/stats").catch(() => undefined)]);
      content = detail(failure, { alike: alike(failure), close, judge, told: stats?.precision_by_rule[failure.rule || failure.failure_type] });
    } catch (fault) {
      if (fault.status !== 404 && shown === id) return; // What is shown is better than nothing.
      content = missing(fault);
    }
    if (id !== chosen()) return; // Another was chosen meanwhile.
    const place = [...element.querySelectorAll(focusable)].indexOf(document.activeElement);
    const draft = shown === id ? element.querySelector("#cause") : undefined;
    element.replaceChildren(...content);
    keep(draft, element.querySelector("#cause"));
    element.hidden = false;
    document.body.classList.add("chosen");
    if (shown !== id) {
      element.scrollTop = 0;
      element.focus({ preventScroll: true });
      if (element.getBoundingClientRect().top < 0) element.scrollIntoView();
      shown = id;
      changed();
    } else if (place >= 0) {
      (element.querySelectorAll(focusable)[place] ?? element).focus({ preventScroll: true });
    }
  }

  // leave gives the focus back to where the failure stands in the lists.
  function leave() {
    if (!shown) return;
    const back = entryOf(shown);
    const inside = element.contains(document.activeElement) || document.activeElement === document.body;
    element.hidden = true;
    document.body.classList.remove("chosen");
    shown = "";
    if (inside) (back ?? document.getElementById("list")).focus();
    changed();
  }

  function close() {
    history.pushState(null, "", location.pathname);
    choose();
  }

  function missing(fault) {
    const button = h("button", { type: "button", class: "close" }, "Close");
    button.addEventListener("click", close);
    return [button, h("p", {}, fault.status === 404 ? "This failure is not known here any more." : "This failure cannot be read now.")];
  }

  async function judge({ id }, outcome, cause) {
    try {
      await tell(`api/v1/failures/${encodeURIComponent(id)}/outcome`, { outcome, cause });
      await choose();
    } catch {
      say("The answer could not be kept.");
    }
  }

  addEventListener("hashchange", choose);
  addEventListener("popstate", choose);
  choose();
  return {
    close,
    touch(id) { due ||= id !== "" && id === chosen(); },
    refresh() {
      if (due) choose();
      due = false;
    },
  };
}
