// SPDX-License-Identifier: MIT
// Plain calls beyond the matrix: values, texts of errors, many at once, pings meanwhile.
import assert from "node:assert/strict";
import { withConnection } from "./support/connection.mjs";
import { useServer } from "./support/servers.mjs";
import { sideBySide, testWithClients } from "./support/suite.mjs";

const server = useServer("conformance");
const on = (route, signalR, use, options) => withConnection(signalR, `${server.url}/${route}`, use, options);

const values = [
  ["EchoDouble", 0.1], ["EchoDouble", -1.5e300], ["EchoDouble", 5e-324], ["EchoDouble", 123456789.125],
  ["EchoBool", true], ["EchoBool", false], ["EchoNullable", null], ["EchoNullable", -2147483648],
  ["EchoList", []], ["EchoList", [1, -2, 2147483647]], ["EchoMap", {}], ["EchoMap", { "ä": 1, b: 2 }],
];

const withDetails = {
  "too few arguments": [["Add", 1],
    "Failed to invoke 'Add' due to an error on the server. InvalidDataException: Invocation provides 1 argument(s) but target expects 2."],
  "a streaming method as plain call": [["Counter", 1, 0],
    "The client attempted to invoke the streaming 'Counter' method with a non-streaming invocation."],
};

const withoutDetails = {
  "a method that throws": [["ThrowException", "secret"], "An unexpected error occurred invoking 'ThrowException' on the server."],
  "a hub exception": [["ThrowHubException", "for you"],
    "An unexpected error occurred invoking 'ThrowHubException' on the server. HubException: for you"],
  "an argument of the wrong type": [["Add", 1, "two"], "Failed to invoke 'Add' due to an error on the server."],
  "an unknown method": [["Nowhere"],
    "Failed to invoke 'Nowhere' due to an error on the server. HubException: Method does not exist."],
};

function testErrors(route, table) {
  for (const [name, [call, message]] of Object.entries(table)) {
    testWithClients(`/${route}: ${name}`, (signalR) =>
      on(route, signalR, async (connection) => {
        await assert.rejects(connection.invoke(...call), { message });
        assert.equal(await connection.invoke("Add", 2, 3), 5);
      }));
  }
}

sideBySide("calls", () => {
  testWithClients("values come back as they went", (signalR, { isBinary }) =>
    on("testhub", signalR, async (connection) => {
      for (const [method, value] of values) {
        assert.deepEqual(await connection.invoke(method, value), value, method);
      }
      assert.equal(await connection.invoke("AddLong", 4503599627370496, 1), 4503599627370497);
      assert.equal(await connection.invoke("Void"), null);
      const bytes = isBinary ? Uint8Array.of(1, 2, 3) : "AQID";
      assert.deepEqual(await connection.invoke("EchoBytes", bytes), bytes);
    }));

  testWithClients("method names match without case", (signalR) =>
    on("testhub", signalR, async (connection) => assert.equal(await connection.invoke("eCHO", "x"), "x")));

  for (const route of ["testhub", "parallel"]) {
    testWithClients(`200 calls at once on /${route}`, (signalR) =>
      on(route, signalR, async (connection) => {
        const numbers = Array.from({ length: 200 }, (_, number) => `call ${number} ✓`);
        assert.deepEqual(await Promise.all(numbers.map((text) => connection.invoke("Echo", text))), numbers);
      }));
  }

  testWithClients("four calls of a connection run at once on /parallel, never five", (signalR) =>
    on("parallel", signalR, async (connection) => {
      const calls = Array.from({ length: 40 }, (_, id) => connection.invoke("Track", id, 20));
      const running = (await Promise.all(calls)).map(([atEntry]) => atEntry);
      assert.equal(Math.max(...running), 4);
    }));

  testErrors("testhub", withDetails);
  testErrors("quiet", withoutDetails);
});

// Apart from the others: the server hears nothing from a client that is busy with something else.
sideBySide("pings", () => {
  testWithClients("pings are read and sent while a call runs", (signalR) =>
    on("limits", signalR, async (connection) => {
      assert.equal(await connection.invoke("Slow", 3500), "done");
    }, {
      configure(connection) {
        connection.keepAliveIntervalInMilliseconds = 500;
        connection.serverTimeoutInMilliseconds = 3000;
      },
    }));
});
