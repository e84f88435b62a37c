#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// The proxy of the client tests as a program: node proxy.mjs PORT [sliced] [lanes=N]. Prints its URL; ends with its standard input.
import { startProxy } from "../clients/support/proxy.mjs";

const [port, ...options] = process.argv.slice(2);
const lanes = Number(options.find((option) => option.startsWith("lanes="))?.slice("lanes=".length) ?? 1);
const proxy = await startProxy(Number(port), { sliced: options.includes("sliced"), lanes });
console.log(proxy.url);
process.stdin.resume().on("end", () => process.exit(0));
