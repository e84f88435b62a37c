// SPDX-License-Identifier: MIT
// The cells of the matrix: what a client does, and what has to be seen of it. They run unchanged in Node and in a page.
//
// A cell is played at a place, see place.mjs: with a client library and a server.
// `play(place)` returns what was seen, as plain values; `expected` is that value.
import { follow, inboxOf, itemsOf, signal } from "../support/connection.mjs";

const texts = [
  "",
  "Grüße, 世界, שלום, 👩‍👩‍👧‍👦 𝄞",
  "quote \" backslash \\ slash / <tag> & ' +",
  "controls \u0000 \b \f \n \r \t \u001e \u001f \u007f \u2028 \ufeff \ufffd",
  "\u{10ffff}\u{1f600}",
];

/** The message of the error that a promise ends with. */
const failure = (promise) => promise.then(() => "no error", ({ message }) => message);

const sendAll = (subject, items) => {
  items.forEach((item) => subject.next(item));
  subject.complete();
};

/** A connection that remembers how it ended: its state, and the message of its error if it had one. */
async function startClosing(place, route, options) {
  const connection = place.build(route, options);
  const closed = signal();
  connection.onclose((error) => closed.fire([connection.state, error?.message ?? "in order"]));
  connection.onreconnecting(() => closed.fire(["Reconnecting"]));
  await connection.start();
  return { connection, closed: closed.fired };
}

export const cells = {
  "invoke": {
    play: ({ on }) => on("testhub", async (connection) => [
      await connection.invoke("Add", 2, 3),
      await connection.invoke("EchoNullable", null),
      await connection.invoke("EchoMap", { a: 1, b: 2 }),
      await connection.invoke("EchoList", [1, -2, 2147483647]),
      await connection.invoke("GetActiveTransportName"),
      (await connection.invoke("GetCallerConnectionId")) === connection.connectionId,
    ]),
    expected: ({ transportName }) => [5, null, { a: 1, b: 2 }, [1, -2, 2147483647], transportName, true],
  },

  "void": {
    play: ({ on }) => on("testhub", (connection) => connection.invoke("Void")),
    expected: null,
  },

  "non-blocking": {
    play: ({ on }) => on("testhub", async (connection) => {
      const inbox = inboxOf(connection, "Message");
      const sent = await connection.send("ThrowException", "nobody hears it");
      await connection.send("InvokeWithString", "heard");
      return [sent, ...await inbox.count(1)];
    }),
    expected: [undefined, "heard"],
  },

  "error": {
    play: ({ on }) => on("testhub", async (connection) => [
      await failure(connection.invoke("ThrowException", "kaboom 世界")),
      await failure(connection.invoke("ThrowHubException", "for you")),
      await failure(connection.invoke("Nowhere")),
      await connection.invoke("Echo", "on"),
    ]),
    expected: [
      "An unexpected error occurred invoking 'ThrowException' on the server. InvalidOperationException: kaboom 世界",
      "An unexpected error occurred invoking 'ThrowHubException' on the server. HubException: for you",
      "Failed to invoke 'Nowhere' due to an error on the server. HubException: Method does not exist.",
      "on",
    ],
  },

  "stream": {
    play: ({ on }) => on("testhub", async (connection) => [
      await itemsOf(connection.stream("Stream")),
      await itemsOf(connection.stream("EmptyStream")),
      await itemsOf(connection.stream("Counter", 300, 0)),
    ]),
    expected: [["a", "b", "c"], [], Array.from({ length: 300 }, (_, item) => item)],
  },

  "cancel": {
    play: ({ on }) => on("testhub", async (connection) => {
      const inbox = inboxOf(connection, "StreamCanceled");
      const endless = follow(connection.stream("InfiniteStream"));
      const counter = follow(connection.stream("Counter", 1_000_000, 1));
      await counter.inbox.count(5);
      counter.cancel();
      endless.cancel();
      await inbox.count(1);
      return [counter.inbox.received.slice(0, 5), await connection.invoke("Echo", "on")];
    }),
    expected: [[0, 1, 2, 3, 4], "on"],
  },

  "error in stream": {
    play: ({ on }) => on("testhub", async (connection) => {
      const { inbox, ended } = follow(connection.stream("CounterThenThrow", 3));
      return [await failure(ended), inbox.received, await connection.invoke("Echo", "on")];
    }),
    expected: ["An error occurred on the server while streaming results. InvalidOperationException: stream failed", [0, 1, 2], "on"],
  },

  "upload": {
    play: ({ on, signalR }) => on("testhub", async (connection) => {
      const subject = new signalR.Subject();
      const concatenated = connection.invoke("StreamingConcat", subject);
      sendAll(subject, Array.from({ length: 300 }, (_, number) => `${number}ä,`));
      return concatenated;
    }),
    expected: Array.from({ length: 300 }, (_, number) => `${number}ä,`).join(""),
  },

  // There is a number between them: of two uploads side by side, every generation of the client sends the second as a plain argument.
  "two uploads": {
    play: ({ on, signalR }) => on("chat", async (connection) => {
      const inbox = inboxOf(connection);
      const [first, second] = [new signalR.Subject(), new signalR.Subject()];
      const ended = connection.invoke("UploadStream", first, 0.5, second);
      for (let step = 1; step <= 3; ++step) {
        first.next(step);
        await inbox.count(2 * step);
        second.next(step / 4);
        await inbox.count(2 * step + 1);
      }
      second.complete();
      sendAll(first, [-7]);
      await ended;
      return inbox.count(9);
    }),
    expected: ["f: 0.5", "u1: 1", "u2: 0.25", "u1: 2", "u2: 0.5", "u1: 3", "u2: 0.75", "u1: -7", "Finished"],
  },

  "upload error": {
    play: ({ on, signalR }) => on("testhub", async (connection) => {
      const subject = new signalR.Subject();
      const concatenated = connection.invoke("StreamingConcat", subject);
      subject.next("a");
      subject.error(new Error("out of paper"));
      return [await failure(concatenated), await connection.invoke("Echo", "on")];
    }),
    expected: ["An unexpected error occurred invoking 'StreamingConcat' on the server. HubException: out of paper", "on"],
  },

  "server call": {
    play: ({ on }) => on("testhub", async (connection) => {
      const messages = inboxOf(connection, "Message");
      const objects = inboxOf(connection, "CustomObject");
      for (const text of texts) {
        await connection.invoke("InvokeWithString", text);
      }
      await connection.invoke("SendCustomObject", { Name: "it", Value: 7 });
      return [await messages.count(texts.length), await objects.count(1)];
    }),
    expected: [texts, [{ Name: "it", Value: 7 }]],
  },

  "group call": {
    play: ({ on }) => on("rooms", (first) => on("rooms", (second) => on("rooms", async (stranger) => {
      const everybody = [first, second, stranger];
      const inboxes = everybody.map((connection) => inboxOf(connection));
      const room = `room ${Math.random()}`;
      await first.invoke("Join", room);
      await second.invoke("Join", room);
      await first.invoke("SendRoom", room, "for both");
      await second.invoke("SendOthersInRoom", room, "for the first");
      await second.invoke("Leave", room);
      await first.invoke("SendRoom", room, "for who is left");
      await Promise.all(everybody.map((connection) => connection.invoke("SendCaller", "end")));
      return Promise.all(inboxes.map((inbox) => inbox.until((received) => received.includes("end"))));
    }))),
    expected: [["for both", "for the first", "for who is left", "end"], ["for both", "end"], ["end"]],
  },

  "unicode": {
    play: ({ on }) => on("testhub", async (connection) => {
      const echoes = [];
      for (const text of texts) {
        echoes.push(await connection.invoke("Echo", text));
      }
      return [echoes, await connection.invoke("EchoMap", { "ключ 🗝": 1 })];
    }),
    expected: [texts, { "ключ 🗝": 1 }],
  },

  "large message": {
    play: ({ on }) => on("bench", async (connection) => {
      const text = "0123456789".repeat(3000);
      const wide = "世".repeat(10_000);
      const [item] = await itemsOf(connection.stream("Stream", 1, 100_000));
      return [(await connection.invoke("Echo", text)) === text, (await connection.invoke("Echo", wide)) === wide, item === "x".repeat(100_000)];
    }),
    expected: [true, true, true],
  },

  "too large message": {
    play: (place) => place.on("bench", async (other) => {
      const { connection, closed } = await startClosing(place, "bench");
      const size = (await connection.invoke("Echo", "x".repeat(32_600))).length;
      const refused = await failure(connection.invoke("Echo", "x".repeat(32_800)));
      return [size, refused !== "no error", await closed, await other.invoke("Echo", "on")];
    }),
    expected: [32_600, true, ["Disconnected", "Server returned an error on close: Connection closed with an error."], "on"],
  },

  "abort": {
    play: async (place) => {
      const { connection, closed } = await startClosing(place, "testhub", { reconnect: [0, 0, 0] });
      const refused = await failure(connection.invoke("Abort"));
      return [refused !== "no error", await closed];
    },
    // With the event source that clients 3 and 5 have in Node, they take the end of a stream for an error, whatever the server.
    expected: ({ version, transportName, isInPage }) =>
      [true, ["Disconnected", version <= 5 && transportName === "ServerSentEvents" && !isInPage ? "Error occurred" : "in order"]],
  },

  "stop": {
    play: async (place) => {
      const { signalR } = place;
      const { connection, closed } = await startClosing(place, "testhub", { reconnect: [0, 0, 0] });
      const plain = failure(connection.invoke("Slow", 1000));
      const upload = failure(connection.invoke("Sum", new signalR.Subject()));
      const stream = failure(follow(connection.stream("InfiniteStream")).ended);
      await connection.stop();
      const failures = await Promise.all([plain, upload, stream]);
      await connection.start();
      const echo = await connection.invoke("Echo", "again");
      await connection.stop();
      return [failures.includes("no error"), await closed, echo];
    },
    expected: [false, ["Disconnected", "in order"], "again"],
  },

  "automatic reconnect": {
    play: async (place) => {
      const proxy = await place.openProxy();
      const reconnected = signal();
      const seen = await place.on("testhub", async (connection) => {
        const first = connection.connectionId;
        const pending = failure(connection.invoke("Sum", new place.signalR.Subject()));
        await connection.send("Void");
        // To cut connections is not enough: Chromium repeats a poll by itself.
        await proxy.block();
        const refused = (await pending) !== "no error";
        const second = await reconnected.fired;
        return [refused, first !== second, (await connection.invoke("GetCallerConnectionId")) === second];
      }, {
        at: proxy.url,
        reconnect: { nextRetryDelayInMilliseconds: () => 20 },
        configure(connection) {
          connection.onreconnecting(() => proxy.unblock());
          connection.onreconnected(reconnected.fire);
        },
      });
      proxy.close();
      return seen;
    },
    expected: [true, true, true],
  },
};

/** What this client has to see of a cell. */
export function expectedOf(name, client) {
  const { expected } = cells[name];
  return typeof expected === "function" ? expected(client) : expected;
}
