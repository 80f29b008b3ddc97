// All that is known about one failure.
import { cascade } from "./cascade.js";
import { h, link } from "./dom.js";
import { interval, isExpected, isOn, isSaid, lasted, moment, place, said, summed, times, when } from "./words.js";

// told is how often people found what this rule tells useful, if anybody said.
export function detail(failure, { alike, close, judge, told }) {
  const button = h("button", { type: "button", class: "close", "aria-keyshortcuts": "Escape" }, "Close");
  button.addEventListener("click", close);
  const rest = (failure.evidence ?? []).filter((one) => !isSaid(one));
  return [
    button,
    h("h2", {}, failure.failure_type, " in ", h("bdi", {}, place(failure))),
    h("p", { class: "state" }, h("span", { class: `badge ${failure.severity}` }, failure.severity), " ", failure.status),
    glance(failure),
    ...part("What it means", h("p", { class: "text" }, summed(failure)),
      said(failure) && h("p", { class: "said" }, said(failure)),
      failure.message !== summed(failure) && !failure.message.includes(summed(failure).replace(/\.$/, "")) && h("p", { class: "text note" }, failure.message),
      failure.transient === true && h("p", {}, "It commonly goes away by itself.")),
    ...part("What to do", failure.user_action_required === true && h("p", { class: "act" }, "It stays until a person acts."),
      failure.recovery_steps && h("ol", {}, ...failure.recovery_steps.map(({ risk, do: what }) =>
        h("li", {}, h("span", { class: `badge ${risk === "safe" ? "low" : "high"}` }, risk), " ", what)))),
    ...part("Others that say the same", alike.length > 0 && h("ul", { class: "plain" }, ...alike.slice(0, 20).map((other) => h("li", {},
      h("a", { href: `#${encodeURIComponent(other.id)}` }, `${when(other.first_seen)}, ${times(other.count)}`), said(other) && [": ", h("bdi", {}, said(other))])))),
    ...part("How it spread", ...spread(failure)),
    ...part("What this rests on", rest.length > 0 && h("ul", { class: "plain" }, ...rest.map(({ kind, text }) =>
      h("li", {}, h("strong", {}, kind), ": ", text)))),
    ...part("What happened", failure.timeline && h("ol", {}, ...failure.timeline.map((entry) =>
      h("li", {}, h("time", { datetime: entry.time, title: moment(entry.time) }, when(entry.time)), " ", h("strong", {}, entry.event.replace("failure.", "")), ` (${entry.severity}, ${times(entry.count)}): `, h("bdi", {}, entry.message)))),
      failure.timeline_omitted && h("p", { class: "note" }, `${failure.timeline_omitted} more after the first are left out.`)),
    ...part("Where to look", facts(failure)),
    ...part("Was this worth telling?", question(failure, judge),
      told && h("p", { class: "note" }, `Of what ${failure.rule ? "this rule" : "this type"} told, ${told.useful} of ${told.useful + told.noise} were called useful.`)),
  ].flat().filter(Boolean);
}

// glance is what a person asks first.
function glance(failure) {
  const list = isExpected(failure) ? [["Expected", interval(failure)]] : [
    ["Since", h("time", { datetime: failure.first_seen, title: moment(failure.first_seen) }, when(failure.first_seen))],
    ["Lasts", lasted(failure.first_seen, isOn(failure) ? Date.now() : failure.ended ?? failure.last_seen)],
    ["How often", times(failure.count)], ["Trend", failure.trend],
  ];
  return h("dl", { class: "glance" }, ...list.filter(([, what]) => what).map(([name, what]) => h("div", {}, h("dt", {}, name), h("dd", {}, what))));
}

// question asks whether it was worth telling, and what was behind it. Enter keeps other words for the same answer.
function question(failure, judge) {
  const cause = h("input", { id: "cause", name: "cause", autocomplete: "off", maxlength: 1000, placeholder: "in words, if it is known", value: failure.judgement?.cause });
  const answer = (outcome) => judge(failure, outcome, cause.value.trim());
  const buttons = ["useful", "noise"].map((outcome) => {
    const button = h("button", { type: "button", class: "say", "aria-pressed": String(failure.judgement?.outcome === outcome) }, outcome === "useful" ? "Yes, useful" : "No, noise");
    button.addEventListener("click", () => answer(outcome));
    return [button, " "];
  });
  const form = h("form", { class: "question" }, h("label", { for: "cause" }, "What was behind it"), cause, h("p", {}, ...buttons));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (failure.judgement) answer(failure.judgement.outcome);
    else buttons[0][0].focus();
  });
  return form;
}

function part(title, ...content) {
  const there = content.filter(Boolean);
  return there.length === 0 ? [] : [h("h3", {}, title), ...there];
}

function spread(failure) {
  const tied = failure.cascade ?? [];
  const main = document.querySelector("main").clientWidth;
  const picture = cascade(failure, tied, main > 960 ? main / 2 - 60 : main - 40);
  return [
    picture && h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "Picture of the cascade" }, picture),
    tied.length > 0 && h("ul", { class: "plain" }, ...tied.map((other) => h("li", {},
      other.id === failure.suppressed_by ? "It comes from " : "It caused ",
      h("a", { href: `#${encodeURIComponent(other.id)}` }, `${other.failure_type} in ${place(other)}`)))),
  ];
}

function facts(failure) {
  const { confidence, value, threshold } = failure;
  const list = [
    ["Trace", failure.trace_id && (failure.trace_url ? link(failure.trace_url, failure.trace_id) : failure.trace_id)],
    ["Entity", failure.entity], ["Category", failure.category], ["Rule", failure.rule],
    ["Confidence", confidence === undefined ? "" : `${Math.round(confidence * 100)} %`],
    ["Value", value === undefined ? "" : threshold === undefined ? `${value}` : `${value}, threshold ${threshold}`],
    ["Came back from", failure.regression_of], ["Fingerprint", failure.fingerprint], ["Incident", failure.id],
    ...Object.entries(failure.captures ?? {}), ...Object.entries(failure.resource ?? {}),
  ];
  return h("dl", { class: "facts" }, ...list.filter(([, what]) => what).flatMap(([name, what]) => [h("dt", {}, name), h("dd", {}, what)]));
}
