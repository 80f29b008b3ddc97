// What each file of tests begins with: a collector and a browser.
import { after, before } from "node:test";
import { launch, View } from "./browser.js";
import { Collector } from "./collector.js";

// stage gives a function that runs a test on an open page of a collector which knows of no failure yet.
export function stage() {
  let browser;
  before(async () => { browser = await launch(); });
  after(() => browser?.close());
  return (test, settings) => async () => {
    const collector = await Collector.start();
    try {
      const view = await View.open(browser, collector, settings);
      await test(view, collector);
      await view.close();
    } finally {
      await collector.stop();
    }
  };
}
