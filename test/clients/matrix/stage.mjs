// SPDX-License-Identifier: MIT
// Plays cells in the page that loads it, for support/stage.mjs. Its server is the one that the page came from.
import { prepare } from "../support/connection.mjs";
import { cells } from "./cells.mjs";
import { Crowd } from "./crowd.mjs";
import { placeAt } from "./place.mjs";

const { signalR, block, unblock } = globalThis;
const { origin } = location;
const openProxy = async () => ({ url: origin, block, unblock, close() {} });

function prepared({ transport, isBinary }) {
  return prepare(signalR, transport, isBinary ? signalR.protocols.msgpack.MessagePackHubProtocol : undefined);
}

let crowd;

globalThis.stage = {
  play: (name, client) => cells[name].play(placeAt(prepared(client), origin, openProxy)),
  gather(client, size, room) {
    crowd = new Crowd(prepared(client), origin, size, room);
    return crowd.gather();
  },
  speak: (first) => crowd.speak(first),
  heard: (count) => crowd.heard(count),
  leave: () => crowd.leave(),
};
