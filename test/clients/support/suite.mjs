// SPDX-License-Identifier: MIT
// Tests that run with generations of Microsoft's client, with both protocols and over each transport, and can be chosen by ASIGNALR_FILTER.
import * as signalR10 from "@microsoft/signalr";
import { MessagePackHubProtocol as MessagePack10 } from "@microsoft/signalr-protocol-msgpack";
import { describe, test as nodeTest } from "node:test";
import signalR3 from "signalr-3";
import signalR5 from "signalr-5";
import signalR7 from "signalr-7";
import messagePack3 from "signalr-msgpack-3";
import messagePack5 from "signalr-msgpack-5";
import messagePack7 from "signalr-msgpack-7";
import { prepare } from "./connection.mjs";
import { choose } from "./hooks.mjs";

// Client 5 takes a program that has fetch for a browser, and looks for it in `self`.
globalThis.self ??= globalThis;

const filter = process.env.ASIGNALR_FILTER ?? "";

const { WebSockets, ServerSentEvents, LongPolling } = signalR10.HttpTransportType;

/** The generations of Microsoft's client: the library, and its protocol for MessagePack. */
export const generations = new Map([
  [10, [signalR10, MessagePack10]],
  [7, [signalR7, messagePack7.MessagePackHubProtocol]],
  [5, [signalR5, messagePack5.MessagePackHubProtocol]],
  [3, [signalR3, messagePack3.MessagePackHubProtocol]],
]);

function clientsOf(version, isBinary, transports) {
  const [signalR, Protocol] = generations.get(version);
  return transports.map((transport) => {
    const transportName = signalR10.HttpTransportType[transport];
    return {
      name: `client ${version}${isBinary ? " with MessagePack" : ""}, ${transportName}`,
      signalR: prepare(signalR, transport, isBinary ? Protocol : undefined),
      version,
      isBinary,
      transport,
      transportName,
    };
  });
}

// Whatever is built from the `signalR` of a client uses its transport, and its protocol.
const withJson = (version) => clientsOf(version, false, [WebSockets, ServerSentEvents, LongPolling]);
const withMessagePack = (version) => clientsOf(version, true, [WebSockets, LongPolling]);

/** Every generation over each transport with each protocol. */
export const everyClient = [...generations.keys()].flatMap((version) => [...withJson(version), ...withMessagePack(version)]);

/** The clients of most tests. */
export const usualClients = [...withJson(10), ...withMessagePack(10), ...withJson(5)];

/** The clients of both generations over WebSockets. */
export const clients = usualClients.filter((client) => client.transport === WebSockets);

/** One test, unless the filter leaves it out. It fails if it takes longer than a minute. */
export function test(name, body, options = {}) {
  if (name.includes(filter)) {
    choose();
    nodeTest(name, { timeout: 60_000, ...options }, body);
  }
}

/** The same test for each of these clients; body(signalR, client). */
export function testEach(clients, name, body) {
  for (const client of clients) {
    test(`${name} (${client.name})`, () => body(client.signalR, client));
  }
}

/** The same test for each of the usual clients; body(signalR, client). */
export function testWithClients(name, body) {
  testEach(usualClients, name, body);
}

/** The same for the end of a connection, which client 5 takes for an error over Server-Sent Events, whatever the server. */
export function testOrderlyEnd(name, body) {
  testEach(usualClients.filter(({ version, transport }) => version !== 5 || transport !== ServerSentEvents), name, body);
}

/** The same for what only WebSockets have. */
export function testOverWebSockets(name, body) {
  testEach(clients, name, body);
}

/** The same for what long polling has not: there nobody pings. */
export function testWithPings(name, body) {
  testEach(usualClients.filter((client) => client.transport !== LongPolling), name, body);
}

/** Runs the tests that `define` defines at the same time: for those that mostly wait. */
export function sideBySide(name, define, concurrency = 16) {
  describe(name, { concurrency }, define);
}
