// What the server tells: all failures at first, then what happens, through a WebSocket.

const pollEvery = 10_000;
const longestPause = 15_000;
// What the server no longer keeps it does not tell, so all is read anew from time to time.
const rereadEvery = 300_000;

export class Feed {
  #last = "";
  #pause = 1000;
  #loading = null;
  #again = false;

  // Each failure goes to told(failure, kind, began); kind is undefined where it was read, which began then. state(name) is told of the
  // connection: connecting, live, polling or lost. loaded(ids) is told which failures there are.
  constructor({ told, loaded, state }) {
    Object.assign(this, { told, loaded, state });
  }

  start() {
    this.load().catch(() => {});
    this.#connect();
    setInterval(() => this.load().catch(() => {}), rereadEvery);
  }

  #connect() {
    const address = new URL("api/v1/stream", location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    if (this.#last) address.searchParams.set("last_event_id", this.#last);
    let opened = false;
    const socket = new WebSocket(address);
    socket.addEventListener("open", () => {
      opened = true;
      this.#pause = 1000;
      this.state("live");
    });
    socket.addEventListener("message", ({ data }) => this.#take(JSON.parse(data)));
    socket.addEventListener("close", () => this.#reconnect(opened));
  }

  #take({ type, event_id: id, ...failure }) {
    this.#last = id;
    // What happened between the first reading and the stream's begin is in neither.
    if (type === "ready" || type === "missed") {
      this.load().catch(() => this.state("lost"));
      return;
    }
    this.told(failure, type);
  }

  // A server without a stream answers still, so the page asks from time to time.
  async #reconnect(opened) {
    if (opened) this.state("connecting");
    const pause = opened ? this.#pause : Math.min(longestPause, (this.#pause *= 2));
    await new Promise((done) => setTimeout(done, pause * (0.75 + Math.random() / 2)));
    try {
      await this.load();
      if (!opened) this.state("polling");
    } catch {
      this.state("lost");
    }
    if (this.#pause >= pollEvery) this.#last = "";
    this.#connect();
  }

  // load reads all failures, once at a time. A wish that comes meanwhile is granted after it.
  load() {
    if (this.#loading) {
      this.#again = true;
      return this.#loading;
    }
    this.#loading = this.#read().finally(() => {
      this.#loading = null;
      if (this.#again) {
        this.#again = false;
        this.load().catch(() => this.state("lost"));
      }
    });
    return this.#loading;
  }

  async #read() {
    const ids = new Set();
    let cursor = "";
    const began = Date.now();
    do {
      const page = await ask(`api/v1/failures?limit=500${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
      for (const failure of page.failures) {
        ids.add(failure.id);
        this.told(failure, undefined, began);
      }
      cursor = page.next_cursor ?? "";
    } while (cursor);
    this.loaded(ids, began);
  }
}

async function request(path, options) {
  const answer = await fetch(path, options);
  if (!answer.ok) throw Object.assign(new Error(`${path}: ${answer.status}`), { status: answer.status });
  return answer.json();
}

export const ask = (path) => request(path, { headers: { Accept: "application/json" } });

export const tell = (path, body) => request(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
