// SPDX-License-Identifier: MIT
// Connections to a chosen lane of a server: the token that it makes for a negotiate request tells to which lane one has come.
import { once } from "node:events";
import net from "node:net";

// The hub at /limits forgets after two seconds what was negotiated and not used.
const question = "POST /limits/negotiate?negotiateVersion=1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";

export function connect(port, localAddress) {
  return net.connect({ port, host: "127.0.0.1", localAddress, noDelay: true, allowHalfOpen: true });
}

// The first byte of an id, modulo the number of lanes, is the lane of its connection.
function laneOfId(id, lanes) {
  return Buffer.from(id, "base64url")[0] % lanes;
}

async function laneOfSocket(socket, lanes) {
  socket.write(question);
  let answer = "";
  while (!answer.endsWith("]}")) {
    const [chunk] = await once(socket, "data");
    answer += chunk.toString("latin1");
  }
  socket.pause();
  return laneOfId(/"connectionToken":"([\w-]+)"/.exec(answer)[1], lanes);
}

/** Takes what a client sends first, up to the end of a line at least; less if it ends before that. */
export function readFirstLine(client) {
  return new Promise((resolve) => {
    const chunks = [];
    function done() {
      client.pause();
      client.off("data", take).off("end", done).off("close", done);
      resolve(Buffer.concat(chunks));
    }
    function take(chunk) {
      chunks.push(chunk);
      if (chunk.includes("\n")) {
        done();
      }
    }
    client.on("data", take).on("end", done).on("close", done);
  });
}

/**
 * A connection to 127.0.0.1:port for a client that begins so. If its first request names a hub connection, it is one to another
 * lane than the one that this hub connection lives on.
 */
export async function connectElsewhere(port, lanes, beginning) {
  const id = /^[^\n]*[?&]id=([\w-]{22})/.exec(beginning.toString("latin1"))?.[1];
  const others = [];
  try {
    while (true) {
      const socket = connect(port);
      await once(socket, "connect");
      if (!id || (await laneOfSocket(socket, lanes)) !== laneOfId(id, lanes)) {
        return socket;
      }
      others.push(socket);
    }
  } finally {
    others.forEach((socket) => socket.destroy());
  }
}
