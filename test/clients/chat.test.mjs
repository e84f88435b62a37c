// SPDX-License-Identifier: MIT
// The hub of samples/chat, method for method.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { build, follow, inboxOf, signal, withConnection } from "./support/connection.mjs";
import { chatKind, lanes, sliced, startServer, useServer } from "./support/servers.mjs";
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
  // First, since it takes longest: the others run meanwhile. Once, since its time is the sample's own.
  test("DateStream ends by itself after 50 items", () =>
    withConnection(clients[0].signalR, chat(), async (connection) => {
      const { inbox, ended } = follow(connection.stream("DateStream"));
      await ended;
      assert.equal(inbox.received.length, 50);
      assert.equal(new Set(inbox.received).size, 50, "one each second");
    }), { timeout: 120_000, skip: sliced || lanes > 1 ? "it takes 50 seconds, and has run" : false });

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

// Starts to watch how long this process, which only waits, does not get to run: that is what a busy machine adds to all it measures.
function watchDelays() {
  const step = 20;
  let delays = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    delays += Math.max(0, now - last - 1.5 * step);
    last = now;
  }, step);
  return () => {
    clearInterval(timer);
    return delays;
  };
}

const sanitized = ["ASAN_OPTIONS", "TSAN_OPTIONS"].some((name) => process.env[name]);

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
    const delays = watchDelays();
    const begun = performance.now();
    await own.stop(name);
    const took = performance.now() - begun - delays();
    assert.ok(took < (sanitized ? 3000 : 1000), `it ends within a second, and took ${took} ms`);
    await Promise.all([closed.fired, refused]);
  }, { skip: process.env.ASIGNALR_CHAT_URL ? "a server that runs already" : false });
}

// What the sample prints and its exit code, when it ends by itself.
function runChat(...options) {
  const { status, stdout, stderr } = spawnSync(process.env.ASIGNALR_CHAT, options, { encoding: "utf8", timeout: 30_000 });
  return { status, told: stdout + stderr };
}

test("a port in use is told in one line, with exit code 1", () => {
  const { status, told } = runChat("--port", new URL(server.direct).port, "--page", process.env.ASIGNALR_CHAT_PAGE ?? ".");
  assert.equal(status, 1);
  assert.match(told, /^chat: http:[^\n]*[Aa]ddress already in use\n$/);
}, { skip: notOwnSample });

test("options that the sample does not know are told in one line, with exit code 1", () => {
  for (const options of [["--colour", "blue"], ["--port"], ["8100"]]) {
    assert.deepEqual(runChat(...options), { status: 1, told: "chat: the options are --port N and --page FOLDER\n" });
  }
}, { skip: notOwnSample });

test("the address of the page is told once the server listens", async () => {
  const lines = await server.printed.count(2);
  assert.deepEqual(lines.slice(0, 2), [
    `Now listening on: http://*:${new URL(server.direct).port}`,
    `The page: http://localhost:${new URL(server.direct).port}/ (Ctrl-C ends the server)`,
  ]);
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
