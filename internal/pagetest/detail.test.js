// What the page tells of one failure.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { desktop, phone, until } from "./browser.js";
import { stage } from "./stage.js";
import { event, incidentID, log } from "./telemetry.js";

const on = stage();
const orders = new URL("../../examples/cascade/orders.json", import.meta.url);
const trace = "5b8efff798038103d269b633813fc60c";

test("the detail says what it means and what to do", on(async (view, collector) => {
  await collector.send(log("payments", "payments-pool - Connection is not available, request timed out after 30001ms (total=20, active=20, idle=0, waiting=3)"));
  await view.choose("now", "payments");
  const text = await view.detail.innerText();
  assert.match(text, /What it means\s+The HikariCP pool payments-pool had no free connection for 30001 ms\./);
  assert.match(text, /What to do\s+It stays until a person acts\.\s+safe Switch leakDetectionThreshold on/);
  assert.match(text, /Since\s+\d\d:\d\d\s+Lasts\s+\d+ s\s+How often\s+once/);
  assert.match(text, /What happened\s+\d\d:\d\d opened \(high, once\)/);
  assert.match(text, /Rule\s+pool-hikari-timeout/);
  assert.match(text, /pool\s+payments-pool\s+waited\s+30001/);
}));

test("a trace is a link to where traces are", on(async (view, collector) => {
  await collector.send(event("opened", { number: 1, trace }));
  await view.choose("now", "checkout");
  const link = view.detail.getByRole("link", { name: trace });
  assert.equal(await link.getAttribute("href"), `https://traces.example/trace/${trace}`);
  assert.equal(await link.getAttribute("rel"), "noreferrer noopener");
}));

test("the open detail follows what happens", on(async (view, collector) => {
  await collector.send(event("opened", { number: 1, severity: "medium" }));
  await view.choose("now", "checkout");
  await view.detail.getByRole("button", { name: "No, noise" }).focus();
  await collector.send(event("escalated", { number: 1, sequence: 2, count: 77, severity: "critical" }));
  await view.detail.getByText("77 times", { exact: true }).waitFor();
  await view.detail.getByText("escalated").waitFor();
  assert.equal(await view.page.evaluate(() => document.activeElement.textContent), "No, noise", "the focus stays where it was");
}));

test("what a person says of a failure is kept", on(async (view, collector) => {
  await collector.send(event("opened", { number: 1 }));
  await view.choose("now", "checkout");
  await view.detail.getByRole("button", { name: "Yes, useful" }).click();
  await view.detail.locator("button[aria-pressed=true]", { hasText: "Yes, useful" }).waitFor();
  await until("the judgement", async () => (await collector.failures())[0].judgement?.outcome === "useful");
  await view.detail.getByText("Of what this type told, 1 of 1 were called useful.").waitFor();
}));

test("the cause is kept in words, and a half-written one outlives what happens meanwhile", on(async (view, collector) => {
  await collector.send(event("opened", { number: 1, severity: "medium" }));
  await view.choose("now", "checkout");
  const cause = view.detail.getByLabel("What was behind it");
  await cause.pressSequentially("a deplyment");
  await cause.press("Control+ArrowLeft");
  for (let i = 0; i < 4; i++) await cause.press("ArrowRight");
  await collector.send(event("escalated", { number: 1, sequence: 2, count: 77, severity: "critical" }));
  await view.detail.getByText("77 times", { exact: true }).waitFor();
  await view.page.keyboard.insertText("o");
  await view.detail.getByRole("button", { name: "No, noise" }).click();
  const judged = async () => (await collector.failures())[0].judgement;
  await until("the judgement", async () => (await judged())?.outcome === "noise");
  assert.equal((await judged()).cause, "a deployment");
  await view.detail.locator("button[aria-pressed=true]", { hasText: "No, noise" }).waitFor();
  await cause.fill("a deployment of shop");
  await cause.press("Enter");
  await until("the other words", async () => (await judged()).cause === "a deployment of shop");
  assert.equal((await judged()).outcome, "noise");
  await view.detail.getByText("Of what this type told, 0 of 1 were called useful.").waitFor();
}));

for (const [where, viewport, axis] of [["to the right", desktop, "x"], ["down on a phone", phone, "y"]]) {
  test(`a cascade is drawn from its origin to its victims, ${where}`, on(async (view, collector) => {
    await collector.send(JSON.parse(await readFile(orders, "utf8")));
    await view.choose("now", "CASCADING_FAILURES");
    const picture = view.detail.getByRole("img", { name: "From stock to checkout to gateway" });
    await picture.waitFor();
    assert.deepEqual(await picture.locator(".name").allTextContents(), ["stock", "checkout", "gateway"]);
    assert.deepEqual((await picture.locator(".scale").allTextContents()).slice(0, 2), ["origin", ""]);
    const at = await picture.locator(".node").evaluateAll((nodes, name) => nodes.map((node) => Number(node.getAttribute(name))), axis);
    assert.ok(at[0] < at[1] && at[1] < at[2], `${at}`);
    assert.equal(await picture.locator(".head").count(), 2, "an arrow for each step");
    const box = await picture.boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= viewport.width, "all of it is seen");
    assert.equal(await view.scrolls(), 0);
  }, { viewport }));
}

test("one comes from the origin to the victims, and back", on(async (view, collector) => {
  const [origin, victim] = [incidentID(1), incidentID(2)];
  await collector.send(event("opened", { number: 2, service: "gateway", type: "NETWORK_ERROR", failure_suppressed_by: origin }));
  await collector.send(event("opened", { number: 1, service: "stock", failure_origin: "stock", failure_path: ["stock", "checkout"], failure_victims: [victim] }));
  await view.choose("now", "stock");
  await view.detail.getByRole("img", { name: "From stock to checkout, and to gateway" }).waitFor();
  await view.detail.getByRole("link", { name: "NETWORK_ERROR in gateway" }).click();
  await view.detail.getByRole("heading", { name: "NETWORK_ERROR in gateway" }).waitFor();
  await view.detail.getByText("It comes from").getByRole("link", { name: "DATABASE_TIMEOUT in stock" }).click();
  await view.detail.getByRole("heading", { name: "DATABASE_TIMEOUT in stock" }).waitFor();
}));
