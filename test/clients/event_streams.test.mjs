// SPDX-License-Identifier: MIT
// What is written as Server-Sent Events is read by npm's `eventsource`, which Microsoft's client uses in Node. Chromium: browser_event_streams.test.mjs.
import EventSource from "eventsource";
import { once } from "node:events";
import { Inbox } from "./support/connection.mjs";
import { amount, announced, compare, payloads, seed } from "./support/event_streams.mjs";
import { useServer } from "./support/servers.mjs";
import { test } from "./support/suite.mjs";

const server = useServer("conformance");

// Says one payload after the other and returns what was read.
async function readBack(url, sent) {
  const { connectionToken } = await (await fetch(`${url}/whole/negotiate?negotiateVersion=1`, { method: "POST" })).json();
  const target = `${url}/whole?id=${connectionToken}`;
  const source = new EventSource(target);
  const inbox = new Inbox();
  source.onmessage = ({ data }) => inbox.add(data);
  await once(source, "open");
  try {
    for (const [index, payload] of sent.entries()) {
      await (await fetch(target, { method: "POST", body: announced(payload) })).arrayBuffer();
      await inbox.count(index + 1);
    }
    return inbox.received;
  } finally {
    source.close();
  }
}

test("eventsource reads what was written as events", async () => {
  const sent = payloads(amount, seed);
  compare(sent, await readBack(server.url, sent));
});

test("eventsource reads what was written as events, byte by byte", async () => {
  const sent = payloads(amount / 4, seed + 1);
  const { url } = await server.proxy({ sliced: true });
  compare(sent, await readBack(url, sent));
});
