// SPDX-License-Identifier: MIT
// What go-signalr's own specification asks of a server by Microsoft's client: the hub at /hub, which pings every two seconds.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { inboxOf, itemsOf, signal, withConnection } from "./support/connection.mjs";
import { useServer } from "./support/servers.mjs";
import { sideBySide, test, testOverWebSockets, testWithClients, testWithPings } from "./support/suite.mjs";

const server = useServer("conformance");
const hub = () => `${server.url}/hub`;
const onHub = (signalR, use, options) => withConnection(signalR, hub(), use, options);
const name = "go-signalr's specification";

const strengths = { Brunello: 13.5, Beer: 4.9, "Lagavulin Cask Strength": 56.2 };

function specification() {
  testOverWebSockets("a client that leaves the transport to negotiation", async (signalR) => {
    const connection = new signalR.HubConnectionBuilder().withUrl(hub()).configureLogging(signalR.LogLevel.None).build();
    await connection.start();
    assert.equal(await connection.invoke("ping"), "Pong!");
    await connection.stop();
    assert.equal(connection.state, signalR.HubConnectionState.Disconnected);
  });

  testWithClients("a simple call", (signalR) =>
    onHub(signalR, async (connection) => assert.equal(await connection.invoke("ping"), "Pong!")));

  // Without pings the client would give up after eight seconds.
  testWithPings("a client that is idle is kept", (signalR) => {
    const closed = signal();
    return onHub(signalR, async (connection) => {
      assert.equal(await connection.invoke("ping"), "Pong!");
      assert.equal(await Promise.race([closed.fired, pause(10_000, "still open")]), "still open");
      assert.equal(await connection.invoke("ping"), "Pong!");
    }, {
      configure(connection) {
        connection.serverTimeoutInMilliseconds = 8_000;
        connection.onclose(() => closed.fire("closed"));
      },
    });
  });

  testWithClients("a list of texts, or an empty one", (signalR) =>
    onHub(signalR, async (connection) => {
      const won = await connection.invoke("triumphantTriple", "1.FC Bayern München");
      assert.deepEqual(won, ["German Championship", "DFB Cup", "Champions League"]);
      assert.deepEqual(await connection.invoke("triumphantTriple", "SV Pidding"), []);
    }));

  testWithClients("a list of objects", (signalR) =>
    onHub(signalR, async (connection) => {
      const expected = Object.entries(strengths).map(([drink, strength]) => ({ drink, strength }));
      assert.deepEqual(await connection.invoke("alcoholicContents"), expected);
    }));

  testWithClients("a map", (signalR) =>
    onHub(signalR, async (connection) => assert.deepEqual(await connection.invoke("alcoholicContentMap"), strengths)));

  testWithClients("a large text that could be compressed", (signalR) =>
    onHub(signalR, async (connection) => {
      assert.equal(await connection.invoke("largeCompressableContent"), "data_".repeat(10_000));
    }));

  testWithClients("a large text that could not", (signalR) =>
    onHub(signalR, async (connection) => {
      const text = await connection.invoke("largeUncompressableContent");
      assert.match(text, /^[0-9A-Za-z]{20000}$/);
      assert.equal(new Set(text).size, 62);
    }));

  testWithClients("a stream", (signalR) =>
    onHub(signalR, async (connection) => {
      const dates = await itemsOf(connection.stream("FiveDates"));
      assert.equal(dates.length, 5);
      assert.equal(new Set(dates).size, 5);
    }));

  testWithClients("an upload whose items come back in a call to the client", (signalR) =>
    onHub(signalR, async (connection) => {
      const inbox = inboxOf(connection, "onUploadComplete");
      const subject = new signalR.Subject();
      const sent = connection.send("uploadStream", subject);
      [2, 0, 7].forEach((item) => subject.next(item));
      subject.complete();
      await sent;
      assert.deepEqual(await inbox.count(1), [[2, 0, 7]]);
    }));

  testWithClients("calls that follow each other without waiting", (signalR) =>
    onHub(signalR, async (connection) => {
      const inbox = inboxOf(connection, "touched");
      connection.send("touch");
      connection.send("touch");
      assert.deepEqual(await inbox.count(2), [[], []]);
    }));
}

if (process.env.ASIGNALR_CONFORMANCE_URL) {
  test(name, undefined, { skip: "the server may have no such hub" });
} else {
  sideBySide(name, specification);
}
