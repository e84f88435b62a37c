// SPDX-License-Identifier: MIT
import { once } from "node:events";
import http from "node:http";
import { pipeline } from "node:stream";

const forbidden = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/** What a proxy may do to a transport: how it treats the WebSockets, or the event streams, that are asked of it. */
export const ways = {
  refuses: (socket) => socket.end(forbidden),
  cuts: (socket) => socket.destroy(),
};

const isEventStream = (request) => request.headers.accept === "text/event-stream";

// Without the headers that are for this connection only, and so without Upgrade.
function headersOf({ headers }) {
  const { connection, upgrade, "keep-alive": keepAlive, ...others } = headers;
  return others;
}

/**
 * A proxy on a free port in front of 127.0.0.1:port that passes no WebSockets on. Options, each one of `ways`: webSockets (without it
 * they pass as plain requests, as through a proxy that knows no Upgrade), eventStreams (without it they pass).
 */
export async function startBlockingProxy(port, { webSockets, eventStreams } = {}) {
  const agent = new http.Agent({ keepAlive: true });

  function forward(request, response) {
    if (eventStreams && isEventStream(request)) {
      eventStreams(request.socket);
      return;
    }
    const { method, url: path } = request;
    const passed = http.request({ host: "127.0.0.1", port, method, path, headers: headersOf(request), agent }, (answer) => {
      response.writeHead(answer.statusCode, headersOf(answer)).flushHeaders();
      pipeline(answer, response, () => {});
    });
    passed.on("error", () => response.destroy());
    response.on("close", () => passed.destroy());
    request.pipe(passed);
  }

  const server = http.createServer(forward);
  if (webSockets) {
    server.on("upgrade", (_, socket) => webSockets(socket));
  }
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close() {
      server.close();
      server.closeAllConnections();
      agent.destroy();
    },
  };
}
