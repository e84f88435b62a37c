// SPDX-License-Identifier: MIT
import { once } from "node:events";
import net from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { connect, connectElsewhere, readFirstLine } from "./lanes.mjs";

const bytesPerTurn = 256;

// Sends single bytes, each with a write of its own. Others have their turn in between, however long the chunk is.
async function sliceInto(target, chunk) {
  for (const [index, byte] of chunk.entries()) {
    target.write(Buffer.of(byte));
    if (index % bytesPerTurn === bytesPerTurn - 1) {
      await nextTurn();
    }
  }
}

function untilDrained(target) {
  return new Promise((resolve) => target.once("drain", resolve).once("close", resolve));
}

// Passes on what `source` says, in order. Returns how to send something in front of it, and how to end behind what was sent.
function forward(source, target, sliced) {
  let sent = Promise.resolve();

  async function pass(chunk) {
    if (sliced) {
      await sliceInto(target, chunk);
    } else {
      target.write(chunk);
    }
    if (target.writableNeedDrain && !target.destroyed) {
      await untilDrained(target);
    }
    source.resume();
  }
  function send(chunk) {
    source.pause();
    sent = sent.then(() => pass(chunk));
  }
  function end() {
    sent = sent.then(() => target.end());
  }
  source.on("data", send);
  source.on("end", end);
  source.on("error", () => target.destroy());
  source.on("close", () => sent.then(() => target.destroy()));
  source.resume();
  return { send, end };
}

/**
 * A TCP proxy on a free port in front of 127.0.0.1:port, whose connections can be cut.
 * Options: sliced (all writes are cut into single bytes), lanes (of the server; with more than one, every request that names a
 * connection arrives on another lane than that of the connection), from (the local address that its connections come from).
 */
export async function startProxy(port, { sliced = false, lanes = 1, from } = {}) {
  const sockets = new Set();
  let refusing = false;

  // To find another lane takes a while: requests keep the order in which they came.
  let connecting = Promise.resolve();
  function inTurn(connectNow) {
    const connected = connecting.then(connectNow);
    connecting = connected.catch(() => {});
    return connected;
  }

  function remember(socket) {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  }

  async function serve(client) {
    remember(client);
    client.on("error", () => client.destroy());
    const beginning = lanes > 1 ? await readFirstLine(client) : Buffer.alloc(0);
    const server = lanes > 1 ? await inTurn(() => connectElsewhere(port, lanes, beginning)) : connect(port, from);
    remember(server);
    forward(server, client, sliced);
    const toServer = forward(client, server, sliced);
    if (beginning.length > 0) {
      toServer.send(beginning);
    }
    if (client.readableEnded) {
      toServer.end();
    }
    if (client.destroyed) {
      server.destroy();
    }
  }

  const listener = net.createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
    if (refusing) {
      client.destroy();
      return;
    }
    serve(client).catch(() => client.destroy());
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");

  // Ends all connections with a reset, on both sides. Where an end is on its way, Node cannot send one, and would then never
  // find the end of its own process.
  function cut() {
    for (const socket of [...sockets]) {
      if (socket.writableEnded) {
        socket.destroy();
      } else {
        socket.resetAndDestroy();
      }
    }
  }

  return {
    url: `http://127.0.0.1:${listener.address().port}`,
    cut,
    /** Ends all connections, and lets nobody through until unblock(). */
    block() {
      refusing = true;
      cut();
    },
    unblock() {
      refusing = false;
    },
    close() {
      cut();
      listener.close();
    },
  };
}
