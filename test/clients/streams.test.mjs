// SPDX-License-Identifier: MIT
// Streams in both directions.
import assert from "node:assert/strict";
import { follow, inboxOf, itemsOf, withConnection } from "./support/connection.mjs";
import { useServer } from "./support/servers.mjs";
import { sideBySide, testOverWebSockets, testWithClients } from "./support/suite.mjs";

const server = useServer("conformance");
const on = (route, signalR, use) => withConnection(signalR, `${server.url}/${route}`, use);

sideBySide("streams", () => {
  testWithClients("items arrive in order, then the end", (signalR) =>
    on("testhub", signalR, async (connection) => {
      assert.deepEqual(await itemsOf(connection.stream("Stream")), ["a", "b", "c"]);
      assert.deepEqual(await itemsOf(connection.stream("EmptyStream")), []);
      const counted = await itemsOf(connection.stream("Counter", 300, 0));
      assert.deepEqual(counted, Array.from({ length: 300 }, (_, item) => item));
    }));

  testWithClients("ten streams of a connection side by side", (signalR) =>
    on("testhub", signalR, async (connection) => {
      const streams = Array.from({ length: 10 }, (_, number) => itemsOf(connection.stream("Counter", number, 1)));
      const lengths = (await Promise.all(streams)).map((items) => items.length);
      assert.deepEqual(lengths, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }));

  testWithClients("a stream that is cancelled in the middle ends, the connection goes on", (signalR) =>
    on("testhub", signalR, async (connection) => {
      const stream = follow(connection.stream("Counter", 1_000_000, 1));
      await stream.inbox.count(5);
      stream.cancel();
      assert.equal(await connection.invoke("Echo", "still here"), "still here");
      assert.deepEqual(await itemsOf(connection.stream("Counter", 3, 0)), [0, 1, 2]);
    }));

  testWithClients("the hub learns of a cancel while it waits", (signalR) =>
    on("testhub", signalR, async (connection) => {
      const inbox = inboxOf(connection, "StreamCanceled");
      const stream = follow(connection.stream("InfiniteStream"));
      await connection.invoke("Void");
      stream.cancel();
      await inbox.count(1);
    }));

  testWithClients("a stream that fails keeps the items before", (signalR) =>
    on("testhub", signalR, async (connection) => {
      const { inbox, ended } = follow(connection.stream("CounterThenThrow", 3));
      await assert.rejects(ended, {
        message: "An error occurred on the server while streaming results. InvalidOperationException: stream failed",
      });
      assert.deepEqual(inbox.received, [0, 1, 2]);
    }));

  testWithClients("a plain method as stream", (signalR) =>
    on("testhub", signalR, (connection) =>
      assert.rejects(itemsOf(connection.stream("Echo", "x")), {
        message: "The client attempted to invoke the non-streaming 'Echo' method with a streaming invocation.",
      })));

  testWithClients("an upload arrives in order and complete", (signalR) =>
    on("testhub", signalR, async (connection) => {
      const pieces = Array.from({ length: 300 }, (_, number) => `${number}ä,`);
      const subject = new signalR.Subject();
      const concatenated = connection.invoke("StreamingConcat", subject);
      pieces.forEach((piece) => subject.next(piece));
      subject.complete();
      assert.equal(await concatenated, pieces.join(""));
    }));

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

  testWithClients("an upload that fails", (signalR) =>
    on("testhub", signalR, async (connection) => {
      const subject = new signalR.Subject();
      const concatenated = connection.invoke("StreamingConcat", subject);
      subject.next("a");
      subject.error(new Error("out of paper"));
      await assert.rejects(concatenated, {
        message: "An unexpected error occurred invoking 'StreamingConcat' on the server. HubException: out of paper",
      });
      assert.equal(await connection.invoke("Echo", "on"), "on");
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
