// SPDX-License-Identifier: MIT
// The matrix: every cell with every generation of the client over each transport with each protocol.
import assert from "node:assert/strict";
import { cells, expectedOf } from "./matrix/cells.mjs";
import { Crowd, everybodyHeard, meet } from "./matrix/crowd.mjs";
import { placeAt } from "./matrix/place.mjs";
import { sliced, useServer } from "./support/servers.mjs";
import { everyClient, sideBySide, testEach, usualClients } from "./support/suite.mjs";

const server = useServer("conformance");
const placeOf = (signalR) => placeAt(signalR, server.url, () => server.proxy({ sliced }));
// Byte by byte a large message takes seconds, in which nobody waits.
const clients = sliced ? usualClients : everyClient;
const concurrency = sliced ? 2 : 16;

sideBySide("matrix", () => {
  for (const [name, { play }] of Object.entries(cells)) {
    testEach(clients, `matrix: ${name}`, async (signalR, client) =>
      assert.deepEqual(await play(placeOf(signalR)), expectedOf(name, client)));
  }
}, concurrency);

testEach(clients, "matrix: 50 clients", async (signalR, { name }) =>
  assert.deepEqual(await meet([new Crowd(signalR, server.url, 50, `a room for ${name}`)], 50), everybodyHeard(50)));
