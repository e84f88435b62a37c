// SPDX-License-Identifier: MIT
// Tests that run with both generations of Microsoft's client, with both protocols and over each transport, and can be chosen by ASIGNALR_FILTER.
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

const { WebSockets, ServerSentEvents, LongPolling } = current.HttpTransportType;

// A generation of the client; whatever is built from its `signalR` uses the transport, and the protocol.
function clientsOf(name, signalR, isBinary, transports) {
  return transports.map((transport) => ({
    name: `${name}, ${signalR.HttpTransportType[transport]}`,
    signalR: { ...signalR, chosenTransport: transport },
    isBinary,
    transport,
    transportName: signalR.HttpTransportType[transport],
  }));
}

const all = [
  ...clientsOf("client 10", current, false, [WebSockets, ServerSentEvents, LongPolling]),
  ...clientsOf("client 10 with MessagePack", { ...current, HubConnectionBuilder: MessagePackBuilder }, true, [WebSockets, LongPolling]),
  ...clientsOf("client 5", old, false, [WebSockets, ServerSentEvents, LongPolling]),
];

/** The clients of both generations over WebSockets. */
export const clients = all.filter((client) => client.transport === WebSockets);

/** One test, unless the filter leaves it out. It fails if it takes longer than a minute. */
export function test(name, body, options = {}) {
  if (name.includes(filter)) {
    nodeTest(name, { timeout: 60_000, ...options }, body);
  }
}

function testEach(clients, name, body) {
  for (const client of clients) {
    test(`${name} (${client.name})`, () => body(client.signalR, client));
  }
}

/** The same test for each client over each transport; body(signalR, client). */
export function testWithClients(name, body) {
  testEach(all, name, body);
}

/** The same for the end of a connection, which client 5 takes for an error over Server-Sent Events, whatever the server. */
export function testOrderlyEnd(name, body) {
  testEach(all.filter(({ signalR, transport }) => signalR.VERSION !== old.VERSION || transport !== ServerSentEvents), name, body);
}

/** The same for what only WebSockets have. */
export function testOverWebSockets(name, body) {
  testEach(clients, name, body);
}

/** The same for what long polling has not: there nobody pings. */
export function testWithPings(name, body) {
  testEach(all.filter((client) => client.transport !== LongPolling), name, body);
}

/** Runs the tests that `define` defines at the same time: for those that mostly wait. */
export function sideBySide(name, define) {
  describe(name, { concurrency: 16 }, define);
}
