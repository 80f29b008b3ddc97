// How times and numbers are said.

const full = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const dated = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

export const moment = (time) => (time ? full.format(new Date(time)) : "");
export const hour = (time) => clock.format(new Date(time));

// when leaves the date out where it is today.
export function when(time) {
  if (!time) return "";
  const then = new Date(time);
  return (then.toDateString() === new Date().toDateString() ? clock : dated).format(then);
}

export function lasted(from, to) {
  const seconds = Math.max(0, Math.round((new Date(to) - new Date(from)) / 1000));
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 36 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86400)} days`;
}

export const times = (count) => (count === 1 ? "once" : `${count.toLocaleString()} times`);

// place names who failed.
export const place = (failure) => failure.service || failure.entity || failure.resource?.["host.name"] || "an unnamed service";

// summed is the one sentence for a list. What a probe measured says more than its cause.
export const summed = (failure) => (failure.root_cause && failure.value === undefined ? failure.root_cause : failure.message);

const firstSays = "the first says: ";

// isSaid tells of a piece of evidence whether it is what the first record said.
export const isSaid = ({ text }) => text.startsWith(firstSays);

// said is that text, by which failures that are alike are told apart.
export const said = ({ evidence = [] }) => evidence.find(isSaid)?.text.slice(firstSays.length);

export const isOn = (failure) => failure.status === "active";
export const isExpected = (failure) => failure.status === "predicted";

// interval says when something is expected.
export function interval(failure) {
  const { predicted_earliest: earliest, predicted_latest: latest } = failure;
  if (earliest && latest) return `between ${when(earliest)} and ${when(latest)}`;
  if (earliest) return `not before ${when(earliest)}`;
  return latest ? `before ${when(latest)}` : "";
}
