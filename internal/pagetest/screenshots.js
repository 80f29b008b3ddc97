// Makes the pictures of the page in docs: the quickstart on its sample logs, as if they were written in the hour before.
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch, phone, View } from "./browser.js";
import { Collector, root } from "./collector.js";

const minute = 60_000;
const pool = /payments\s+CONNECTION_POOL_EXHAUSTION/;
const size = { width: 1200, height: 760 };
const lastRecord = Date.UTC(2026, 2, 10, 10, 15);

// later moves the times in a log on. Their forms stay.
function later(text, by) {
  const two = (number) => `${number}`.padStart(2, "0");
  return text
    .replace(/(\d{4})([-/])(\d\d)\2(\d\d)([ T])(\d\d):(\d\d):(\d\d)/g, (_, year, dash, month, day, between, ...clock) => {
      const [hour, min, second] = clock;
      const [date, time] = new Date(Date.UTC(year, month - 1, day, hour, min, second) + by).toISOString().split(/[T.]/);
      return `${date.replaceAll("-", dash)}${between}${time}`;
    })
    .replace(/^([IWEF])(\d\d)(\d\d) (\d\d):(\d\d):(\d\d)/gm, (_, level, month, day, hour, min, second) => {
      const time = new Date(Date.UTC(2026, month - 1, day, hour, min, second) + by);
      return `${level}${two(time.getUTCMonth() + 1)}${two(time.getUTCDate())} ${time.toISOString().slice(11, 19)}`;
    })
    .replace(/"time":(\d{13})/g, (_, time) => `"time":${Number(time) + by}`);
}

// sample copies the logs with later times, and gives the folder in which they are testdata/logs.
async function sample(by) {
  const folder = await mkdtemp(join(tmpdir(), "page-"));
  const logs = join(folder, "testdata", "logs");
  await cp(join(root, "testdata", "logs"), logs, { recursive: true });
  for (const service of await readdir(logs, { withFileTypes: true })) {
    if (!service.isDirectory()) continue;
    for (const file of await readdir(join(logs, service.name))) {
      const path = join(logs, service.name, file);
      await writeFile(path, later(await readFile(path, "utf8"), by));
    }
  }
  return folder;
}

// The quickstart listens elsewhere, and leaves out the host: no two machines are alike.
const overlay = `{
  receivers: {otlp: {protocols: {grpc: {endpoint: "127.0.0.1:0"}, http: {endpoint: "127.0.0.1:\${env:OTLP_PORT}"}}}},
  exporters: {failure_feed: {endpoint: "127.0.0.1:\${env:FEED_PORT}"}},
  service: {pipelines: {logs/host: {receivers: [otlp]}}}
}`;

async function take(browser, collector, name, settings, prepare) {
  const view = await View.open(browser, collector, settings);
  await view.entry("now", pool).waitFor();
  await view.entry("over", "CIRCUIT_BREAKER_TRIPPED").first().waitFor();
  await prepare?.(view);
  await view.page.screenshot({ path: join(root, "docs", name) });
  await view.close();
}

async function detail(view) {
  await view.choose("now", pool);
  await view.page.mouse.move(0, 0);
  await view.page.evaluate(() => { document.activeElement.blur(); scrollTo(0, 0); });
}

const by = Math.floor((Date.now() - minute - lastRecord) / 1000) * 1000;
const cwd = await sample(by);
const collector = await Collector.start({ config: join(root, "examples", "quickstart", "collector.yaml"), overlays: [overlay], cwd });
const browser = await launch();
try {
  await take(browser, collector, "feed-light.png", { viewport: size, colorScheme: "light" }, detail);
  await take(browser, collector, "feed-dark.png", { viewport: size, colorScheme: "dark" }, detail);
  await take(browser, collector, "feed-phone.png", { viewport: phone, colorScheme: "light" });
} finally {
  await browser.close();
  await collector.stop();
  await rm(cwd, { recursive: true, force: true });
}
