// SPDX-License-Identifier: MIT
// What the hosts beside this file share: a server of plain HTTP on the address of `--urls`, which says where it listens.
import { createServer } from 'node:http';

/** Listens on a free port where the address has port 0. */
export async function listening() {
    const at = process.argv.indexOf('--urls');
    const url = new URL(at < 0 ? 'http://127.0.0.1:0' : process.argv[at + 1]);
    const server = createServer((request, response) => response.writeHead(404).end());
    await new Promise((done) => server.listen({ host: url.hostname, port: Number(url.port), backlog: 4096 }, done));
    process.on('SIGTERM', () => process.exit(0));
    console.log(`Now listening on: http://${url.hostname}:${server.address().port}`);
    return server;
}
