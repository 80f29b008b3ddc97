// The built collector, on ports and a state of its own.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
export const root = join(here, "..", "..");
const binary = process.env.OTELCOL_BINARY ?? join(root, "dist", "otelcol-failuredetector");

// freePort gives a port that nobody listened on a moment ago.
function freePort() {
  return new Promise((found, failed) => {
    const server = createServer().once("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });
}

export class Collector {
  #process;

  // start runs a collector until it is ready. Without a configuration it is that of the tests; cwd is what
  // paths in it are relative to.
  static async start({ config = join(here, "collector.yaml"), overlays = [], cwd = here } = {}) {
    const collector = new Collector();
    collector.cwd = cwd;
    collector.state = await mkdtemp(join(tmpdir(), "page-"));
    [collector.otlp, collector.feed] = [await freePort(), await freePort()];
    collector.args = ["--config", config, ...overlays.flatMap((overlay) => ["--config", `yaml:${overlay}`])];
    collector.env = { ...process.env, OTLP_PORT: collector.otlp, FEED_PORT: collector.feed, STATE: collector.state };
    collector.address = `http://127.0.0.1:${collector.feed}/`;
    await collector.run();
    return collector;
  }

  // run starts the process, anew where it was killed.
  async run() {
    this.#process = spawn(binary, this.args, { cwd: this.cwd, env: this.env, stdio: ["ignore", "ignore", "pipe"] });
    let log = "";
    await new Promise((ready, failed) => {
      this.#process.once("error", failed);
      this.#process.once("exit", (code) => failed(new Error(`the collector ended with ${code}:\n${log}`)));
      this.#process.stderr.on("data", (text) => {
        log += text;
        if (log.includes("Everything is ready.")) ready();
      });
    });
  }

  // kill ends the process as a crash does, without a last word.
  async kill(signal = "SIGKILL") {
    const ended = new Promise((done) => this.#process.once("exit", done));
    this.#process.kill(signal);
    await ended;
  }

  async stop() {
    if (this.#process.exitCode === null && this.#process.signalCode === null) await this.kill("SIGTERM");
    await rm(this.state, { recursive: true, force: true });
  }

  // send brings OTLP to the collector: { resourceLogs } or { resourceSpans }.
  async send(telemetry) {
    const path = telemetry.resourceSpans ? "traces" : "logs";
    const answer = await fetch(`http://127.0.0.1:${this.otlp}/v1/${path}`, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(telemetry),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  }

  async failures() {
    const answer = await fetch(`${this.address}api/v1/failures?limit=500`);
    return (await answer.json()).failures;
  }
}
