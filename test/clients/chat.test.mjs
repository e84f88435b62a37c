// SPDX-License-Identifier: MIT
// The hub of samples/chat, method for method.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { build, follow, inboxOf, signal, withConnection } from "./support/connection.mjs";
import { chatKind, sliced, startServer, useServer } from "./support/servers.mjs";
import { clients, sideBySide, test, testOrderlyEnd, testWithClients } from "./support/suite.mjs";

const server = useServer(chatKind);
const chat = () => `${server.url}/chat`;
const notOwnSample = chatKind !== "chat" || process.env.ASIGNALR_CHAT_URL ? "not the sample" : false;
const greeting = "Hello 世界 👩‍👩‍👧‍👦 𝄞";

function upload(connection, signalR) {
  const whole = new signalR.Subject();
  const halves = new signalR.Subject();
  return { whole, halves, sent: connection.invoke("UploadStream", whole, 0.5, halves) };
}

sideBySide("chat", () => {
  testWithClients("Echo reaches the caller alone", (signalR) =>
    withConnection(signalR, chat(), (caller) =>
      withConnection(signalR, chat(), async (other) => {
        const mine = inboxOf(caller);
        const others = inboxOf(other);
        await caller.invoke("Echo", greeting);
        await other.invoke("Echo", "second");
        assert.deepEqual(await mine.count(1), [greeting]);
        assert.deepEqual(await others.until((received) => received.includes("second")), ["second"]);
      })));

  testWithClients("RequestTuple", (signalR) =>
    withConnection(signalR, chat(), async (connection) => {
      assert.deepEqual(await connection.invoke("RequestTuple", "aBc xYz 09"), ["ABC XYZ 09", "abc xyz 09", 10]);
      assert.deepEqual(await connection.invoke("RequestTuple", ""), ["", "", 0]);
    }));

  testWithClients("upper and lower are those of ASCII letters, lengths those of code points", (signalR) =>
    withConnection(signalR, chat(), async (connection) => {
      assert.deepEqual(await connection.invoke("RequestTuple", "äÖ 世界 👋z"), ["äÖ 世界 👋Z", "äÖ 世界 👋z", 8]);
    }));

  testWithClients("Panic", (signalR) =>
    withConnection(signalR, chat(), async (connection) => {
      await assert.rejects(connection.invoke("Panic"), {
        message: "An unexpected error occurred invoking 'Panic' on the server. InvalidOperationException: Don't panic!",
      });
      assert.deepEqual(await connection.invoke("RequestTuple", "on"), ["ON", "on", 2]);
    }));

  testWithClients("RequestAsync lets streams, uploads, cancels and other clients go on, and a second plain call wait", (signalR) =>
    withConnection(signalR, chat(), (connection) =>
      withConnection(signalR, chat(), async (other) => {
        const order = [];
        const note = (name) => () => order.push(name);
        const messages = inboxOf(connection);
        const request = connection.invoke("RequestAsync", "Hi You").finally(note("RequestAsync"));
        const dates = follow(connection.stream("DateStream"));
        await dates.inbox.count(2);
        dates.cancel();
        const { whole, halves, sent } = upload(connection, signalR);
        whole.next(1);
        whole.complete();
        halves.complete();
        await sent;
        await messages.until((received) => received.includes("Finished"));
        order.push("upload");
        await other.invoke("RequestTuple", "x").finally(note("other client"));
        const second = connection.invoke("RequestTuple", "y").finally(note("second call"));
        assert.deepEqual(await request, { ToUpper: "HI YOU", ToLower: "hi you", len: "6" });
        assert.deepEqual(await second, ["Y", "y", 1]);
        assert.deepEqual(order, ["upload", "other client", "RequestAsync", "second call"]);
      })));

  testWithClients("DateStream streams times of day until it is cancelled", (signalR) =>
    withConnection(signalR, chat(), async (connection) => {
      const dates = follow(connection.stream("DateStream"));
      for (const item of await dates.inbox.count(3)) {
        assert.match(item, /^\d\d \d\d \d\d$/);
      }
      dates.cancel();
      assert.deepEqual(await connection.invoke("RequestTuple", "a"), ["A", "a", 1]);
    }));

  testWithClients("UploadStream echoes in arrival order and says when it is finished", (signalR) =>
    withConnection(signalR, chat(), async (connection) => {
      const messages = inboxOf(connection);
      const { whole, halves, sent } = upload(connection, signalR);
      const expected = ["f: 0.5"];
      for (let step = 1; step <= 20; ++step) {
        whole.next(step);
        expected.push(`u1: ${step}`);
        await messages.count(expected.length);
        halves.next(step / 4);
        expected.push(`u2: ${step / 4}`);
        await messages.count(expected.length);
      }
      halves.complete();
      whole.next(-7);
      whole.complete();
      await sent;
      expected.push("u1: -7", "Finished");
      assert.deepEqual(await messages.count(expected.length), expected);
    }));

  testWithClients("UploadStream of streams that are empty", (signalR) =>
    withConnection(signalR, chat(), async (connection) => {
      const messages = inboxOf(connection);
      const { whole, halves, sent } = upload(connection, signalR);
      whole.complete();
      halves.complete();
      await sent;
      assert.deepEqual(await messages.count(2), ["f: 0.5", "Finished"]);
    }));

  testOrderlyEnd("Abort is final, also with automatic reconnect", async (signalR) => {
    const connection = build(signalR, chat(), { reconnect: [0, 0, 0] });
    const closed = signal();
    let reconnecting = 0;
    connection.onreconnecting(() => ++reconnecting);
    connection.onclose((...values) => closed.fire(values));
    await connection.start();
    await assert.rejects(connection.invoke("Abort"), {
      message: "Invocation canceled due to the underlying connection being closed.",
    });
    assert.deepEqual(await closed.fired, [undefined]);
    assert.equal(connection.state, "Disconnected");
    assert.equal(reconnecting, 0);
    await connection.start();
    assert.deepEqual(await connection.invoke("RequestTuple", "b"), ["B", "b", 1]);
    await connection.stop();
  });
});

// Apart from the tests side by side: everybody on the hub gets these.
testWithClients("Broadcast reaches everybody in the group, in order", (signalR) =>
  withConnection(signalR, chat(), (first) =>
    withConnection(signalR, chat(), async (second) => {
      const inboxes = [inboxOf(first), inboxOf(second)];
      const expected = [];
      for (let number = 0; number < 50; ++number) {
        expected.push(`${greeting} ${number}`);
        await first.invoke("Broadcast", expected[number]);
      }
      for (const inbox of inboxes) {
        assert.deepEqual(await inbox.count(expected.length), expected);
      }
    })));

test("Broadcast reaches the clients of every protocol", () => {
  const inboxes = [];
  const connectAll = (rest, last) => {
    if (rest.length === 0) {
      return last.invoke("Broadcast", greeting).then(() => Promise.all(inboxes.map((inbox) => inbox.count(1))));
    }
    return withConnection(rest[0].signalR, chat(), (connection) => {
      inboxes.push(inboxOf(connection));
      return connectAll(rest.slice(1), connection);
    });
  };
  return connectAll(clients).then((received) => assert.deepEqual(received, clients.map(() => [greeting])));
});

testWithClients("who left gets no broadcast, who stays does", (signalR) =>
  withConnection(signalR, chat(), async (stays) => {
    const staying = inboxOf(stays);
    let left;
    await withConnection(signalR, chat(), async (leaves) => {
      left = inboxOf(leaves);
    });
    await stays.invoke("Broadcast", "after");
    assert.deepEqual(await staying.count(1), ["after"]);
    assert.deepEqual(left.received, []);
  }));

test("who is cut comes back by itself, into the group", async () => {
  const proxy = await server.proxy({ sliced });
  const reconnected = signal();
  await withConnection(clients[0].signalR, `${proxy.url}/chat`, async (connection) => {
    const inbox = inboxOf(connection);
    proxy.cut();
    await reconnected.fired;
    await connection.invoke("Broadcast", "back");
    assert.deepEqual(await inbox.count(1), ["back"]);
  }, { reconnect: [0, 0, 0], configure: (connection) => connection.onreconnected(reconnected.fire) });
  proxy.close();
});

test("the server prints the id of who comes and who leaves", async () => {
  const id = await withConnection(clients[0].signalR, chat(), (connection) => connection.connectionId);
  const lines = await server.printed.until((seen) => seen.includes(`${id} disconnected`));
  assert.deepEqual(lines.filter((line) => line.startsWith(id)), [`${id} connected`, `${id} disconnected`]);
}, { skip: notOwnSample });

for (const name of ["SIGTERM", "SIGINT"]) {
  test(`${name} ends the server while clients are connected and call`, async () => {
    const own = await startServer(chatKind);
    const { signalR } = clients[0];
    const connection = build(signalR, `${own.url}/chat`);
    const closed = signal();
    connection.onclose(closed.fire);
    await connection.start();
    const refused = assert.rejects(connection.invoke("RequestAsync", "never"));
    const dates = follow(connection.stream("DateStream"));
    upload(connection, signalR).sent.catch(() => {});
    await dates.inbox.count(1);
    const begun = performance.now();
    await own.stop(name);
    assert.ok(performance.now() - begun < 3000, "it ends within a second, on a machine that has time for it");
    await Promise.all([closed.fired, refused]);
  }, { skip: process.env.ASIGNALR_CHAT_URL ? "a server that runs already" : false });
}

test("a port in use is told in one line, with exit code 1", async () => {
  const port = new URL(server.direct).port;
  const second = spawn(process.env.ASIGNALR_CHAT, ["--port", port, "--page", process.env.ASIGNALR_CHAT_PAGE ?? "."], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let told = "";
  second.stderr.on("data", (text) => {
    told += text;
  });
  const [code] = await once(second, "close");
  assert.equal(code, 1);
  assert.match(told, /^[^\n]*[Aa]ddress already in use[^\n]*\n$/);
}, { skip: notOwnSample });

test("samples/chat/run tells its options, and refuses others", async () => {
  const script = fileURLToPath(new URL("../../samples/chat/run", import.meta.url));
  const help = spawnSync(script, ["--help"], { encoding: "utf8" });
  assert.deepEqual([help.status, help.stderr], [0, ""]);
  assert.match(help.stdout, /--port N/);
  for (const options of [["--colour"], ["--port", "many"], ["--port", "65536"], ["--port"]]) {
    assert.equal(spawnSync(script, options).status, 1, options.join(" "));
  }
});
