// SPDX-License-Identifier: MIT
// Connections of Microsoft's client and what arrives over them; for Node and for a page alike.

/** Everything a connection receives under one name, in order, to be awaited. */
export class Inbox {
  #waiting = [];
  received = [];

  add(item) {
    this.received.push(item);
    this.#waiting.splice(0).forEach((look) => look());
  }

  /** Waits until `condition(received)` holds. */
  async until(condition) {
    while (!condition(this.received)) {
      await new Promise((resolve) => this.#waiting.push(resolve));
    }
    return this.received;
  }

  count(number) {
    return this.until((received) => received.length >= number);
  }
}

/**
 * The client library, as one whose connections come over this transport (undefined: the client's own choice) and with this protocol
 * (undefined: JSON).
 */
export function prepare(signalR, transport, Protocol) {
  class Builder extends signalR.HubConnectionBuilder {
    build() {
      if (Protocol) {
        this.withHubProtocol(new Protocol());
      }
      return super.build();
    }
  }
  return { ...signalR, HubConnectionBuilder: Builder, chosenTransport: transport };
}

/**
 * A started connection over the transport that was chosen for `signalR`, ended when `use(connection)` is over.
 * Options: reconnect (delays in milliseconds), skipNegotiation, headers, configure(connection) before the start.
 */
export async function withConnection(signalR, url, use, { configure, ...options } = {}) {
  const connection = build(signalR, url, options);
  configure?.(connection);
  await connection.start();
  try {
    return await use(connection);
  } finally {
    await connection.stop();
  }
}

export function build(signalR, url, { reconnect, skipNegotiation = false, headers } = {}) {
  const builder = new signalR.HubConnectionBuilder().configureLogging(signalR.LogLevel.None);
  if (signalR.chosenTransport === undefined) {
    builder.withUrl(url);
  } else {
    builder.withUrl(url, { transport: signalR.chosenTransport, skipNegotiation, headers });
  }
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
