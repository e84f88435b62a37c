// SPDX-License-Identifier: MIT
// What runs before and after the tests of a file. Nothing, where the filter has left none of them: Node would begin then, and never end.
import { after as nodeAfter, before as nodeBefore } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";

let chosen = 0;

/** Called for each test that the filter leaves. */
export function choose() {
  chosen += 1;
}

export function before(begin) {
  nodeBefore(async () => {
    await nextTurn();  // Node may run this before the file has named its tests
    return chosen > 0 ? begin() : undefined;
  });
}

export function after(end) {
  nodeAfter(() => (chosen > 0 ? end() : undefined));
}
