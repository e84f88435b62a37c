// SPDX-License-Identifier: MIT
// The page of samples/chat in Chromium. ASIGNALR_SCREENSHOT names a file for the picture of the page that the last test takes;
// without it the picture is taken and forgotten.
import assert from "node:assert/strict";
import { executablePath, launch, withTabs } from "./support/browser.mjs";
import { after, before } from "./support/hooks.mjs";
import { useServer } from "./support/servers.mjs";
import { test } from "./support/suite.mjs";

const buttons = [
  "Broadcast", "Echo", "Panic", "RequestTuple", "RequestAsync", "Stream", "Stop Stream", "Upstream",
  "Stop Client Connection", "Abort Server Connection",
];

const server = useServer("chat");
let browser;
if (executablePath) {
  before(async () => {
    browser = await launch();
  });
  after(() => browser.close());
}

function testPage(name, body, { tabs = 1, skip, ...options } = {}) {
  test(`page: ${name}`, () => withTabs(browser, `${server.url}/`, tabs, body, options), {
    skip: executablePath ? skip : "no chromium on this machine",
  });
}

testPage("everything comes from the server that serves the page", async (tab) => {
  const { host } = new URL(server.url);
  assert.deepEqual(tab.loaded.filter((url) => !url.startsWith("data:") && new URL(url).host !== host), []);
  const paths = tab.loaded.filter((url) => !url.startsWith("data:")).map((url) => new URL(url).pathname);
  assert.deepEqual([...new Set(paths)].sort(), ["/", "/chat", "/chat.js", "/chat/negotiate", "/signalr.min.js", "/style.css"]);
});

testPage("two tabs chat", async (first, second) => {
  await first.write("Hello 世界 👋");
  await first.click("Broadcast");
  await Promise.all([first.shows("receive", "Hello 世界 👋"), second.shows("receive", "Hello 世界 👋")]);
  await second.write("<b>answer</b> & more");
  await second.page.keyboard.press("Enter");
  await Promise.all([first.shows("receive", "<b>answer</b> & more"), second.shows("receive", "<b>answer</b> & more")]);
  await first.write("for me alone");
  await first.click("Echo");
  await first.shows("receive", "for me alone");
  await second.click("RequestTuple");
  await second.shows("RequestTuple", '["<B>ANSWER</B> & MORE","<b>answer</b> & more",20]');
  assert.ok(!(await second.texts("receive")).includes("for me alone"));
}, { tabs: 2 });

testPage("RequestTuple, RequestAsync and Panic show what they return", async (tab) => {
  await tab.write("aBc ä");
  await tab.click("RequestAsync");
  await tab.shows("RequestAsync", '{"ToUpper":"ABC ä","ToLower":"abc ä","len":"5"}');
  await tab.click("RequestTuple");
  await tab.shows("RequestTuple", '["ABC ä","abc ä",5]');
  await tab.click("Panic");
  await tab.shows("Panic", "An unexpected error occurred invoking 'Panic' on the server. InvalidOperationException: Don't panic!");
});

testPage("a stream runs until it is stopped", async (tab) => {
  assert.equal(await tab.enabled("Stop Stream"), false);
  await tab.click("Stream");
  await tab.entries("DateStream").nth(1).waitFor();
  assert.match((await tab.texts("DateStream"))[0], /^\d\d \d\d \d\d$/);
  assert.equal(await tab.enabled("Stream"), false);
  await tab.click("Stop Stream");
  await tab.shows("DateStream", "Stopped");
  assert.equal(await tab.enabled("Stop Stream"), false);
  // What the server sends after the cancel would stand before this answer.
  await tab.click("Echo");
  await tab.entries("receive").first().waitFor();
  assert.equal((await tab.texts("DateStream")).at(-1), "Stopped");
  await tab.click("Stream");
  await tab.click("Stop Stream");
});

testPage("Upstream sends two streams and shows their echo", async (tab) => {
  await tab.click("Upstream");
  await tab.shows("receive", "Finished");
  const texts = await tab.texts("receive");
  assert.deepEqual(texts.filter((text) => text.startsWith("u1")), ["u1: 1", "u1: 2", "u1: 3", "u1: 4", "u1: 5"]);
  assert.deepEqual(texts.filter((text) => text.startsWith("u2")), ["u2: 0.5", "u2: 1", "u2: 1.5", "u2: 2", "u2: 2.5"]);
  assert.deepEqual([texts[0], texts.length], ["f: 0.5", 12]);
});

for (const [button, name] of [["Stop Client Connection", "stop"], ["Abort Server Connection", "abort"]]) {
  testPage(`Upstream ends with the connection: ${name}`, async (tab) => {
    await tab.click("Upstream");
    await tab.shows("receive", "u1: 1");
    await tab.click(button);
    await tab.state("Disconnected");
    // A timer like that of the upload, begun later, fires after it: an upload that went on would have complained.
    await tab.page.evaluate(() => new Promise((resolve) => setTimeout(() => setTimeout(resolve, 300), 300)));
  });
}

testPage("Stop and Start Client Connection", async (tab) => {
  const id = () => tab.page.locator("#connection-id").textContent();
  const first = await id();
  assert.match(first, /^[\w-]{22}$/);
  await tab.click("Stop Client Connection");
  await tab.state("Disconnected");
  assert.equal(await id(), "");
  assert.equal(await tab.enabled("Broadcast"), false);
  await tab.click("Start Client Connection");
  await tab.state("Connected");
  assert.notEqual(await id(), first);
  await tab.click("Echo");
  await tab.entries("receive").first().waitFor();
});

testPage("Abort Server Connection ends it for good, Start brings it back", async (tab) => {
  await tab.click("Stream");
  await tab.entries("DateStream").first().waitFor();
  await tab.click("Abort Server Connection");
  await tab.state("Disconnected");
  await tab.shows("connection", "Disconnected");
  assert.deepEqual((await tab.texts("connection")).filter((text) => text.startsWith("Reconnect")), []);
  assert.equal(await tab.enabled("Stop Stream"), false);
  await tab.click("Start Client Connection");
  await tab.state("Connected");
  await tab.click("RequestTuple");
  await tab.entries("RequestTuple").first().waitFor();
});

test("page: a cut connection is shown, and comes back by itself", async () => {
  const proxy = await server.proxy();
  await withTabs(browser, `${proxy.url}/`, 1, async (tab) => {
    proxy.block();
    await tab.state("Reconnecting");
    assert.equal(await tab.enabled("Broadcast"), false);
    proxy.unblock();
    await tab.state("Connected");
    await tab.click("Broadcast");
    await tab.entries("receive").first().waitFor();
  }, { complains: true });
  proxy.close();
}, { skip: executablePath ? false : "no chromium on this machine" });

for (const width of [1200, 720, 390, 320]) {
  testPage(`at a width of ${width} pixels every button is whole, and nothing scrolls sideways`, async (tab) => {
    await tab.write("a long message without any space: " + "x".repeat(300));
    await tab.click("Broadcast");
    await tab.entries("receive").first().waitFor();
    const page = tab.page.locator("html");
    assert.ok((await page.evaluate((html) => html.scrollWidth)) <= width);
    for (const name of buttons) {
      const button = tab.button(name);
      const { x, width: wide, height } = await button.boundingBox();
      const around = await button.locator("..").boundingBox();
      assert.ok(x >= around.x && x + wide <= around.x + around.width, `${name} sticks out of its box`);
      assert.ok(around.x >= 0 && around.x + around.width <= width, `the box of ${name} sticks out of the page`);
      assert.ok(await button.evaluate((element) => element.scrollWidth <= element.clientWidth), `the text of ${name} is cut`);
      assert.ok(height >= 40, `${name} is ${height} high`);
    }
  }, { width, height: 844 });
}

// A conversation worth a picture.
async function converse(first, second) {
  const say = async (tab, text) => {
    await tab.write(text);
    await tab.click("Broadcast");
    await Promise.all([first, second].map((each) => each.shows("receive", text)));
  };
  await say(first, "Good morning! Is the new server up?");
  await say(second, "Guten Morgen! Yes, one coroutine per call.");
  await say(first, "Доброе утро, καλημέρα ♥");
  await first.write("Hello, World");
  await first.click("RequestTuple");
  await first.entries("RequestTuple").first().waitFor();
  await first.click("RequestAsync");
  await first.click("Stream");
  await first.entries("DateStream").nth(2).waitFor();
  await first.click("Stop Stream");
  await first.shows("DateStream", "Stopped");
  await first.entries("RequestAsync").first().waitFor();
  await first.click("Panic");
  await first.entries("Panic").first().waitFor();
  await say(second, "All fine here, only a test ✓");
  await first.write("");
}

testPage("its picture", async (first, second) => {
  await converse(first, second);
  await first.page.mouse.move(0, 0);
  const picture = await first.page.screenshot({ path: process.env.ASIGNALR_SCREENSHOT || undefined });
  assert.equal(picture.subarray(1, 4).toString(), "PNG");
}, { tabs: 2 });
