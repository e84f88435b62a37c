# SPDX-License-Identifier: MIT
"""What a case is: bytes that go to `/ws-echo`, all that has to come back, and how the connection has to end."""

import contextlib
import http.client
import json
import threading
import urllib.parse

from probe.hosts import PATIENCE
from probe.websocket import (BINARY, CLOSE, CONTINUATION, OPCODE_NAMES, PING, PONG, TEXT, WebSocket, build_frame, close_payload)
from probe.wire import Wire

ROUTE = "/ws-echo"
#: Of every frame, unless a case wants another.
MASK = bytes.fromhex("37fa213d")
#: Sockets may not hold more than this, so that it is sent while the answers are read.
LARGE = 32 * 1024
#: A case with no more than this is also played through a proxy that sends each byte alone.
CHEAP = 2048

#: How a connection ends, if not by a Close frame of the server's own with a code.
CLIENT_CLOSES = "the client closes, in order"
CLIENT_LEAVES = "the client ends its half without a word, and the server the other"


class Wrong(Exception):
    """The server did something else than it has to."""


class Case:
    """One conversation or a few. `play` takes the Place to play at and raises Wrong."""

    def __init__(self, name, play, cheap=False):
        self.name = name
        self.play = play
        self.cheap = cheap


class Place:
    """Where the echo is served."""

    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        self.host = parts.netloc
        self.address = (parts.hostname, parts.port)

    @contextlib.contextmanager
    def connected(self, early=b""):
        """A WebSocket, with bytes that are sent right behind the request."""
        wire = Wire(self.address, PATIENCE)
        try:
            socket, response = WebSocket.open(wire, ROUTE, self.host, early=early)
            if socket is None:
                raise Wrong(f"the WebSocket was answered with {response.status}")
            yield socket
        finally:
            wire.close()

    def statistics(self):
        """The server's counters."""
        connection = http.client.HTTPConnection(*self.address, timeout=PATIENCE)
        try:
            connection.request("GET", "/statistics", headers={"Connection": "close"})
            return json.load(connection.getresponse())
        finally:
            connection.close()


# ---- what is sent

def frame(opcode, payload=b"", **options):
    """A frame of the client's; the options are those of build_frame."""
    return build_frame(opcode, payload, **{"mask": MASK, **options})


def fragments(opcode, parts, between=b""):
    """The frames of a message, one for each part, with something between each two of them."""
    last = len(parts) - 1
    for index, part in enumerate(parts):
        yield frame(CONTINUATION if index else opcode, part, fin=index == last) + (b"" if index == last else between)


def chopped(data, size=1):
    """The bytes in pieces, each to be sent alone."""
    return [data[start:start + size] for start in range(0, len(data), size)]


def closing(code, reason=b""):
    return frame(CLOSE, close_payload(code, reason))


def sample(opcode, size):
    """Bytes for a message of this kind; text has characters of every length as far as there is room."""
    unit = "aß€😀z".encode() if opcode == TEXT else bytes(range(256))
    return unit * (size // len(unit)) + (b"." if opcode == TEXT else b"\xff") * (size % len(unit))


# ---- what has to come back

def message(opcode, payload):
    return OPCODE_NAMES[opcode], payload


def pong(payload=b""):
    return OPCODE_NAMES[PONG], payload


def shown(event):
    """An event for a report, cut where it is long."""
    name, payload = event
    if isinstance(payload, bytes) and len(payload) > 60:
        payload = f"{len(payload)} bytes from {payload[:20]} to {payload[-20:]}"
    return name if payload is None else f"{name} {payload}"


def expect(socket, expected):
    seen = socket.event()
    if seen != expected:
        raise Wrong(f"seen: {shown(seen)}; expected: {shown(expected)}")


def send(wire, pieces):
    """Returns what to call when the answers have been read."""
    if sum(map(len, pieces)) <= LARGE:
        for piece in pieces:
            wire.send(piece)
        return lambda: None
    sender = threading.Thread(target=lambda: [wire.send(piece) for piece in pieces], daemon=True)
    sender.start()
    return sender.join


def converse(place, pieces, answers=(), end=CLIENT_CLOSES):
    """Sends all pieces, each in a write of its own. Back come exactly these answers, then the end: of the WebSocket and of its socket."""
    with place.connected() as socket:
        sent = send(socket.wire, pieces)
        for answer in answers:
            expect(socket, answer)
        finish(socket, end)
        sent()


def finish(socket, end=CLIENT_CLOSES):
    if end == CLIENT_LEAVES:
        socket.wire.finish_sending()
    elif end == CLIENT_CLOSES:
        socket.wire.send(closing(1000))
        end = 1000
    if end != CLIENT_LEAVES:
        expect(socket, ("close", (end, "")))
    expect(socket, ("closed", None))


def exchange(name, pieces, answers=(), end=CLIENT_CLOSES):
    """A case of one conversation, see converse()."""
    pieces, answers = list(pieces), list(answers)
    return Case(name, lambda place: converse(place, pieces, answers, end), cheap=sum(map(len, pieces)) <= CHEAP)


def echo(name, opcode, payload, pieces=None):
    """A case of one message that comes back, in one frame or in these pieces."""
    return exchange(name, [frame(opcode, payload)] if pieces is None else pieces, [message(opcode, payload)])


def refused(name, code, *pieces, answers=()):
    """A case that the server ends with a close code, and with the socket."""
    return exchange(name, pieces, answers, end=code)


KINDS = (TEXT, BINARY)
CONTROLS = (PING, PONG, CLOSE)
HELLO = frame(TEXT, b"hello")
HELLO_BACK = message(TEXT, b"hello")


def control(opcode):
    """A right control frame of this kind."""
    return frame(opcode, close_payload(1000) if opcode == CLOSE else b"p")
