// SPDX-License-Identifier: MIT
// The matrix in Chromium: the cells of matrix.test.mjs, played in pages.
import assert from "node:assert/strict";
import { describe } from "node:test";
import { cells, expectedOf } from "./matrix/cells.mjs";
import { everybodyHeard, meet } from "./matrix/crowd.mjs";
import { executablePath, launch } from "./support/browser.mjs";
import { after, before } from "./support/hooks.mjs";
import { startServer } from "./support/servers.mjs";
import { Stage } from "./support/stage.mjs";
import { everyClient, generations, test } from "./support/suite.mjs";

const skip = executablePath ? false : "no chromium on this machine";

// Every generation of the client on one lane, the newest also on two, to which its requests then go in turn.
const shows = [...[...generations.keys()].map((version) => ({ version, lanes: 1 })), { version: 10, lanes: 2 }];

const servers = new Map();
let browser;
if (executablePath) {
  before(async () => {
    for (const lanes of [1, 2]) {
      servers.set(lanes, await startServer("conformance", ["--lanes", String(lanes)]));
    }
    browser = await launch();
  });
  after(async () => {
    await browser.close();
    await Promise.all([...servers.values()].map((server) => server.stop()));
  });
}

async function openStage({ version, lanes }) {
  return Stage.open(browser, await servers.get(lanes).proxy(), version);
}

function describeShow(show) {
  const words = show.lanes > 1 ? `, ${show.lanes} lanes` : "";
  // One cell after the other, as Chromium has six connections to a server at most.
  describe(`client ${show.version}${words}`, { concurrency: 1 }, () => {
    let stage;
    before(async () => {
      stage = skip ? undefined : await openStage(show);
    });
    for (const client of everyClient.filter(({ version }) => version === show.version)) {
      for (const name of Object.keys(cells)) {
        test(`matrix in Chromium: ${name} (${client.name}${words})`, async () =>
          assert.deepEqual(await stage.play(name, client), expectedOf(name, { ...client, isInPage: true })), { skip });
      }
    }
  });
}

describe("matrix in Chromium", { concurrency: shows.length }, () => shows.forEach(describeShow));

// Ten pages, so that five event streams of each and what they send find room in the six connections.
describe("50 clients in ten pages", { concurrency: 1 }, () => {
  let stages;
  before(async () => {
    stages = skip ? [] : await Promise.all(Array.from({ length: 10 }, () => openStage({ version: 10, lanes: 1 })));
  });
  for (const client of everyClient.filter(({ version }) => version === 10)) {
    test(`matrix in Chromium: 50 clients (${client.name})`, async () => {
      const crowds = stages.map((stage) => stage.crowd(client, 5, `a room for ${client.name}`));
      assert.deepEqual(await meet(crowds, 5), everybodyHeard(50));
    }, { skip });
  }
});
