// SPDX-License-Identifier: MIT
import { build, withConnection } from "../support/connection.mjs";

/**
 * Where a cell is played: with which client library, on which server.
 * openProxy() resolves to a proxy in front of that server, see support/proxy.mjs: { url, block(), unblock(), close() }.
 */
export function placeAt(signalR, url, openProxy) {
  return {
    signalR,
    openProxy,
    build: (route, options) => build(signalR, `${url}/${route}`, options),
    on: (route, use, { at = url, ...options } = {}) => withConnection(signalR, `${at}/${route}`, use, options),
  };
}
