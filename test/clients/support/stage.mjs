// SPDX-License-Identifier: MIT
// Pages in Chromium that play cells of the matrix.
import { fileURLToPath } from "node:url";

const fileOf = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

// What a page has to load for a generation of the client. Up to version 5 the protocol leaves MessagePack itself to another script.
function scriptsOf(version) {
  const library = version === 10 ? "@microsoft/signalr" : `signalr-${version}`;
  const protocol = version === 10 ? "@microsoft/signalr-protocol-msgpack" : `signalr-msgpack-${version}`;
  return [
    `${library}/dist/browser/signalr.min.js`,
    ...(version <= 5 ? ["msgpack5/dist/msgpack5.min.js"] : []),
    `${protocol}/dist/browser/signalr-protocol-msgpack.min.js`,
  ].map((path) => fileOf(`node_modules/${path}`));
}

/**
 * A page on the origin of `proxy` that has loaded this generation of the client. Its scripts come from this folder, so that
 * whatever is behind the proxy has to serve hubs only.
 */
export class Stage {
  #page;

  static async open(browser, proxy, version) {
    const stage = new Stage();
    const page = await browser.newPage({ ignoreHTTPSErrors: true });
    stage.#page = page;
    await page.exposeFunction("block", () => proxy.block());
    await page.exposeFunction("unblock", () => proxy.unblock());
    await page.route(`${proxy.url}/stage/**`, (route, request) => {
      const { pathname } = new URL(request.url());
      return route.fulfill({ path: fileOf(pathname.slice("/stage/".length)) });
    });
    // Any document of the server will do; one that a test made up may not open WebSockets to this machine.
    await page.goto(`${proxy.url}/bench/broadcast?count=0&size=0`);
    for (const path of scriptsOf(version)) {
      await page.addScriptTag({ path });
    }
    await page.addScriptTag({ url: "/stage/matrix/stage.mjs", type: "module" });
    await page.waitForFunction(() => globalThis.stage);
    // Nothing of what the client does may take the way through the test.
    await page.unrouteAll();
    return stage;
  }

  /** What a cell has seen in the page. */
  play(name, { transport, isBinary }) {
    return this.#page.evaluate(([cell, client]) => globalThis.stage.play(cell, client), [name, { transport, isBinary }]);
  }

  /** A Crowd in the page; one at a time. */
  crowd({ transport, isBinary }, size, room) {
    return {
      gather: () => this.#page.evaluate((values) => globalThis.stage.gather(...values), [{ transport, isBinary }, size, room]),
      speak: (first) => this.#page.evaluate((number) => globalThis.stage.speak(number), first),
      heard: (count) => this.#page.evaluate((number) => globalThis.stage.heard(number), count),
      leave: () => this.#page.evaluate(() => globalThis.stage.leave()),
    };
  }

  close() {
    return this.#page.context().close();
  }
}
