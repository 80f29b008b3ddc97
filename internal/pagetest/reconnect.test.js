// What the page does while its server is away.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { until } from "./browser.js";
import { stage } from "./stage.js";
import { log } from "./telemetry.js";

const on = stage();
const away = { tolerates: /ERR_CONNECTION_|WebSocket connection|status of 503/ };
const full = "PANIC: could not write to file \"pg_wal/xlogtemp.4711\": No space left on device";

// saved says whether the state on the disk names a service.
async function saved(collector, service) {
  const files = await readdir(collector.state);
  const contents = await Promise.all(files.map((file) => readFile(join(collector.state, file))));
  return contents.some((content) => content.includes(service));
}

test("a page whose server was killed says so, and has lost nothing when it is back", on(async (view, collector) => {
  const { page } = view;
  await collector.send(log("before", full));
  await view.entry("now", "before").waitFor();
  await until("the incident is saved", () => saved(collector, "before"));
  await page.evaluate(() => { globalThis.stays = true; });

  await collector.kill();
  await page.locator("#connection.lost").waitFor();
  assert.match(await page.locator("#offline").innerText(), /^No connection to the collector since \d\d:\d\d\. What is shown here is as it was then\./);
  assert.equal(await view.entry("now", "before").count(), 1, "what was known is still there");

  await collector.run();
  await collector.send(log("after", full));
  await view.connected();
  await view.entry("now", "after").waitFor();
  await view.entry("now", "before").waitFor();
  assert.equal(await page.locator("#offline").isVisible(), false);
  assert.equal(await page.evaluate(() => globalThis.stays), true, "without a reload");
  assert.deepEqual((await collector.failures()).map(({ service }) => service).sort(), ["after", "before"]);

  await collector.send(log("later", full));
  await view.entry("now", "later").waitFor();
}, away));

test("a detail that is open stays while the server is away", on(async (view, collector) => {
  await collector.send(log("before", full));
  await view.choose("now", "before");
  await until("the incident is saved", () => saved(collector, "before"));
  await collector.kill();
  await view.page.locator("#connection.lost").waitFor();
  await view.detail.getByRole("heading", { name: "DISK_SPACE_LOW in before" }).waitFor();
  await collector.run();
  await view.connected();
  await view.detail.getByRole("heading", { name: "DISK_SPACE_LOW in before" }).waitFor();
}, away));

test("a page that never heard of a failure does not say that nothing fails", on(async ({ page }) => {
  await page.route("**/api/v1/failures*", (route) => route.fulfill({ status: 503, contentType: "application/problem+json", body: "{}" }));
  await page.routeWebSocket("**/api/v1/stream*", (socket) => socket.close());
  await page.reload();
  await page.getByText("What fails is not known.").waitFor();
  assert.equal(await page.getByText("Nothing is failing.").count(), 0);
}, away));

test("without a stream the page asks from time to time", on(async (view, collector) => {
  const { page } = view;
  await page.clock.install();
  await page.routeWebSocket("**/api/v1/stream*", (socket) => socket.close());
  await page.reload();
  await page.clock.fastForward(5_000);
  await page.locator("#connection.polling").waitFor();
  await collector.send(log("asked", full));
  await until("the server has it", async () => (await collector.failures()).length === 1);
  await page.clock.fastForward(30_000);
  await view.entry("now", "asked").waitFor();
  assert.equal(await page.locator("#offline").isVisible(), false);
}, away));
