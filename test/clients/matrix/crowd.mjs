// SPDX-License-Identifier: MIT
import { build, inboxOf } from "../support/connection.mjs";

/** The clients of one place that share a room with those of other places. */
export class Crowd {
  #members;
  #room;

  constructor(signalR, url, size, room) {
    this.#room = room;
    this.#members = Array.from({ length: size }, () => {
      const connection = build(signalR, `${url}/rooms`);
      return { connection, inbox: inboxOf(connection) };
    });
  }

  /** Connects all of them and joins the room. */
  gather() {
    return this.#each(async ({ connection }) => {
      await connection.start();
      await connection.invoke("Join", this.#room);
    });
  }

  /** Each tells the room its number, from `first` on. */
  speak(first) {
    return this.#each(({ connection }, number) => connection.invoke("SendRoom", this.#room, String(first + number)));
  }

  /** What each has heard when it has heard so many, in order of numbers. */
  heard(count) {
    return this.#each(async ({ inbox }) => (await inbox.count(count)).map(Number).sort((left, right) => left - right));
  }

  leave() {
    return this.#each(({ connection }) => connection.stop());
  }

  #each(action) {
    return Promise.all(this.#members.map(action));
  }
}

/** Lets crowds of this size meet, wherever they are: what each of all the clients has heard. */
export async function meet(crowds, size) {
  await Promise.all(crowds.map((crowd) => crowd.gather()));
  await Promise.all(crowds.map((crowd, index) => crowd.speak(index * size)));
  const heard = await Promise.all(crowds.map((crowd) => crowd.heard(crowds.length * size)));
  await Promise.all(crowds.map((crowd) => crowd.leave()));
  return heard.flat();
}

/** What so many clients have to hear: each one everybody. */
export function everybodyHeard(count) {
  const numbers = Array.from({ length: count }, (_, number) => number);
  return numbers.map(() => numbers);
}
