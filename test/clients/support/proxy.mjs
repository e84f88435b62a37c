// SPDX-License-Identifier: MIT
import { once } from "node:events";
import net from "node:net";
import { connect, connectElsewhere, readFirstLine } from "./lanes.mjs";

// Sends every write as single bytes, each with a write of its own.
function sliceInto(target, chunk) {
  for (const byte of chunk) {
    target.write(Buffer.of(byte));
  }
}

// Returns how to send something in front of what `source` says.
function forward(source, target, sliced) {
  function send(chunk) {
    if (sliced) {
      sliceInto(target, chunk);
    } else {
      target.write(chunk);
    }
    if (target.writableNeedDrain) {
      source.pause();
      target.once("drain", () => source.resume());
    }
  }
  source.on("data", send);
  source.on("end", () => target.end());
  source.on("error", () => target.destroy());
  source.on("close", () => target.destroy());
  source.resume();
  return send;
}

/**
 * A TCP proxy on a free port in front of 127.0.0.1:port, whose connections can be cut.
 * Options: sliced (all writes are cut into single bytes), lanes (of the server; with more than one, every request that names a
 * connection arrives on another lane than that of the connection).
 */
export async function startProxy(port, { sliced = false, lanes = 1 } = {}) {
  const sockets = new Set();
  let refusing = false;

  function remember(socket) {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  }

  async function serve(client) {
    remember(client);
    client.on("error", () => client.destroy());
    const beginning = lanes > 1 ? await readFirstLine(client) : Buffer.alloc(0);
    const server = lanes > 1 ? await connectElsewhere(port, lanes, beginning) : connect(port);
    remember(server);
    forward(server, client, sliced);
    const send = forward(client, server, sliced);
    if (beginning.length > 0) {
      send(beginning);
    }
    if (client.readableEnded) {
      server.end();
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
    refuse(value) {
      refusing = value;
    },
    close() {
      cut();
      listener.close();
    },
  };
}
