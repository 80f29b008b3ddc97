// Who uses the page without a mouse, without sight, in the dark or on a phone.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import axe from "axe-core";
import { desktop, phone } from "./browser.js";
import { stage } from "./stage.js";
import { event, forecast, many } from "./telemetry.js";

const minute = 60_000;
const on = stage();
const orders = new URL("../../examples/cascade/orders.json", import.meta.url);

// focused tells of the element that has the focus: its text, and how wide its outline is. The body has it where none has.
const focused = (page) => page.evaluate(() => {
  if (document.activeElement === document.body) return { id: "", text: "", outline: 0 };
  const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
  return { id: document.activeElement.id, text: document.activeElement.textContent, outline: outlineStyle === "none" ? 0 : parseFloat(outlineWidth) };
});

async function fill(view, collector) {
  await collector.send(many(12));
  await collector.send(forecast({ earliest: Date.now() + 20 * minute, latest: Date.now() + 50 * minute }));
  await collector.send(JSON.parse(await readFile(orders, "utf8")));
  await view.entry("now", "CASCADING_FAILURES").waitFor();
  await view.entry("soon", "DISK_SPACE_LOW").waitFor();
}

async function violations(page) {
  await page.evaluate(axe.source);
  const { violations: found } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return found.filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join("\n")}`);
}

for (const colorScheme of ["light", "dark"]) {
  for (const [where, viewport] of [["on a desk", desktop], ["on a phone", phone]]) {
    test(`nothing stands in the way of anybody, ${colorScheme}, ${where}`, on(async (view, collector) => {
      assert.deepEqual(await violations(view.page), [], "without a failure");
      await fill(view, collector);
      assert.deepEqual(await violations(view.page), [], "the lists");
      assert.equal(await view.scrolls(), 0);
      await view.choose("now", "CASCADING_FAILURES");
      assert.deepEqual(await violations(view.page), [], "the detail");
      assert.equal(await view.scrolls(), 0);
    }, { colorScheme, viewport }));
  }
}

for (const [where, viewport] of [["on a desk", desktop], ["on a phone", phone]]) {
  test(`the keyboard is enough, ${where}`, on(async (view, collector) => {
    const { page } = view;
    await collector.send(many(12));
    await view.entries("now").nth(7).waitFor();
    await page.keyboard.press("Tab");
    assert.equal((await focused(page)).text, "Skip to the failures");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    const chosen = await focused(page);
    assert.equal(chosen.text, await view.entries("now").nth(1).textContent());
    assert.ok(chosen.outline >= 3, "the focus is seen");

    for (const leave of ["Escape", "Close", "Back"]) {
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => document.activeElement.id === "detail");
      await page.keyboard.press("Tab");
      const button = await focused(page);
      assert.equal(button.text, "Close");
      assert.ok(button.outline >= 3, "the focus is seen");
      if (leave === "Escape") await page.keyboard.press("Escape");
      if (leave === "Close") await page.keyboard.press("Enter");
      if (leave === "Back") await page.goBack();
      await view.detail.waitFor({ state: "hidden" });
      const back = await focused(page);
      assert.equal(back.text, chosen.text, `after ${leave} the focus is where it came from`);
      assert.ok(back.outline >= 3, "and is seen");
    }
    await page.keyboard.press("/");
    assert.equal((await focused(page)).id, "search");
  }, { viewport }));
}

test("the focus stays on a failure, wherever it moves", on(async (view, collector) => {
  const { page } = view;
  const mine = { number: 1, service: "mine", severity: "low" };
  await collector.send(event("opened", mine));
  await view.entry("now", "mine").getByRole("button").focus();
  await collector.send(event("opened", { number: 2, service: "worse", severity: "high" }));
  await view.entry("now", "worse").waitFor();
  assert.match(await view.entries("now").first().innerText(), /worse/);
  assert.match((await focused(page)).text, /low mine/);
  await collector.send(event("escalated", { ...mine, sequence: 2, severity: "critical" }));
  await view.entry("now", "critical mine").waitFor();
  assert.match(await view.entries("now").first().innerText(), /mine/);
  assert.match((await focused(page)).text, /critical mine/);
  await collector.send(event("resolved", { ...mine, sequence: 3, severity: "critical" }));
  await view.entry("over", "mine").waitFor();
  assert.match((await focused(page)).text, /mine[^]*resolved/);
}));
