# SPDX-License-Identifier: MIT
"""9: large messages, many frames, many messages. They have to pass whole; how fast is for test/benchmark."""

from case import (BINARY, CONTINUATION, KINDS, OPCODE_NAMES, PING, TEXT, Case, Wrong, chopped, closing, converse, expect, finish, fragments, frame,
                  message, pong, sample)

KIB, MIB = 1024, 1024 * 1024
LARGEST = 16 * MIB
SIZES = {"64 KiB": 64 * KIB, "256 KiB": 256 * KIB, "1 MiB": MIB, "4 MiB": 4 * MIB, "8 MiB": 8 * MIB, "16 MiB": LARGEST}
FRAGMENTS = {"64 bytes": 64, "256 bytes": 256, "1 KiB": KIB, "4 KiB": 4 * KIB, "16 KiB": 16 * KIB, "64 KiB": 64 * KIB, "256 KiB": 256 * KIB, "1 MiB": MIB}
WRITES = (64, 128, 256, 512, 1024, 2048)
SMALL = (0, 16, 64, 256, 1024, 4096)
ROUNDS = 250


def cases():
    for opcode in KINDS:
        kind = OPCODE_NAMES[opcode]
        for name, size in SIZES.items():
            yield large(f"{kind} of {name}", opcode, size)
        for name, size in FRAGMENTS.items():
            yield large(f"{kind} of 4 MiB in fragments of {name}", opcode, 4 * MIB, fragment=size)
        for size in WRITES:
            yield large(f"{kind} of 256 KiB, {size} bytes at a time", opcode, 256 * KIB, write=size)
        for size in SMALL:
            yield Case(f"{ROUNDS} messages one after another, {kind} of {size} bytes", one_after_another(opcode, size))
            yield Case(f"{ROUNDS} messages at once, {kind} of {size} bytes", at_once(opcode, size))
        yield Case(f"{kind} of a byte more than 16 MiB", too_large(opcode))
        yield Case(f"{kind} of a byte more than 16 MiB, in fragments", too_large(opcode, MIB))
    yield Case("a large message that has not come whole keeps nobody waiting", beside_a_large_one)
    yield Case("a large answer that is not read keeps nobody waiting", beside_a_large_answer)


def large(name, opcode, size, fragment=None, write=None):
    """A case whose bytes exist only while it is played."""
    def play(place):
        payload = sample(opcode, size)
        pieces = [b"".join(fragments(opcode, chopped(payload, fragment)))] if fragment else [frame(opcode, payload)]
        converse(place, chopped(pieces[0], write) if write else pieces, [message(opcode, payload)])
    return Case(name, play)


def one_after_another(opcode, size):
    """Each echo is one write of the server's, and costs as much as the first."""
    def play(place):
        payload = sample(opcode, size)
        with place.connected() as socket:
            before = place.statistics()["writes"]
            for _ in range(ROUNDS):
                socket.wire.send(frame(opcode, payload))
                expect(socket, message(opcode, payload))
            written = place.statistics()["writes"] - before
            finish(socket)
        if written != ROUNDS:
            raise Wrong(f"{ROUNDS} answers took {written} writes")
    return play


def at_once(opcode, size):
    return lambda place: converse(place, [frame(opcode, sample(opcode, size)) * ROUNDS], [message(opcode, sample(opcode, size))] * ROUNDS)


def too_large(opcode, fragment=None):
    """The limit itself passes, see SIZES. The server closes with 1009, and the socket when that is answered."""
    def play(place):
        payload = sample(opcode, LARGEST + 1)
        with place.connected() as socket:
            for piece in fragments(opcode, chopped(payload, fragment) if fragment else [payload]):
                socket.wire.send(piece)
            expect(socket, ("close", (1009, "")))
            socket.wire.send(closing(1009))
            expect(socket, ("closed", None))
    return play


def beside_a_large_one(place):
    payload = sample(BINARY, LARGEST)
    half = LARGEST // 2
    with place.connected() as slow, place.connected() as other:
        slow.wire.send(frame(BINARY, payload[:half], fin=False) + frame(PING, b"p"))
        expect(slow, pong(b"p"))
        other.wire.send(frame(TEXT, b"meanwhile"))
        expect(other, message(TEXT, b"meanwhile"))
        slow.wire.send(frame(CONTINUATION, payload[half:]))
        expect(slow, message(BINARY, payload))
        finish(slow)
        finish(other)


def beside_a_large_answer(place):
    payload = sample(BINARY, LARGEST)
    with place.connected() as slow, place.connected() as other:
        slow.wire.send(frame(BINARY, payload))
        for _ in range(3):
            other.wire.send(frame(TEXT, b"meanwhile"))
            expect(other, message(TEXT, b"meanwhile"))
        slow.wire.send(closing(1000))
        expect(slow, message(BINARY, payload))
        expect(slow, ("close", (1000, "")))
        expect(slow, ("closed", None))
        finish(other)
