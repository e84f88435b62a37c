// SPDX-License-Identifier: MIT
import { once } from "node:events";
import net from "node:net";

// Sends every write as single bytes, each with a write of its own.
function sliceInto(target, chunk) {
  for (const byte of chunk) {
    target.write(Buffer.of(byte));
  }
}

function forward(source, target, sliced) {
  source.on("data", (chunk) => {
    if (sliced) {
      sliceInto(target, chunk);
    } else {
      target.write(chunk);
    }
    if (target.writableNeedDrain) {
      source.pause();
      target.once("drain", () => source.resume());
    }
  });
  source.on("end", () => target.end());
  source.on("error", () => target.destroy());
  source.on("close", () => target.destroy());
}

/** A TCP proxy on a free port in front of 127.0.0.1:port, whose connections can be cut, and which can slice all writes. */
export async function startProxy(port, { sliced = false } = {}) {
  const sockets = new Set();
  let refusing = false;
  const listener = net.createServer({ noDelay: true }, (client) => {
    if (refusing) {
      client.destroy();
      return;
    }
    const server = net.connect({ port, host: "127.0.0.1", noDelay: true });
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
    }
    forward(client, server, sliced);
    forward(server, client, sliced);
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");

  // Ends all connections as a pulled cable does not: with a reset, on both sides.
  function cut() {
    for (const socket of [...sockets]) {
      socket.resetAndDestroy();
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
