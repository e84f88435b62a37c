// SPDX-License-Identifier: MIT
// Behind nginx and haproxy, set up as docs/embedding.md shows: the matrix, and who the server takes a client for.
import assert from "node:assert/strict";
import { cells, expectedOf } from "./matrix/cells.mjs";
import { Crowd, everybodyHeard, meet } from "./matrix/crowd.mjs";
import { placeAt } from "./matrix/place.mjs";
import { executablePath, launch } from "./support/browser.mjs";
import { withConnection } from "./support/connection.mjs";
import { after, before } from "./support/hooks.mjs";
import { startProxy } from "./support/proxy.mjs";
import { reverseProxies, startReverseProxy } from "./support/reverse_proxies.mjs";
import { startServer } from "./support/servers.mjs";
import { Stage } from "./support/stage.mjs";
import { everyClient, sideBySide, test } from "./support/suite.mjs";

// The certificate is the tests' own.
process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";

const clients = everyClient.filter(({ version }) => version === 10);
// Another address than that of the proxy, which the server trusts.
const home = "127.0.0.2";
const lies = { "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http", "X-Forwarded-Host": "elsewhere.example" };

function describeProxy(kind) {
  const skip = kind.missing ? `no ${kind.missing} on this machine` : false;
  let server;
  let proxy;
  let way;

  const testOnce = (name, body, without = skip) => test(`behind ${kind.name}: ${name}`, body, { skip: without });
  const testEach = (name, body) => clients.forEach((client) =>
    test(`behind ${kind.name}: ${name} (${client.name})`, () => body(client.signalR, client), { skip }));

  // The clients come through one more proxy, for their address, and for cells that cut connections.
  async function comeFromHome() {
    const way = await startProxy(proxy.port, { from: home });
    return { ...way, url: way.url.replace("http:", "https:") };
  }

  if (!skip) {
    before(async () => {
      server = await startServer("conformance", ["--trusted-proxy", "127.0.0.1"]);
      proxy = await startReverseProxy(kind, new URL(server.direct).port);
      way = await comeFromHome();
    });
    after(async () => {
      way.close();
      await proxy.stop();
      await server.stop();
    });
  }

  for (const [name, { play }] of Object.entries(cells)) {
    testEach(name, async (signalR, client) => assert.deepEqual(await play(placeAt(signalR, way.url, comeFromHome)), expectedOf(name, client)));
  }

  testEach("the hub sees the client's own address and what it asked for, whatever it says", (signalR) =>
    withConnection(signalR, `${way.url}/visitor`, async (connection) =>
      assert.deepEqual(await connection.invoke("WhoAmI"), [home, "https", new URL(way.url).host]), { headers: lies }));

  // What is sent while something is on its way goes in one request behind it.
  testEach("two megabytes sent at once", (signalR) =>
    withConnection(signalR, `${way.url}/rooms`, async (connection) => {
      const calls = Array.from({ length: 70 }, () => connection.invoke("SendRoom", "a room for nobody", "x".repeat(30_000)));
      assert.deepEqual(await Promise.all(calls), calls.map(() => null));
    }));

  testOnce("pages are known by the scheme that they came by", async () => {
    const { host } = new URL(way.url);
    const negotiate = `${way.url}/testhub/negotiate?negotiateVersion=1`;
    const statusFor = async (origin) => (await fetch(negotiate, { method: "POST", headers: { origin } })).status;
    assert.equal(await statusFor(`https://${host}`), 200);
    assert.equal(await statusFor(`http://${host}`), 403);
    assert.equal(await statusFor("https://elsewhere.example"), 403);
  });

  testOnce("a page in Chromium", async () => {
    const browser = await launch();
    try {
      const stage = await Stage.open(browser, way, 10);
      for (const client of clients) {
        for (const name of ["invoke", "stream", "two uploads", "server call"]) {
          assert.deepEqual(await stage.play(name, client), expectedOf(name, client), `${name}, ${client.name}`);
        }
      }
    } finally {
      await browser.close();
    }
  }, executablePath ? skip : "no chromium on this machine");

  testEach("50 clients", async (signalR, { name }) =>
    assert.deepEqual(await meet([new Crowd(signalR, way.url, 50, `a room for ${name}`)], 50), everybodyHeard(50)));
}

for (const kind of reverseProxies) {
  sideBySide(`behind ${kind.name}`, () => describeProxy(kind));
}
