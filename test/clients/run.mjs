#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// Runs the files of tests in this folder, some side by side since most of what they do is waiting. Prints what failed, and last `N passed, N failed, N skipped`.
//
//   node run.mjs [all|again] [NAME...]     again: without what need not run a second time; NAME is a part of file names
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL(".", import.meta.url));
const [choice = "all", ...names] = process.argv.slice(2);

// Browsers and proxies care neither for lanes nor for how bytes are cut.
const runsOnce = /^(browser|fallback|proxies)/;

const files = readdirSync(folder).sort()
  .filter((name) => name.endsWith(".test.mjs"))
  .filter((name) => choice === "all" || !runsOnce.test(name))
  .filter((name) => names.length === 0 || names.some((part) => name.includes(part)));

const patience = 300_000;  // milliseconds for a whole file

const sum = { pass: 0, fail: 0, skipped: 0 };

const running = new Set();

// Ends a file together with the servers and browsers that it has started: they share a process group.
function end(processGroup) {
  process.kill(-processGroup, "SIGKILL");
}

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    running.forEach(end);
    process.exit(1);
  });
}

// One file in a process of its own. Its output is shown whole if a test failed, else only the names of tests.
async function run(file) {
  const seen = { pass: 0, fail: 0, skipped: 0 };
  const lines = [];
  const child = spawn(process.execPath, ["--test-reporter=tap", file], { cwd: folder, detached: true, stdio: ["ignore", "pipe", "inherit"] });
  const exit = once(child, "exit");
  running.add(child.pid);
  const alarm = setTimeout(end, patience, child.pid);
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    const [, name, count] = /^# (pass|fail|cancelled|skipped) (\d+)$/.exec(line) ?? [];
    if (name) {
      seen[name === "cancelled" ? "fail" : name] += Number(count);
    }
  }
  await exit;
  clearTimeout(alarm);
  running.delete(child.pid);
  if (child.exitCode !== 0 && seen.fail === 0) {
    lines.push(`${file} ended with ${child.exitCode ?? child.signalCode}`);
    seen.fail = 1;
  }
  console.log(`${file}: ${seen.pass} passed, ${seen.fail} failed, ${seen.skipped} skipped`);
  console.log(lines.filter((line) => seen.fail > 0 || line.includes("# SKIP")).join("\n"));
  for (const name of Object.keys(sum)) {
    sum[name] += seen[name];
  }
}

// Each takes the next file until there is none.
async function runFiles() {
  for (let file; (file = files.shift()) !== undefined;) {
    await run(file);
  }
}

await Promise.all(Array.from({ length: availableParallelism() + 1 }, runFiles));
console.log(`${sum.pass} passed, ${sum.fail} failed, ${sum.skipped} skipped`);
process.exitCode = sum.fail > 0 ? 1 : 0;
