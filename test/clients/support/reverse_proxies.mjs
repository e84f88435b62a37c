// SPDX-License-Identifier: MIT
// nginx and haproxy with the configurations that docs/embedding.md shows, as processes of the tests on ports that the system chooses.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { findProgram } from "./programs.mjs";

const openssl = findProgram("openssl");
const page = readFileSync(new URL("../../../docs/embedding.md", import.meta.url), "utf8");

// What the page shows in its one block of this language, with some of its words replaced; each stands there.
function sample(language, replacements) {
  const blocks = [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms"))].map(([, text]) => text);
  assert.equal(blocks.length, 1, `blocks of ${language} in docs/embedding.md`);
  return Object.entries(replacements).reduce((text, [shown, used]) => {
    assert.equal(text.split(shown).length, 2, `how often '${shown}' stands in the sample`);
    return text.replace(shown, used);
  }, blocks[0]);
}

// Around the sample, what a distribution has in its own file. Workers of root are somebody else, and need the folder too.
const nginx = {
  name: "nginx",
  configure: ({ folder, port, backend }) => `
    daemon off;
    pid ${folder}/pid;
    error_log stderr;
    events { worker_connections 4096; }
    http {
    access_log off;
    client_body_temp_path ${folder}/body;
    proxy_temp_path ${folder}/proxy;
    fastcgi_temp_path ${folder}/fastcgi;
    uwsgi_temp_path ${folder}/uwsgi;
    scgi_temp_path ${folder}/scgi;
    ${sample("nginx", {
      "listen 443 ssl": `listen 127.0.0.1:${port} ssl`,
      "/etc/nginx/chat.example.pem": `${folder}/certificate.pem`,
      "/etc/nginx/chat.example.key": `${folder}/key.pem`,
      "http://127.0.0.1:8100": `http://127.0.0.1:${backend}`,
    })}
    }`,
  words: (file, folder) => ["-e", "stderr", "-p", folder, "-c", file],
};

const haproxy = {
  name: "haproxy",
  configure: ({ folder, port, backend }) => sample("haproxy", {
    "bind :443": `bind 127.0.0.1:${port}`,
    "/etc/haproxy/chat.example.pem": `${folder}/both.pem`,
    "127.0.0.1:8100": `127.0.0.1:${backend}`,
  }),
  words: (file) => ["-db", "-f", file],
};

/** Those that may be started; `missing` names what this machine lacks for it. */
export const reverseProxies = [nginx, haproxy].map((kind) => {
  const executable = findProgram(kind.name);
  return { ...kind, executable, missing: executable ? (openssl ? undefined : "openssl") : kind.name };
});

function makeCertificate(folder) {
  execFileSync(openssl, [
    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost",
    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", `${folder}/key.pem`, "-out", `${folder}/certificate.pem`,
  ], { stdio: "ignore" });
  writeFileSync(`${folder}/both.pem`, readFileSync(`${folder}/certificate.pem`, "utf8") + readFileSync(`${folder}/key.pem`, "utf8"));
}

async function freePort() {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

function canConnect(port) {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: "127.0.0.1" });
    socket.on("connect", () => resolve(true)).on("error", () => resolve(false)).on("connect", () => socket.destroy());
  });
}

// Neither can listen on whatever port is free: one is looked for, and another if somebody else was quicker.
async function launch(kind, folder, backend) {
  for (let attempt = 1; ; ++attempt) {
    const port = await freePort();
    const file = join(folder, `${kind.name}.conf`);
    writeFileSync(file, kind.configure({ folder, port, backend }));
    const child = spawn(kind.executable, kind.words(file, folder), { stdio: ["ignore", "ignore", "inherit"] });
    while (child.exitCode === null && !(await canConnect(port))) {
      await pause(20);
    }
    if (child.exitCode === null) {
      return { child, port };
    }
    assert.ok(attempt < 3, `${kind.name} ended with ${child.exitCode}`);
  }
}

/** One of reverseProxies in front of 127.0.0.1:backend: its port, which speaks TLS, and stop(). */
export async function startReverseProxy(kind, backend) {
  const folder = mkdtempSync(join(tmpdir(), `asignalr-${kind.name}-`));
  chmodSync(folder, 0o755);
  makeCertificate(folder);
  const { child, port } = await launch(kind, folder, backend);
  return {
    port,
    async stop() {
      const exit = once(child, "exit");
      child.kill("SIGTERM");
      await exit;
      rmSync(folder, { recursive: true });
    },
  };
}
