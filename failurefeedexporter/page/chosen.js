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

const focusable = "a[href], button, [tabindex='0']";

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
      const failure = await ask(`api/v1/failures/${encodeURIComponent(id)}`);
      content = detail(failure, { alike: alike(failure), close, judge });
    } catch (fault) {
      if (fault.status !== 404 && shown === id) return; // What is shown is better than nothing.
      content = missing(fault);
    }
    if (id !== chosen()) return; // Another was chosen meanwhile.
    const place = [...element.querySelectorAll(focusable)].indexOf(document.activeElement);
    element.replaceChildren(...content);
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

  // judge keeps the cause in words that somebody gave, which this page does not ask for.
  async function judge({ id, judgement }, outcome) {
    try {
      await tell(`api/v1/failures/${encodeURIComponent(id)}/outcome`, { outcome, cause: judgement?.cause });
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
