// Text that wants to be more than text.
import assert from "node:assert/strict";
import test from "node:test";
import { phone } from "./browser.js";
import { stage } from "./stage.js";
import { event, log } from "./telemetry.js";

const on = stage();
const trace = "5b8efff798038103d269b633813fc60c";

// Each is sent, and how it is to be read.
const texts = {
  "a script": ["<script>globalThis.pwned = 1</script>"],
  "an image that runs a script": ["<img src=x onerror='globalThis.pwned = 1'>"],
  "a picture that runs a script": ["<svg onload='globalThis.pwned = 1'><animate onbegin='globalThis.pwned = 1'/></svg>"],
  "the end of an attribute": ["\"' onmouseover='globalThis.pwned = 1' autofocus onfocus='globalThis.pwned = 1' x=\""],
  "a link that runs a script": ["javascript:globalThis.pwned = 1"],
  "a thing from elsewhere": ["<link rel=stylesheet href=//elsewhere.example/a.css><iframe src=//elsewhere.example></iframe>"],
  "codes of a terminal": ["\u001b[2J\u001b]0;owned\u0007gone", "\ufffd[2J\ufffd]0;owned\ufffdgone"],
  "right-to-left marks": ["invoice\u202efdp.exe\u2066x\u2069", "invoice\ufffdfdp.exe\ufffdx\ufffd"],
  "what nobody sees": ["pay\u200bments\ufeff\u{e0041}", "pay\ufffdments\ufffd\ufffd"],
  "marks upon marks": [`a${"\u0301".repeat(60)}b`, `a${"\u0301".repeat(4)}b`],
  "a word without an end": ["W".repeat(200)],
  "a template": ["${globalThis.pwned = 1}{{constructor.constructor('globalThis.pwned = 1')()}}"],
};

// everywhere puts a text wherever a sender may put one.
const everywhere = (number, text) => event("opened", {
  number, service: text, message: `said: ${text}`, type: text, trace, resource: { [text]: text, "host.name": text },
  failure_entity: text, failure_rule: text, failure_fingerprint: text, failure_cause: `because: ${text}`, failure_category: text,
  failure_actions: [`safe: ${text}`, text], failure_evidence: [`observed: ${text}`, text],
  failure_origin: text, failure_path: [text, "next", text], failure_regression_of: text, [`failure_capture.${text}`]: text,
});

test("hostile text is text wherever it stands, and nothing of it is wider than a phone", on(async (view, collector) => {
  const { page } = view;
  for (const [i, [text]] of Object.values(texts).entries()) await collector.send(everywhere(i + 1, text));
  await view.entries("now").nth(Object.keys(texts).length - 1).waitFor();
  assert.equal(await view.scrolls(), 0, "the lists");
  for (const { height } of await view.entries("now").evaluateAll((items) => items.map((item) => item.getBoundingClientRect().toJSON()))) assert.ok(height < 300, `an entry is ${height} high`);
  for (const [what, [text, read = text]] of Object.entries(texts)) {
    const entry = view.entries("now").filter({ has: page.getByText(`because: ${read}`, { exact: true }) });
    await entry.getByRole("button").click();
    await view.detail.getByText(`because: ${read}`, { exact: true }).waitFor();
    await view.detail.getByText(`observed: ${read}`, { exact: true }).waitFor();
    assert.ok((await view.detail.boundingBox()).y > -1, "the detail is seen from its begin");
    assert.equal(await view.scrolls(), 0, what);
    assert.equal(await page.locator("main :is(script, img, iframe, object, embed, link, style, foreignObject, animate)").count(), 0, what);
    assert.deepEqual(await page.locator("main a").evaluateAll((links) => links.map(({ protocol }) => protocol)), ["https:"], what);
    await view.behaved();
    await view.detail.getByRole("button", { name: "Close" }).click();
    await view.detail.waitFor({ state: "hidden" });
  }
  await page.getByLabel("Service").selectOption(texts["right-to-left marks"][0]);
  await page.locator("#now-count", { hasText: `1 of ${Object.keys(texts).length}` }).waitFor();
}, { viewport: phone }));

test("a message of a megabyte does no harm", on(async (view, collector) => {
  const long = `No space left on device ${"<b>x</b>".repeat(1 << 17)}`;
  await collector.send(log("logs", `ERROR: could not extend file "base/16384/24601": ${long}`));
  await collector.send(event("opened", { number: 1, service: "tells", message: long, failure_cause: long, failure_actions: [long], failure_evidence: [long], type: "DATABASE_TIMEOUT" }));
  await view.entry("now", "tells").waitFor();
  await view.entry("now", "logs").waitFor();
  for (const service of ["tells", "logs"]) {
    await view.choose("now", service);
    assert.equal(await view.scrolls(), 0);
    assert.ok((await view.detail.innerText()).length < 10_000);
    assert.equal(await view.page.locator("main b").count(), 0);
    await view.page.keyboard.press("Escape");
  }
}, { viewport: phone }));

test("an address that was made up shows nothing", on(async ({ page }, collector) => {
  for (const hash of ["#%3Cimg src=x onerror='globalThis.pwned=1'%3E", "#..%2F..%2Fstats", "#%E0%A4%A"]) {
    await page.goto("about:blank");
    await page.goto(collector.address + hash);
    await page.getByText("Nothing is failing.").waitFor();
    assert.equal(await page.locator("main img").count(), 0);
    assert.equal(await page.getByText("This failure is not known here any more.").count(), hash.startsWith("#%E0") ? 0 : 1);
  }
}, { tolerates: /status of 404/ }));
