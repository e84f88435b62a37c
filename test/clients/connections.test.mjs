// SPDX-License-Identifier: MIT
// How connections begin and end beyond the matrix, and what is left of them.
import assert from "node:assert/strict";
import { build, follow, signal, withConnection } from "./support/connection.mjs";
import { lanes, sliced, useServer } from "./support/servers.mjs";
import { clients, test, testOverWebSockets, testWithClients, testWithPings } from "./support/suite.mjs";

const server = useServer("conformance");
const testhub = () => `${server.url}/testhub`;
const nothingRuns = (now) => now.connections === 0 && now.running_invocations === 0;
const statisticsMissing = process.env.ASIGNALR_CONFORMANCE_URL ? "the server may have no statistics" : false;

testOverWebSockets("without negotiation", (signalR) =>
  withConnection(signalR, testhub(), async (connection) => {
    assert.equal(await connection.invoke("Echo", "x"), "x");
    assert.ok(!connection.connectionId);
  }, { skipNegotiation: true }));

testWithClients("a client tries again while the server cannot be reached", async (signalR) => {
  const proxy = await server.proxy({ sliced });
  const reconnected = signal();
  let attempts = 0;
  const policy = {
    nextRetryDelayInMilliseconds() {
      if (++attempts === 3) {
        proxy.unblock();
      }
      return 0;
    },
  };
  await withConnection(signalR, `${proxy.url}/testhub`, async (connection) => {
    proxy.block();
    await reconnected.fired;
    assert.equal(attempts, 3);
    assert.equal(await connection.invoke("Echo", "back"), "back");
  }, { reconnect: policy, configure: (connection) => connection.onreconnected(reconnected.fire) });
  proxy.close();
});

// A server expects pings only of clients that have sent one.
testWithPings("a client that pings no more is closed, and may come back", async (signalR) => {
  const reconnecting = signal();
  const reconnected = signal();
  await withConnection(signalR, `${server.url}/limits`, async (connection) => {
    await connection.invoke("Echo", "the ping follows the answer");
    connection.keepAliveIntervalInMilliseconds = 60_000;
    await reconnecting.fired;
    await reconnected.fired;
    assert.equal(await connection.invoke("Echo", "back"), "back");
  }, {
    reconnect: [0, 0, 0],
    configure(connection) {
      connection.keepAliveIntervalInMilliseconds = 1;
      connection.onreconnecting(reconnecting.fire);
      connection.onreconnected(reconnected.fire);
    },
  });
});

test("500 clients that come and go leave nothing behind", async () => {
  await withConnection(clients[0].signalR, testhub(), (connection) => connection.invoke("Void"));
  const base = await server.statisticsWhen(nothingRuns);
  for (let number = 0; number < 500; ++number) {
    const { signalR } = clients[number % clients.length];
    await withConnection(signalR, testhub(), async (connection) => {
      assert.equal(await connection.invoke("Add", number, 1), number + 1);
    });
  }
  const now = await server.statisticsWhen((seen) => nothingRuns(seen) && seen.descriptors <= base.descriptors);
  assert.ok(now.idle_runners <= 64 * lanes, `${now.idle_runners} runners wait: more than maximum_idle_runners`);
  assert.equal(now.connections_started - base.connections_started, 500);
  assert.equal(now.connections_ended - base.connections_ended, 500);
}, { skip: statisticsMissing, timeout: 300_000 });

test("100 clients whose connections are cut in the middle of calls leave nothing behind", async () => {
  const base = await server.statisticsWhen(nothingRuns);
  const proxy = await server.proxy({ sliced });
  const connections = await Promise.all(Array.from({ length: 100 }, async (_, number) => {
    const { signalR } = clients[number % clients.length];
    const connection = build(signalR, `${proxy.url}/testhub`);
    await connection.start();
    return { signalR, connection };
  }));
  const rejections = connections.flatMap(({ signalR, connection }) => {
    const subject = new signalR.Subject();
    const sum = connection.invoke("Sum", subject);
    subject.next(1);
    return [connection.invoke("Slow", 3000), follow(connection.stream("InfiniteStream")).ended, sum];
  }).map((call) => assert.rejects(call));
  // Each has a stream and an upload that do not end by themselves, and a plain call that runs to its end in any case.
  await server.statisticsWhen((now) => now.connections === 100 && now.running_invocations >= 200);
  proxy.cut();
  await Promise.all(rejections);
  await server.statisticsWhen((now) => nothingRuns(now) && now.descriptors <= base.descriptors);
  proxy.close();
}, { skip: statisticsMissing, timeout: 120_000 });
