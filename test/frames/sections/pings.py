# SPDX-License-Identifier: MIT
"""2: pings are answered with what they carry, in order; pongs that nobody asked for mean nothing."""

from case import (CONTINUATION, HELLO, HELLO_BACK, PING, PONG, TEXT, chopped, exchange, fragments, frame, message, pong, refused, sample)

SIZES = (0, 1, 2, 3, 4, 7, 8, 9, 64, 124, 125)


def cases():
    for size in SIZES:
        payload = sample(2, size)
        yield exchange(f"a ping of {size} bytes", [frame(PING, payload)], [pong(payload)])
        yield exchange(f"a ping of {size} bytes, one at a time", chopped(frame(PING, payload)), [pong(payload)])
        yield exchange(f"a pong of {size} bytes, then a message", [frame(PONG, payload), HELLO], [HELLO_BACK])
    for start in range(0, 256, 64):
        payload = bytes(range(start, start + 64))
        yield exchange(f"a ping with the bytes from {start}", [frame(PING, payload)], [pong(payload)])
    for opcode, kind in ((PING, "ping"), (PONG, "pong")):
        for size in (126, 127, 65535, 65536):
            yield refused(f"a {kind} of {size} bytes", 1002, frame(opcode, sample(2, size))[:200])
        yield refused(f"a {kind} that is not final", 1002, frame(opcode, b"x", fin=False))
        yield refused(f"a {kind} that is not final, within a message", 1002, frame(TEXT, b"a", fin=False), frame(opcode, b"x", fin=False))
    yield from many()


def many():
    numbers = [b"ping %d" % number for number in range(100)]
    pings = [frame(PING, number) for number in numbers]
    yield exchange("10 pings, each in a write", pings[:10], map(pong, numbers[:10]))
    yield exchange("10 pings, one byte at a time", chopped(b"".join(pings[:10])), map(pong, numbers[:10]))
    yield exchange("100 pings in one write", [b"".join(pings)], map(pong, numbers))
    yield exchange("pings between messages", [frame(PING, b"1") + HELLO + frame(PING, b"2") + HELLO + frame(PING, b"3")],
                   [pong(b"1"), HELLO_BACK, pong(b"2"), HELLO_BACK, pong(b"3")])
    yield exchange("a pong between pings", [pings[0], frame(PONG, b"ping 0"), pings[1]], [pong(numbers[0]), pong(numbers[1])])
    yield exchange("a ping between fragments is answered before their message",
                   [frame(TEXT, b"a", fin=False), pings[0], frame(CONTINUATION, b"b")], [pong(numbers[0]), message(TEXT, b"ab")])
    yield exchange("100 pings between fragments", fragments(TEXT, [b"a"] * 101, between=pings[0]), [pong(numbers[0])] * 100 + [message(TEXT, b"a" * 101)])
