// SPDX-License-Identifier: MIT
// S01, S02: pages of another origin, in Chromium, with Microsoft's client over each transport.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import http from "node:http";
import { executablePath, launch } from "./support/browser.mjs";
import { after, before } from "./support/hooks.mjs";
import { startServer } from "./support/servers.mjs";
import { test } from "./support/suite.mjs";

const client = readFileSync(new URL("node_modules/@microsoft/signalr/dist/browser/signalr.min.js", import.meta.url));
const transports = { WebSockets: 1, ServerSentEvents: 2, LongPolling: 4 };
const ways = Object.keys(transports).flatMap((transport) => [true, false].map((withCredentials) => ({ transport, withCredentials })));
// The upgrade is then the first request, which no preflight precedes.
ways.push({ transport: "WebSockets", withCredentials: true, skipNegotiation: true });

let site;
let server;
let browser;
let page;
// Two origins of one site: the host or the port alone makes another one.
const origin = (host) => `http://${host}:${site.address().port}`;

if (executablePath) {
  before(async () => {
    site = http.createServer((request, response) => {
      const isScript = request.url === "/signalr.min.js";
      response.setHeader("Content-Type", isScript ? "text/javascript" : "text/html");
      response.end(isScript ? client : '<!doctype html><link rel="icon" href="data:,"><script src="signalr.min.js"></script>');
    });
    site.listen(0, "127.0.0.1");
    await once(site, "listening");
    server = await startServer("conformance", ["--allowed-origin", origin("localhost")]);
    browser = await launch();
    page = await (await browser.newContext()).newPage();
  });
  after(async () => {
    await browser.close();
    await server.stop();
    site.closeAllConnections();
    site.close();
  });
}

function testOrigins(name, body) {
  test(`origins: ${name}`, body, { skip: executablePath ? false : "no chromium on this machine" });
}

// What a page makes of its hub: the answer to a call, or that it could not connect.
function tryHub(path, { transport, withCredentials, skipNegotiation = false }) {
  const options = { transport: transports[transport], withCredentials, skipNegotiation };
  return page.evaluate(async ([url, chosen]) => {
    const { HubConnectionBuilder, LogLevel } = globalThis.signalR;
    const connection = new HubConnectionBuilder().withUrl(url, chosen).configureLogging(LogLevel.None).build();
    try {
      await connection.start();
    } catch {
      return "refused";
    }
    try {
      return await connection.invoke("Echo", "heard");
    } finally {
      await connection.stop();
    }
  }, [server.url + path, options]);
}

async function expectEverywhere(host, path, expected) {
  await page.goto(`${origin(host)}/`);
  for (const way of ways) {
    assert.equal(await tryHub(path, way), expected, JSON.stringify(way));
  }
}

async function started() {
  return (await server.statistics()).connections_started;
}

testOrigins("a page of another port and one of another host are refused", async () => {
  const before = await started();
  await expectEverywhere("127.0.0.1", "/testhub", "refused");
  await expectEverywhere("localhost", "/testhub", "refused");
  await expectEverywhere("127.0.0.1", "/friendly", "refused");
  assert.equal(await started(), before, "not one handshake");
});

testOrigins("a page of a listed origin is served", async () => {
  const before = await started();
  await expectEverywhere("localhost", "/friendly", "heard");
  assert.equal(await started(), before + ways.length);
});

testOrigins("a page of another origin cannot read an answer, whatever it asks for", async () => {
  await page.goto(`${origin("localhost")}/`);
  const read = (path, options) => page.evaluate(
    ([url, chosen]) => fetch(url, chosen).then((answer) => `${answer.type} ${answer.status}`, () => "refused"), [server.url + path, options]);
  for (const method of ["GET", "POST", "DELETE"]) {
    assert.equal(await read("/testhub?id=x", { method }), "refused", method);
    assert.equal(await read("/friendly?id=x", { method }), "cors 404", method);
  }
  // Without CORS a page may send a simple request and learns nothing of the answer.
  assert.equal(await read("/testhub/negotiate?negotiateVersion=1", { method: "POST", mode: "no-cors" }), "opaque 0");
  assert.equal((await server.statisticsWhen((now) => now.connections === 0)).connections, 0);
});
