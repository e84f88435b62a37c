// SPDX-License-Identifier: MIT
// What is written as Server-Sent Events is read by Chromium's EventSource. npm's `eventsource`: event_streams.test.mjs.
import { executablePath, launch } from "./support/browser.mjs";
import { amount, announced, compare, payloads, seed } from "./support/event_streams.mjs";
import { after, before } from "./support/hooks.mjs";
import { useServer } from "./support/servers.mjs";
import { test } from "./support/suite.mjs";

const server = useServer("conformance");
let browser;
let page;

if (executablePath) {
  before(async () => {
    browser = await launch();
    page = await (await browser.newContext()).newPage();
  });
  after(() => browser.close());
}

// Runs in the page: says one payload after the other and returns what was read.
async function readBackInPage(bodies) {
  const { connectionToken } = await (await fetch("/whole/negotiate?negotiateVersion=1", { method: "POST" })).json();
  const target = `/whole?id=${connectionToken}`;
  const source = new EventSource(target);
  const read = [];
  let arrived = () => {};
  source.onmessage = ({ data }) => {
    read.push(data);
    arrived();
  };
  await new Promise((resolve) => {
    source.onopen = resolve;
  });
  for (const [index, body] of bodies.entries()) {
    const there = new Promise((resolve) => {
      arrived = resolve;
    });
    await fetch(target, { method: "POST", body });
    if (read.length <= index) {
      await there;
    }
  }
  source.close();
  return read;
}

async function readBack(url, sent) {
  await page.goto(`${url}/statistics`);  // a page of the same origin
  return page.evaluate(readBackInPage, sent.map(announced));
}

function testInBrowser(name, body) {
  test(name, body, { skip: executablePath ? false : "no chromium on this machine" });
}

testInBrowser("Chromium reads what was written as events", async () => {
  const sent = payloads(amount, seed);
  compare(sent, await readBack(server.url, sent));
});

testInBrowser("Chromium reads what was written as events, byte by byte", async () => {
  const sent = payloads(amount / 4, seed + 1);
  const { url } = await server.proxy({ sliced: true });
  compare(sent, await readBack(url, sent));
});
