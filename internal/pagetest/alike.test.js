// How the page shows failures that say the same.
import assert from "node:assert/strict";
import test from "node:test";
import { stage } from "./stage.js";
import { event, log } from "./telemetry.js";

const on = stage();
const minute = 60_000;
const kill = { service: "node-7", type: "MEMORY_EXHAUSTION", severity: "critical", failure_cause: "The kernel was out of memory and killed java." };
const says = (text) => ({ failure_evidence: [`observed: the first says: ${text}`] });

test("failures that say the same of one place are one entry, and each is a step away", on(async (view, collector) => {
  const now = Date.now();
  await collector.send(event("opened", { ...kill, number: 1, first: now - 5 * minute, ...says("java invoked oom-killer") }));
  await collector.send(event("opened", { ...kill, number: 2, count: 2, first: now - 4 * minute, ...says("Out of memory: Killed process 23140 (java)") }));
  await collector.send(event("opened", { ...kill, number: 3, service: "node-8" }));
  await collector.send(event("opened", { ...kill, number: 4, severity: "high" }));
  await collector.send(event("opened", { ...kill, number: 5, resource: { "deployment.environment.name": "staging" } }));
  await view.page.locator("#summary").getByText("5 failing now").waitFor();
  await view.entry("now", /node-7[^]*· 5 min · 2 alike, 3 times/).waitFor();
  assert.equal(await view.entries("now").count(), 4);
  assert.equal(await view.page.locator("#picture .row").count(), 4);

  await view.choose("now", "2 alike");
  await view.detail.locator(".said", { hasText: "Out of memory" }).waitFor();
  await view.detail.getByText(/^\d\d:\d\d, once: java invoked oom-killer$/).getByRole("link").click();
  await view.detail.locator(".said", { hasText: "java invoked oom-killer" }).waitFor();
  assert.equal(await view.entry("now", "2 alike").getByRole("button").getAttribute("aria-expanded"), "true");
  await view.page.keyboard.press("Escape");
  assert.match(await view.page.evaluate(() => document.activeElement.textContent), /2 alike/, "the focus goes back to the entry");

  await collector.send(event("resolved", { ...kill, number: 2, count: 2, sequence: 2 }));
  await view.entry("over", "node-7").waitFor();
  assert.equal(await view.entry("now", "alike").count(), 0);
}));

test("what the record said is told, and found", on(async (view, collector) => {
  await collector.send(log("payments", "settlement 361 failed: java.lang.OutOfMemoryError: Java heap space"));
  await view.entry("now", "payments").waitFor();
  await view.page.getByLabel("Search").fill("361 heap space");
  await view.page.locator("#now-count", { hasText: "1 of 1" }).waitFor();
  await view.choose("now", "payments");
  await view.detail.locator(".said", { hasText: "settlement 361 failed: java.lang.OutOfMemoryError: Java heap space" }).waitFor();
  assert.equal(await view.detail.getByText("settlement 361 failed").count(), 1, "it is told once");
}));

test("the picture takes the room that it has from the beginning", on(async (view, collector) => {
  await collector.send(event("opened", { number: 1 }));
  const picture = view.page.locator("#picture svg");
  await picture.waitFor();
  const [drawn, room] = [(await picture.boundingBox()).width, (await view.page.locator("#picture").boundingBox()).width];
  assert.ok(Math.abs(drawn - room) < 2, `${drawn} of ${room}`);
}));

test("a cause that somebody gave stays where the page is asked", on(async (view, collector) => {
  await collector.send(event("opened", { number: 1 }));
  await view.entry("now", "checkout").waitFor();
  const [{ id }] = await collector.failures();
  await fetch(`${collector.address}api/v1/failures/${id}/outcome`, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ outcome: "noise", cause: "A planned test." }),
  });
  await view.choose("now", "checkout");
  await view.detail.getByRole("button", { name: "Yes, useful" }).click();
  await view.detail.locator("button[aria-pressed=true]", { hasText: "Yes, useful" }).waitFor();
  assert.equal(await view.detail.getByLabel("What was behind it").inputValue(), "A planned test.");
  assert.equal((await collector.failures())[0].judgement.cause, "A planned test.");
}));
