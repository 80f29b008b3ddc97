// A browser that looks at the page, and what no page may do in it.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const patience = Number(process.env.PATIENCE ?? 20_000);

const programs = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export function launch() {
  const executablePath = programs.find((path) => path && existsSync(path));
  assert.ok(executablePath, "there is no Chromium: apt-get install chromium, or name one in CHROMIUM");
  // Chromium's sandbox does not work for root, as whom containers run tests.
  return chromium.launch({ executablePath, args: process.getuid() === 0 ? ["--no-sandbox"] : [] });
}

export const desktop = { width: 1280, height: 900 };
export const phone = { width: 390, height: 844 };

// View is one open page of a collector. Of what the browser complains about it tolerates what a test wants to happen.
export class View {
  #requests = [];
  #faults = [];

  static async open(browser, collector, { viewport = desktop, colorScheme = "light", tolerates } = {}) {
    const view = new View();
    view.collector = collector;
    view.tolerates = tolerates;
    view.context = await browser.newContext({ viewport, colorScheme, locale: "en-GB", timezoneId: "UTC", reducedMotion: "reduce" });
    view.context.setDefaultTimeout(patience);
    view.page = await view.context.newPage();
    view.#watch();
    await view.page.goto(collector.address);
    await view.connected();
    return view;
  }

  #watch() {
    this.page.on("request", (request) => this.#requests.push(request.url()));
    this.page.on("websocket", (socket) => this.#requests.push(socket.url()));
    this.page.on("pageerror", (fault) => this.#faults.push(`${fault}`));
    this.page.on("dialog", (dialog) => this.#faults.push(`a dialog: ${dialog.message()}`));
    this.page.on("console", (message) => {
      if (message.type() !== "error" && message.type() !== "warning") return;
      if (this.tolerates?.test(message.text())) return;
      this.#faults.push(message.text());
    });
  }

  connected() { return this.page.locator("#connection.live").waitFor(); }

  entries(list) { return this.page.locator(`#${list} > li`); }

  entry(list, text) { return this.entries(list).filter({ hasText: text }); }

  get detail() { return this.page.locator("#detail"); }

  async choose(list, text) {
    await this.entry(list, text).first().getByRole("button").click();
    await this.detail.getByRole("heading", { level: 2 }).waitFor();
  }

  // scrolls says by how many pixels the page is wider than the window.
  scrolls() { return this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth); }

  // behaved holds that the page asked nobody but its server, that nothing of it was refused, such as by the
  // Content-Security-Policy, and that no text became a script.
  async behaved() {
    const { host } = new URL(this.collector.address);
    assert.deepEqual(this.#requests.filter((url) => new URL(url).host !== host), [], "requests to elsewhere");
    assert.deepEqual(this.#faults, [], "what the browser complains about");
    assert.equal(await this.page.evaluate(() => globalThis.pwned), undefined, "a text became a script");
  }

  async close() {
    await this.behaved();
    await this.context.close();
  }
}

// until waits for a condition outside the page.
export async function until(what, condition) {
  for (const end = Date.now() + patience; ;) {
    if (await condition()) return;
    assert.ok(Date.now() < end, `waited in vain for: ${what}`);
    await new Promise((done) => { setTimeout(done, 50); });
  }
}
