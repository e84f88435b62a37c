// SPDX-License-Identifier: MIT
// Clients that are told of no transport find one that passes: every generation in Node, and the newest in Chromium.
import assert from "node:assert/strict";
import { describe } from "node:test";
import { cells, expectedOf } from "./matrix/cells.mjs";
import { placeAt } from "./matrix/place.mjs";
import { startBlockingProxy, ways } from "./support/blocking_proxy.mjs";
import { executablePath, launch } from "./support/browser.mjs";
import { prepare } from "./support/connection.mjs";
import { after, before } from "./support/hooks.mjs";
import { useServer } from "./support/servers.mjs";
import { Stage } from "./support/stage.mjs";
import { generations, sideBySide, test } from "./support/suite.mjs";

const server = useServer("conformance");

const { refuses, cuts } = ways;
const obstacles = [
  { about: "WebSockets refused", webSockets: refuses },
  { about: "WebSockets cut", webSockets: cuts },
  { about: "WebSockets unknown" },
  { about: "WebSockets and event streams refused", webSockets: refuses, eventStreams: refuses },
  { about: "WebSockets unknown, event streams refused", eventStreams: refuses },
];
// The client leaves an event source behind that tries again for ever, and would keep Node from ending.
const obstaclesOfPages = [...obstacles, { about: "WebSockets and event streams cut", webSockets: cuts, eventStreams: cuts }];

// The first of them tells the transport.
const played = ["invoke", "stream", "two uploads", "server call"];

// What is left for a client.
function clientBehind({ eventStreams }, version, isBinary) {
  return { version, isBinary, transportName: eventStreams || isBinary ? "LongPolling" : "ServerSentEvents" };
}

const nameOf = ({ version, isBinary }) => `client ${version}${isBinary ? " with MessagePack" : ""}`;

async function playAll(play, client) {
  for (const name of played) {
    assert.deepEqual(await play(name), expectedOf(name, client), name);
  }
}

function prepared({ version, isBinary }) {
  const [signalR, Protocol] = generations.get(version);
  return prepare(signalR, undefined, isBinary ? Protocol : undefined);
}

async function behind(obstacle, use) {
  const proxy = await startBlockingProxy(Number(new URL(server.direct).port), obstacle);
  try {
    await use(proxy);
  } finally {
    proxy.close();
  }
}

sideBySide("fallback in Node", () => {
  for (const version of generations.keys()) {
    for (const isBinary of [false, true]) {
      test(`fallback: nothing in the way (${nameOf({ version, isBinary })})`, () => {
        const client = { version, isBinary, transportName: "WebSockets" };
        return playAll((name) => cells[name].play(placeAt(prepared(client), server.url)), client);
      });
      for (const obstacle of obstacles) {
        const client = clientBehind(obstacle, version, isBinary);
        test(`fallback: ${obstacle.about} (${nameOf(client)})`, () =>
          behind(obstacle, ({ url }) => playAll((name) => cells[name].play(placeAt(prepared(client), url)), client)));
      }
    }
  }
});

describe("fallback in Chromium", () => {
  let browser;
  const skip = executablePath ? false : "no chromium on this machine";
  if (executablePath) {
    before(async () => {
      browser = await launch();
    });
    after(() => browser.close());
  }
  for (const obstacle of obstaclesOfPages) {
    test(`fallback in Chromium: ${obstacle.about}`, () =>
      behind(obstacle, async (proxy) => {
        const stage = await Stage.open(browser, proxy, 10);
        for (const client of [clientBehind(obstacle, 10, false), clientBehind(obstacle, 10, true)]) {
          await playAll((name) => stage.play(name, client), client);
        }
        await stage.close();
      }), { skip });
  }
});
