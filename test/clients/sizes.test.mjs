// SPDX-License-Identifier: MIT
// Big messages, and those that are too big.
import assert from "node:assert/strict";
import { build, itemsOf, signal, withConnection } from "./support/connection.mjs";
import { useServer } from "./support/servers.mjs";
import { sideBySide, testWithClients } from "./support/suite.mjs";

const server = useServer("conformance");
const on = (route, signalR, use) => withConnection(signalR, `${server.url}/${route}`, use);

sideBySide("sizes", () => {
  testWithClients("30,000 bytes in, and back", (signalR) =>
    on("bench", signalR, async (connection) => {
      const text = "0123456789".repeat(3000);
      assert.equal(await connection.invoke("Echo", text), text);
      const wide = "世".repeat(10_000);
      assert.equal(await connection.invoke("Echo", wide), wide);
    }));

  testWithClients("300,000 characters out", (signalR) =>
    on("bench", signalR, async (connection) => {
      const [item, ...others] = await itemsOf(connection.stream("Stream", 1, 300_000));
      assert.equal(item, "x".repeat(300_000));
      assert.deepEqual(others, []);
    }));

  testWithClients("many items of many sizes", (signalR) =>
    on("bench", signalR, async (connection) => {
      for (const size of [1, 100, 125, 126, 1000, 4096]) {
        const items = await itemsOf(connection.stream("Stream", 20, size));
        assert.deepEqual(items, Array(20).fill("x".repeat(size)));
      }
    }));

  testWithClients("a message beyond the limit closes the connection, and others go on", (signalR) =>
    on("bench", signalR, async (other) => {
      const connection = build(signalR, `${server.url}/bench`);
      const closed = signal();
      connection.onclose(closed.fire);
      await connection.start();
      assert.equal(await connection.invoke("Echo", "x".repeat(32_600)), "x".repeat(32_600));
      const message = "Server returned an error on close: Connection closed with an error.";
      await assert.rejects(connection.invoke("Echo", "x".repeat(32_800)));
      assert.equal((await closed.fired)?.message, message);
      assert.equal(await other.invoke("Echo", "on"), "on");
    }));
});
