// SPDX-License-Identifier: MIT
// Streams beyond the matrix, in both directions.
import assert from "node:assert/strict";
import { follow, itemsOf, withConnection } from "./support/connection.mjs";
import { useServer } from "./support/servers.mjs";
import { sideBySide, testOverWebSockets, testWithClients } from "./support/suite.mjs";

const server = useServer("conformance");
const on = (route, signalR, use) => withConnection(signalR, `${server.url}/${route}`, use);

sideBySide("streams", () => {
  testWithClients("ten streams of a connection side by side", (signalR) =>
    on("testhub", signalR, async (connection) => {
      const streams = Array.from({ length: 10 }, (_, number) => itemsOf(connection.stream("Counter", number, 1)));
      const lengths = (await Promise.all(streams)).map((items) => items.length);
      assert.deepEqual(lengths, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }));

  testWithClients("many items of many sizes", (signalR) =>
    on("bench", signalR, async (connection) => {
      for (const size of [1, 100, 125, 126, 1000, 4096]) {
        const items = await itemsOf(connection.stream("Stream", 20, size));
        assert.deepEqual(items, Array(20).fill("x".repeat(size)));
      }
    }));

  testWithClients("a plain method as stream", (signalR) =>
    on("testhub", signalR, (connection) =>
      assert.rejects(itemsOf(connection.stream("Echo", "x")), {
        message: "The client attempted to invoke the non-streaming 'Echo' method with a streaming invocation.",
      })));

  testWithClients("uploads of one connection side by side", (signalR) =>
    on("testhub", signalR, async (connection) => {
      const sums = Array.from({ length: 10 }, () => {
        const subject = new signalR.Subject();
        return { subject, sum: connection.invoke("Sum", subject) };
      });
      for (let item = 1; item <= 20; ++item) {
        sums.forEach(({ subject }, number) => subject.next(item * number));
      }
      sums.forEach(({ subject }) => subject.complete());
      assert.deepEqual(await Promise.all(sums.map(({ sum }) => sum)), sums.map((_, number) => 210 * number));
    }));

  // Over the other transports the client may still be sending when it stops, and complains of that.
  testOverWebSockets("an upload that nobody reads", (signalR) =>
    on("testhub", signalR, async (connection) => {
      const subject = new signalR.Subject();
      assert.equal(await connection.invoke("IgnoreUpload", subject), "ignored");
      subject.next(1);
      subject.complete();
      assert.equal(await connection.invoke("Echo", "on"), "on");
    }));

  testWithClients("a stream in both directions", (signalR) =>
    on("testhub", signalR, async (connection) => {
      const subject = new signalR.Subject();
      const { inbox, ended } = follow(connection.stream("EchoStream", subject));
      for (let number = 1; number <= 30; ++number) {
        subject.next(`item ${number}`);
        await inbox.count(number);
      }
      subject.complete();
      await ended;
      assert.equal(inbox.received.at(-1), "item 30");
    }));
});
