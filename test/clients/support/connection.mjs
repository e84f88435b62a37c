// SPDX-License-Identifier: MIT
import { EventEmitter, once } from "node:events";

/** Everything a connection receives under one name, in order, to be awaited. */
export class Inbox {
  #events = new EventEmitter();
  received = [];

  add(item) {
    this.received.push(item);
    this.#events.emit("change");
  }

  /** Waits until `condition(received)` holds. */
  async until(condition) {
    while (!condition(this.received)) {
      await once(this.#events, "change");
    }
    return this.received;
  }

  count(number) {
    return this.until((received) => received.length >= number);
  }
}

/**
 * A started connection over the transport that was chosen for `signalR`, ended when `use(connection)` is over.
 * Options: reconnect (delays in milliseconds), skipNegotiation, configure(connection) before the start.
 */
export async function withConnection(signalR, url, use, { reconnect, skipNegotiation = false, configure } = {}) {
  const connection = build(signalR, url, { reconnect, skipNegotiation });
  configure?.(connection);
  await connection.start();
  try {
    return await use(connection);
  } finally {
    await connection.stop();
  }
}

export function build(signalR, url, { reconnect, skipNegotiation = false } = {}) {
  const builder = new signalR.HubConnectionBuilder()
    .withUrl(url, { transport: signalR.chosenTransport, skipNegotiation })
    .configureLogging(signalR.LogLevel.None);
  if (reconnect) {
    builder.withAutomaticReconnect(reconnect);
  }
  return builder.build();
}

/** The messages that the hub sends to the client method `name`. */
export function inboxOf(connection, name = "receive") {
  const inbox = new Inbox();
  connection.on(name, (...values) => inbox.add(values.length === 1 ? values[0] : values));
  return inbox;
}

/** A running stream: `inbox` of its items, `ended` resolves when it completes and rejects with its error; cancel() ends it. */
export function follow(stream) {
  const inbox = new Inbox();
  let subscription;
  const ended = new Promise((complete, error) => {
    subscription = stream.subscribe({ next: (item) => inbox.add(item), complete, error });
  });
  ended.catch(() => {});
  return { inbox, ended, cancel: () => subscription.dispose() };
}

/** The items of a stream that completes. */
export async function itemsOf(stream) {
  const { inbox, ended } = follow(stream);
  await ended;
  return inbox.received;
}

/** A promise with its resolve function beside it. */
export function signal() {
  let fire;
  const fired = new Promise((resolve) => {
    fire = resolve;
  });
  return { fire, fired };
}
