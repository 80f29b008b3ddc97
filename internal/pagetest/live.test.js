// What the page shows as it happens.
import assert from "node:assert/strict";
import test from "node:test";
import { stage } from "./stage.js";
import { event, forecast, log, many } from "./telemetry.js";

const minute = 60_000;
const hour = 60 * minute;
const on = stage();
const pool = "HikariPool-1 - Connection is not available, request timed out after 30000ms (total=10, active=10, idle=0, waiting=7)";

test("a failure in a log appears without a reload", on(async (view, collector) => {
  const { page } = view;
  await page.getByText("Nothing is failing.").waitFor();
  await page.evaluate(() => { globalThis.stays = true; });
  await collector.send(log("checkout-api", pool));
  const entry = view.entry("now", "The HikariCP pool HikariPool-1 had no free connection for 30000 ms.");
  await entry.waitFor();
  assert.match(await entry.innerText(), /^high\s+checkout-api\s+CONNECTION_POOL_EXHAUSTION\s[^]*since \d\d:\d\d · \d+ s · once/);
  assert.equal(await page.title(), "(1) Failures");
  assert.match(await page.locator("#summary").innerText(), /1 failing now\s+1 high/);
  assert.match(await page.locator("#announcement").textContent(), /detected: CONNECTION_POOL_EXHAUSTION in checkout-api, high/);
  assert.equal(await page.evaluate(() => globalThis.stays), true);
}));

test("a failure that gets worse moves up, and one that ends is over", on(async (view, collector) => {
  const now = Date.now();
  const worse = { number: 1, service: "slow", severity: "medium", first: now - 30 * minute };
  await collector.send(event("opened", { ...worse, at: worse.first }));
  await collector.send(event("opened", { number: 2, service: "full", severity: "high" }));
  await view.entry("now", "slow").waitFor();
  assert.match(await view.entries("now").first().innerText(), /full/);
  await collector.send(event("ongoing", { ...worse, sequence: 2, count: 3, at: now - 20 * minute }));
  await collector.send(event("escalated", { ...worse, sequence: 3, count: 40, severity: "critical", at: now - 10 * minute }));
  await view.entry("now", /critical\s+slow[^]*30 min · 40 times · ↗ rising/).waitFor();
  assert.match(await view.entries("now").first().innerText(), /slow/);
  await collector.send(event("resolved", { ...worse, sequence: 4, count: 40, severity: "critical" }));
  await view.entry("over", /slow[^]*resolved \d\d:\d\d · 40 times/).waitFor();
  assert.equal(await view.entries("now").count(), 1);
}));

test("what came last counts, whatever the clocks of senders say", on(async (view, collector) => {
  await collector.send(event("opened", { number: 1, service: "ahead", at: Date.now() + hour }));
  await view.entry("now", "ahead").waitFor();
  await collector.send(event("resolved", { number: 1, service: "ahead", sequence: 2 }));
  await view.entry("over", "ahead").waitFor();
}));

test("search and filter narrow the lists, and say so", on(async (view, collector) => {
  const { page } = view;
  await collector.send(many(12));
  await page.locator("#summary").getByText("8 failing now").waitFor();
  await page.getByLabel("Search").fill("payments POOL");
  await page.locator("#now-count", { hasText: "2 of 8" }).waitFor();
  for (const text of await view.entries("now").allInnerTexts()) assert.match(text, /payments\s+CONNECTION_POOL_EXHAUSTION/);
  await page.getByLabel("Search").fill("no such thing");
  await page.getByText("None of 8 is what the filter asks for.").waitFor();
  assert.equal(await page.getByText("Nothing is failing.").count(), 0, "a filter must not look like health");
  await page.getByRole("button", { name: "Show all" }).click();
  assert.equal(await page.evaluate(() => document.activeElement.id), "search");
  await page.locator("#now-count", { hasText: /^8$/ }).waitFor();
  await page.getByLabel("Severity").selectOption("critical");
  await page.locator("#now-count", { hasText: "2 of 8" }).waitFor();
  await page.getByLabel("Service").selectOption("payments");
  await page.locator("#now-count", { hasText: "1 of 8" }).waitFor();
  assert.match(await view.entries("now").innerText(), /^critical\s+payments/);
}));

test("what is expected to fail is told with its interval", on(async (view, collector) => {
  const now = Date.now();
  await collector.send(many(42));
  await collector.send(forecast({ earliest: now + 20 * minute, latest: now + 50 * minute }));
  await view.entry("soon", /host:db-1\/data\s+DISK_SPACE_LOW[^]*The disk \/data will be full\.[^]*expected between .+ and /).waitFor();
  await view.page.locator("#picture .bar.expected").waitFor();
  await view.choose("soon", "DISK_SPACE_LOW");
  assert.match(await view.detail.innerText(), /Expected\s+between .+ and /);
}));

test("the picture shows when failures were", on(async (view, collector) => {
  const { page } = view;
  const now = Date.now();
  await collector.send(event("opened", { number: 1, service: "past", first: now - 4 * hour, at: now - 4 * hour }));
  await collector.send(event("resolved", { number: 1, service: "past", sequence: 2, first: now - 4 * hour, at: now - 2 * hour }));
  await collector.send(event("opened", { number: 2, service: "present", first: now - hour, at: now - hour }));
  await page.locator("#picture .row").nth(1).waitFor();
  const [from, until] = await page.locator("#picture .axis").evaluateAll((lines) => [lines.at(0), lines.at(-1)].map((line) => Number(line.getAttribute("x1"))));
  const [past, present] = await page.locator("#picture .bar").evaluateAll((bars) => bars.map((bar) => ["x", "width"].map((name) => Number(bar.getAttribute(name)))));
  const near = (value, share, what) => assert.ok(Math.abs((value - from) / (until - from) - share) < 0.01, `${what}: ${value} is not at ${share} of ${from} to ${until}`);
  near(past[0], 2 / 6, "the begin of what is over");
  near(past[0] + past[1], 4 / 6, "its end");
  near(present[0], 5 / 6, "the begin of what goes on");
  near(present[0] + present[1], 1, "where it stands");
  await page.getByLabel("Time").selectOption("1");
  await page.locator("#picture .row").nth(1).waitFor({ state: "detached" });
  await page.locator("#picture .row", { hasText: "present" }).click();
  await view.detail.getByRole("heading", { name: "DATABASE_TIMEOUT in present" }).waitFor();
}));

test("of very many failures the worst are listed, and the others are found", on(async (view, collector) => {
  const { page } = view;
  await collector.send(many(500));
  await page.locator("#summary").getByText("333 failing now").waitFor();
  await page.getByText("233 more: use the filter.").waitFor();
  assert.equal(await view.entries("now").count(), 100);
  assert.match(await view.entries("now").last().innerText(), /^high/);
  await page.getByLabel("Search").fill("assistant-5");
  await view.entry("now", "assistant-5").first().waitFor();
  await page.locator("#now-count", { hasText: / of 333/ }).waitFor();
}));
