// OTLP, as applications, the connector and probes send it.

const minute = 60_000;
const nanoseconds = (time) => `${BigInt(Math.round(time)) * 1_000_000n}`;
const severities = { low: 9, medium: 13, high: 17, critical: 21 };

function anyValue(value) {
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "bigint") return { intValue: `${value}` };
  if (typeof value === "number") return { doubleValue: value };
  return { stringValue: value };
}

const attributes = (map) => Object.entries(map).map(([key, value]) => ({ key, value: anyValue(value) }));

function logs(resource, records) {
  return { resourceLogs: [{ resource: { attributes: attributes(resource) }, scopeLogs: [{ logRecords: records }] }] };
}

// log is what an application writes.
export function log(service, text, { at = Date.now(), trace } = {}) {
  return logs({ "service.name": service }, [{ timeUnixNano: nanoseconds(at), severityNumber: 17, body: { stringValue: text }, ...(trace && { traceId: trace, spanId: "00000000000000a1" }) }]);
}

export const incidentID = (number) => number.toString(16).padStart(32, "0");

// event is what a connector elsewhere says of an incident. The connector lets it pass as it is.
export function event(name, { number, sequence = 1, service = "checkout", resource = {}, message, type = "DATABASE_TIMEOUT", severity = "high", count = 1, first, at = Date.now(), trace, ...more }) {
  const status = { opened: "active", ongoing: "active", escalated: "active", regressed: "active", resolved: "resolved", predicted: "predicted" }[name];
  const id = incidentID(number);
  return logs({ "service.name": service, ...resource }, [{
    timeUnixNano: nanoseconds(at), severityNumber: severities[severity], eventName: `failure.${name}`,
    ...(trace && { traceId: trace, spanId: "00000000000000a1" }),
    body: { stringValue: message ?? `${type} in ${service}` },
    attributes: attributes({
      failure_event: `failure.${name}`, failure_incident_id: id, failure_sequence: BigInt(sequence), failure_event_id: `${id}-${sequence}`,
      failure_status: status, failure_count: BigInt(count), failure_type: type, failure_severity: severity, failure_category: "database",
      failure_first_seen: new Date(first ?? at).toISOString(), failure_last_seen: new Date(at).toISOString(), failure_reminder_seconds: 3600n, ...more,
    }),
  }]);
}

// forecast is what a probe says of what is about to be exhausted.
export function forecast({ host = "db-1", entity = "host:db-1/data", message = "The disk /data will be full.", earliest, latest, at = Date.now() }) {
  return logs({ "host.name": host }, [{
    timeUnixNano: nanoseconds(at), severityNumber: 13, eventName: "failure.predicted", body: { stringValue: message },
    attributes: attributes({
      failure_event: "failure.predicted", failure_type: "DISK_SPACE_LOW", failure_severity: "medium", failure_category: "resource", failure_entity: entity,
      failure_fingerprint: "v1:00000000000000aa", failure_value: 0.93, failure_threshold: 0.98,
      failure_predicted_earliest: new Date(earliest).toISOString(), failure_predicted_latest: new Date(latest).toISOString(),
    }),
  }]);
}

const kinds = ["DATABASE_TIMEOUT", "CONNECTION_POOL_EXHAUSTION", "NETWORK_ERROR", "DISK_SPACE_LOW", "MEMORY_EXHAUSTION", "CIRCUIT_BREAKER_TRIPPED", "AUTHENTICATION_FAILURE"];
const places = ["checkout-api", "payments", "inventory", "shipping", "storefront", "assistant", "postgresql"];

// many is a number of incidents of all kinds: every third is over, and every tenth comes back again and again.
export function many(number, now = Date.now()) {
  const all = [];
  for (let i = 0; i < number; i++) {
    const first = now - ((i * 37) % 600) * minute - minute;
    const about = { number: i + 1, service: `${places[i % 7]}${number > 50 ? `-${i % 23}` : ""}`, type: kinds[i % kinds.length], severity: Object.keys(severities)[(i * 7) % 4], first };
    all.push(event("opened", { ...about, at: first }));
    if (i % 10 === 0) [4, 9, 30].forEach((count, n) => all.push(event("ongoing", { ...about, sequence: n + 2, count, at: first + ((n + 1) * (now - first)) / 4 })));
    if (i % 3 === 0) all.push(event("resolved", { ...about, sequence: 9, count: 31, at: i % 10 === 0 ? now : Math.min(now, first + 20 * minute) }));
  }
  return { resourceLogs: all.flatMap((one) => one.resourceLogs) };
}
