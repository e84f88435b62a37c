// SPDX-License-Identifier: MIT
// npm `ws` as it comes: what a client sends goes back to it, or on `/broadcast` to everybody. No hub, no JSON.
import { WebSocketServer } from 'ws';
import { listening } from './listening.mjs';

const sockets = new WebSocketServer({ server: await listening() });
sockets.on('connection', (socket, request) => {
    const receivers = request.url === '/broadcast' ? sockets.clients : [socket];
    socket.on('message', (message, isBinary) => {
        for (const receiver of receivers) receiver.send(message, { binary: isBinary });
    });
});
