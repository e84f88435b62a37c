// SPDX-License-Identifier: MIT
// Tests that run with both generations of Microsoft's client and with both protocols, and can be chosen by ASIGNALR_FILTER.
import * as current from "@microsoft/signalr";
import { MessagePackHubProtocol } from "@microsoft/signalr-protocol-msgpack";
import { describe, test as nodeTest } from "node:test";
import old from "signalr-5";

// Client 5 takes a program that has fetch for a browser, and looks for it in `self`.
globalThis.self ??= globalThis;

const filter = process.env.ASIGNALR_FILTER ?? "";

class MessagePackBuilder extends current.HubConnectionBuilder {
  build() {
    this.withHubProtocol(new MessagePackHubProtocol());
    return super.build();
  }
}

// Whatever is built from it speaks MessagePack.
const messagePack = { ...current, HubConnectionBuilder: MessagePackBuilder };

export const clients = [
  { name: "client 10", signalR: current, isBinary: false },
  { name: "client 10 with MessagePack", signalR: messagePack, isBinary: true },
  { name: "client 5", signalR: old, isBinary: false },
];

/** One test, unless the filter leaves it out. It fails if it takes longer than a minute. */
export function test(name, body, options = {}) {
  if (name.includes(filter)) {
    nodeTest(name, { timeout: 60_000, ...options }, body);
  }
}

/** The same test for each client; body(signalR, client). */
export function testWithClients(name, body) {
  for (const client of clients) {
    test(`${name} (${client.name})`, () => body(client.signalR, client));
  }
}

/** Runs the tests that `define` defines at the same time: for those that mostly wait. */
export function sideBySide(name, define) {
  describe(name, { concurrency: 16 }, define);
}
