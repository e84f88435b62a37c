// SPDX-License-Identifier: MIT
// Behind nginx and haproxy, one request in is one request seen. The proxy tells the server for whom it speaks in every request that
// it sends; one that comes without that was inside of another.
import assert from "node:assert/strict";
import { once } from "node:events";
import { describe } from "node:test";
import tls from "node:tls";
import { after, before } from "./support/hooks.mjs";
import { connect } from "./support/lanes.mjs";
import { startProxy } from "./support/proxy.mjs";
import { reverseProxies, startReverseProxy } from "./support/reverse_proxies.mjs";
import { startServer } from "./support/servers.mjs";
import { attempts, ordinaryRequests } from "./support/smuggling.mjs";
import { test } from "./support/suite.mjs";

// Another address than that of the proxy, which the server trusts.
const home = "127.0.0.2";
const patience = 3000;  // milliseconds of silence after which nothing more is expected

const frontOf = (tag) => `/requests?front-${tag}`;
const smuggledOf = (tag) => `/statistics?smuggled-${tag}`;
const requestFor = (target, ...lines) => `GET ${target} HTTP/1.1\r\n${["Host: chat.example", ...lines, "\r\n"].join("\r\n")}`;

async function connectSecurely(port) {
  const socket = tls.connect({ port, host: "127.0.0.1", rejectUnauthorized: false });
  await once(socket, "secureConnect");
  return socket;
}

/** What the other side answers to these bytes until it ends or falls silent. */
async function converse(socket, bytes) {
  const answers = [];
  socket.on("error", () => {});
  socket.setTimeout(patience, () => socket.destroy());
  socket.on("data", (chunk) => answers.push(chunk));
  socket.write(bytes, "latin1");
  await once(socket, "close");
  return Buffer.concat(answers).toString("latin1");
}

const countAnswers = (text) => [...text.matchAll(/HTTP\/1\.1 [2-5]\d\d/g)].length;

/** The requests that a server has seen, of those with this tag. */
async function seenBy(server, tag) {
  const journal = await (await fetch(`${server.direct}/requests`)).text();
  return journal.split("\n").filter((line) => line.endsWith(`-${tag}`));
}

function describeProxy(kind) {
  const skip = kind.missing ? `no ${kind.missing} on this machine` : false;
  const answers = new Map();
  let server;

  // Everything at once. The proxy is ended before anybody looks at what the server has seen: then nothing is on its way any more.
  if (!skip) {
    before(async () => {
      server = await startServer("conformance", ["--trusted-proxy", "127.0.0.1"]);
      const proxy = await startReverseProxy(kind, new URL(server.direct).port);
      const way = await startProxy(proxy.port, { from: home });
      await Promise.all([...ordinaryRequests, ...attempts].map(async ({ build }, tag) => {
        const bytes = build({ front: frontOf(tag), smuggled: requestFor(smuggledOf(tag)) });
        answers.set(tag, await converse(await connectSecurely(new URL(way.url).port), bytes));
      }));
      way.close();
      await proxy.stop();
      await server.statisticsWhen(({ sockets }) => sockets <= 2);  // those of the tests
    });
    after(() => server.stop());
  }

  ordinaryRequests.forEach(({ name }, tag) =>
    test(`behind ${kind.name}: one request in, one seen: ${name}`, async () => {
      assert.match(answers.get(tag), /HTTP\/1\.1 200/);
      assert.deepEqual(await seenBy(server, tag), [`${home} POST ${frontOf(tag)}`]);
    }, { skip }));

  attempts.forEach(({ name }, index) => {
    const tag = ordinaryRequests.length + index;
    test(`behind ${kind.name}: one request in, one seen: ${name}`, async () => {
      const seen = await seenBy(server, tag);
      assert.deepEqual(seen.filter((line) => !line.startsWith(`${home} `)), [], "requests that the proxy has not sent");
      assert.deepEqual([...new Set(seen)], seen, "requests that were seen twice");
      // The first of them may wait for the rest of its body for ever.
      assert.ok(seen.length <= Math.max(1, countAnswers(answers.get(tag))), `${seen.length} requests seen, but answered: ${answers.get(tag)}`);
    }, { skip });
  });
}

for (const kind of reverseProxies) {
  describe(`one request in is one request seen behind ${kind.name}`, () => describeProxy(kind));
}

test("a request that no proxy has sent is told apart", async () => {
  const server = await startServer("conformance", ["--trusted-proxy", "127.0.0.1"]);
  const bytes = requestFor(frontOf(0), `X-Forwarded-For: ${home}`) + requestFor(smuggledOf(0));
  await converse(connect(new URL(server.direct).port), bytes);
  assert.deepEqual(await seenBy(server, 0), [`${home} GET ${frontOf(0)}`, `127.0.0.1 GET ${smuggledOf(0)}`]);
  await server.stop();
});
