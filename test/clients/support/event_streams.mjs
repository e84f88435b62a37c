// SPDX-License-Identifier: MIT
// Payloads that are hard to carry in an event stream, and how a reader of event streams fares with them at the conformance host, whose
// `/whole` writes each payload back in one piece.
import assert from "node:assert/strict";

const pieces = [
  "\r", "\n", "\r\n", "\n\r", "\r\r\n", " ", "  ", ":", ": ", "data", "data:", "data: ", "event: other", "id: 7", "id", "retry: 1", ":comment",
  "\uFEFF", "\u2028", "\u2029", "\u0085", "\0", "\t", "\v", "\f", "\x1e", "é", "世", "😀", "a", "text", "{}\x1e", "x".repeat(300),
];

const nasty = [
  "", "\n", "\r", "\r\n", "\n\n", "\r\r", "\r\n\r\n", "\n\r", " ", " leading", "  two", "trailing ", ":", ":colon", " : ", "a:b", "data: inside", "\uFEFF", "\uFEFFbom",
  "a\u2028b\u2029c", "a\rb", "a\nb", "a\r\nb", "end\r", "end\n", "end\r\n", "\rbegin", "\nbegin", "one\r\revent: other\r\rdata: two", "x\nid: 1\nretry: 1\n\ny", "\0", "a\0b",
  "世界😀", "x".repeat(100_000), "\n".repeat(1000), "line\r\n".repeat(1000), `${"y".repeat(65_536)}\r${"z".repeat(65_536)}`,
];

// The same numbers from the same seed.
function randomNumbers(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Nasty ones, and random ones from the pieces that they are made of. */
export function payloads(count, seed) {
  const random = randomNumbers(seed);
  const made = Array.from({ length: count }, () => Array.from({ length: random(12) }, () => pieces[random(pieces.length)]).join(""));
  return [...nasty, ...made];
}

/** How many random payloads the tests take, and from which seed. */
export const amount = Number(process.env.ASIGNALR_EVENTS ?? 100);
export const seed = Number(process.env.ASIGNALR_EVENT_SEED ?? 1);

/** What every end of a line is for who reads an event. */
export const asRead = (payload) => payload.replaceAll(/\r\n|\r|\n/g, "\n");

/** As `/whole` wants it. */
export const announced = (payload) => `${Buffer.byteLength(payload)}:${payload}`;

/** Fails with the first payload that was read as something else. */
export function compare(sent, read) {
  for (const [index, payload] of sent.entries()) {
    assert.equal(JSON.stringify(read[index]), JSON.stringify(asRead(payload)), `payload ${index} of seed ${seed}: ${JSON.stringify(payload).slice(0, 300)}`);
  }
  assert.equal(read.length, sent.length);
}
