// SPDX-License-Identifier: MIT
// Chromium, as far as this machine has one, and what the tests want to know of the chat page.
import assert from "node:assert/strict";
import { chromium } from "playwright-core";
import { findProgram } from "./programs.mjs";

export const executablePath = findProgram("chromium", "chromium-browser", "google-chrome");

export function launch() {
  return chromium.launch({ executablePath, args: ["--headless", "--no-sandbox", "--disable-gpu"] });
}

/** One tab on the chat page. It remembers what it loaded and what its console said. */
export class Tab {
  loaded = [];
  complaints = [];

  static async open(browser, url, { width = 1200, height = 800, colorScheme = "light" } = {}) {
    const tab = new Tab();
    tab.context = await browser.newContext({ viewport: { width, height }, colorScheme });
    tab.page = await tab.context.newPage();
    tab.page.setDefaultTimeout(30_000);
    tab.page.on("request", (request) => tab.loaded.push(request.url()));
    tab.page.on("websocket", (socket) => tab.loaded.push(socket.url()));
    tab.page.on("pageerror", (error) => tab.complaints.push(String(error)));
    tab.page.on("console", (message) => {
      if (message.type() === "error") {
        tab.complaints.push(message.text());
      }
    });
    await tab.page.goto(url);
    await tab.state("Connected");
    return tab;
  }

  close() {
    return this.context.close();
  }

  button(name) {
    return this.page.getByRole("button", { name, exact: true });
  }

  click(name) {
    return this.button(name).click();
  }

  write(text) {
    return this.page.getByRole("textbox", { name: "Message" }).fill(text);
  }

  /** Waits until the page shows this state of the connection. */
  state(name) {
    return this.page.locator(`#state[data-state="${name}"]`).getByText(name, { exact: true }).waitFor();
  }

  entries(source) {
    return this.page.locator("#log li", { has: this.page.locator(".source").getByText(source, { exact: true }) }).locator(".text");
  }

  /** Waits for an entry of the log with exactly this text. */
  shows(source, text) {
    return this.entries(source).getByText(text, { exact: true }).first().waitFor();
  }

  async texts(source) {
    return this.entries(source).allTextContents();
  }

  async enabled(name) {
    return this.button(name).isEnabled();
  }
}

/** Opens tabs for `use(...tabs)` and closes them; their consoles must have been silent unless `complains`. */
export async function withTabs(browser, url, count, use, { complains = false, ...options } = {}) {
  const tabs = [];
  try {
    for (let number = 0; number < count; ++number) {
      tabs.push(await Tab.open(browser, url, options));
    }
    await use(...tabs);
    if (!complains) {
      assert.deepEqual(tabs.flatMap((tab) => tab.complaints), []);
    }
  } finally {
    await Promise.all(tabs.map((tab) => tab.close()));
  }
}
