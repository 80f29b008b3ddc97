// Failures that say the same of the same place, as the three records that the kernel writes of one kill.
import { place } from "./words.js";

// sameness is what failures that are alike have in common, and undefined where one is told by itself: what was
// measured, what is expected, and what others come from differ in more than what they mean.
function sameness(f) {
  if (!f.root_cause || f.value !== undefined || f.status === "predicted" || f.origin) return undefined;
  return JSON.stringify([f.failure_type, f.severity, f.status, place(f), f.entity, f.resource, f.root_cause]);
}

export function alikeTo(failure, all) {
  const wanted = sameness(failure);
  return wanted === undefined ? [] : all.filter((f) => f.id !== failure.id && sameness(f) === wanted);
}

// fold makes one entry of those that are alike, where the first of them stands. It counts for all of them.
export function fold(failures) {
  const entries = new Map();
  for (const f of failures) {
    const same = sameness(f) ?? f.id;
    const entry = entries.get(same);
    entries.set(same, entry ? joined(entry, f) : { ...f, ids: [f.id] });
  }
  return [...entries.values()];
}

function joined(entry, f) {
  return {
    ...entry, ids: [...entry.ids, f.id], count: entry.count + f.count,
    first_seen: f.first_seen < entry.first_seen ? f.first_seen : entry.first_seen,
    trend: f.trend === "rising" ? f.trend : entry.trend,
  };
}
