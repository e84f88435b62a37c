// SPDX-License-Identifier: MIT
// What the contract has and the conformance host does not serve yet, it refuses in clear words.
import assert from "node:assert/strict";
import { withConnection } from "./support/connection.mjs";
import { useServer } from "./support/servers.mjs";
import { sideBySide, test, testWithClients } from "./support/suite.mjs";

const server = useServer("conformance");
const routes = [
  "/authorizedhub", "/authorizedhub/negotiate?negotiateVersion=1", "/stateful", "/stateful/negotiate?useStatefulReconnect=true", "/filtered",
  "/Filtered/negotiate", "/clientresult/some-id", "/generateJwtToken",
];

const calls = {
  SendUser: [["ada", "text"], "Users are not served yet."],
  SendUsers: [[["ada", "bob"], "text"], "Users are not served yet."],
  WhoAmI: [[], "Users are not served yet."],
  Ask: [["some-id", "text"], "Questions to clients are not served yet."],
};

function refusals() {
  test("routes answer 501", async () => {
    for (const route of routes) {
      for (const method of ["GET", "POST", "DELETE"]) {
        const answer = await fetch(server.url + route, { method });
        assert.equal(`${route} ${answer.status} ${await answer.text()}`, `${route} 501 This part of the contract is not served yet.`);
      }
    }
    assert.equal((await fetch(`${server.url}/statefully`)).status, 404);
  });

  testWithClients("calls of /rooms fail, and the connection goes on", (signalR) =>
    withConnection(signalR, `${server.url}/rooms`, async (connection) => {
      for (const [method, [values, text]] of Object.entries(calls)) {
        await assert.rejects(connection.invoke(method, ...values), {
          message: `An unexpected error occurred invoking '${method}' on the server. HubException: ${text}`,
        });
      }
      await connection.invoke("Join", "room");
    }));
}

if (process.env.ASIGNALR_CONFORMANCE_URL) {
  test("later work", undefined, { skip: "the server may serve more" });
} else {
  sideBySide("later work", refusals);
}
