// SPDX-License-Identifier: MIT
// The servers under test: started on a free port from the executables named by the environment, or running ones named by URL.
//
//   ASIGNALR_CHAT, ASIGNALR_CHAT_PAGE     the chat sample and its folder of pages
//   ASIGNALR_CONFORMANCE, ASIGNALR_LANES  the conformance host and its number of lanes (1); with more, a proxy takes each request to
//                                         another lane than that of the connection it names
//   ASIGNALR_CHAT_URL, ASIGNALR_CONFORMANCE_URL   servers that run already, in place of executables
//   ASIGNALR_SLICED=1                     every byte goes through a proxy that cuts all writes into single bytes
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { Inbox } from "./connection.mjs";
import { after, before } from "./hooks.mjs";
import { startProxy } from "./proxy.mjs";

export const lanes = Number(process.env.ASIGNALR_LANES ?? 1);
export const sliced = process.env.ASIGNALR_SLICED === "1";

const kinds = {
  chat: {
    executable: process.env.ASIGNALR_CHAT,
    url: process.env.ASIGNALR_CHAT_URL,
    options: ["--port", "0", "--page", process.env.ASIGNALR_CHAT_PAGE ?? "."],
  },
  conformance: {
    executable: process.env.ASIGNALR_CONFORMANCE,
    url: process.env.ASIGNALR_CONFORMANCE_URL,
    options: ["--urls", "http://127.0.0.1:0", "--lanes", String(lanes)],
  },
};

// The chat hub is served by the sample, and by the conformance host, which alone has lanes.
export const chatKind = lanes === 1 ? "chat" : "conformance";

class Server {
  #process = null;
  #proxies = [];
  url = "";
  printed = new Inbox();  // the lines of its standard output

  async start({ executable, options, url }) {
    this.url = url ?? (await this.#launch(executable, options));
    this.direct = this.url;
    if (sliced || lanes > 1) {
      this.url = (await this.proxy({ sliced, lanes })).url;
    }
  }

  async #launch(executable, options) {
    assert.ok(executable, "the environment names no server: see support/servers.mjs");
    this.#process = spawn(executable, options, { stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(this.#process, "exit").then(() => {
      throw new Error(`${executable} ended before it listened`);
    });
    ended.catch(() => {});
    createInterface({ input: this.#process.stdout }).on("line", (line) => this.printed.add(line));
    const portOf = (line) => /^Now listening on: http:\/\/.*:(\d+)/.exec(line)?.[1];
    const lines = await Promise.race([this.printed.until((seen) => seen.some(portOf)), ended]);
    return `http://127.0.0.1:${lines.map(portOf).find(Boolean)}`;
  }

  // A proxy in front of this server that ends with it.
  async proxy(options = {}) {
    const proxy = await startProxy(Number(new URL(this.direct).port), options);
    this.#proxies.push(proxy);
    return proxy;
  }

  async statistics() {
    return (await fetch(`${this.direct}/statistics`)).json();
  }

  // Asks for the statistics until they are as they should be: what is left of a connection ends a moment after the client knows.
  async statisticsWhen(condition) {
    const deadline = Date.now() + 10_000;
    let now = await this.statistics();
    while (!condition(now)) {
      assert.ok(Date.now() < deadline, `the statistics stay at ${JSON.stringify(now)}`);
      now = await this.statistics();
    }
    return now;
  }

  get ownsProcess() {
    return this.#process !== null;
  }

  // The signal has to end the server with exit code 0: a sanitizer that found something makes it another one.
  async stop(signal = "SIGTERM") {
    for (const proxy of this.#proxies) {
      proxy.close();
    }
    if (this.#process === null) {
      return;
    }
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const exit = once(this.#process, "exit");
      this.#process.kill(signal);
      await exit;
    }
    assert.deepEqual([this.#process.exitCode, this.#process.signalCode], [0, null], "how the server ended");
  }
}

// A server for the tests of a file; start it again with start() after stop().
export function useServer(kind) {
  const server = new Server();
  before(() => server.start(kinds[kind]));
  after(() => server.stop());
  return server;
}

// One more, with options of its own on its command line.
export async function startServer(kind, more = []) {
  const server = new Server();
  await server.start({ ...kinds[kind], options: [...kinds[kind].options, ...more] });
  return server;
}
