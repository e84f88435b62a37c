// SPDX-License-Identifier: MIT
// Socket.IO as it comes: `Echo` is acknowledged with its text, `Bcast` sends it to everybody.
import { Server } from 'socket.io';
import { listening } from './listening.mjs';

const server = new Server(await listening());
server.on('connection', (socket) => {
    socket.on('Echo', (text, acknowledge) => acknowledge(text));
    socket.on('Bcast', (text) => server.emit('receive', text));
});
