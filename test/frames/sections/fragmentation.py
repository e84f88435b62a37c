# SPDX-License-Identifier: MIT
"""5: messages in several frames."""

from case import (BINARY, CLOSE, CONTINUATION, HELLO, HELLO_BACK, KINDS, OPCODE_NAMES, PING, PONG, TEXT, chopped, closing, exchange, fragments, frame,
                  message, pong, refused, sample)

COUNTS = (2, 3, 10, 100)
#: Lengths of fragments, among them empty ones at every place.
SHAPES = ((0, 5), (5, 0), (0, 0), (0, 5, 0), (5, 0, 5), (0, 0, 5), (5, 0, 0), (0, 0, 0), (1, 2, 3), (125, 126, 127), (7, 8, 9, 15, 16, 17))


def cut(payload, lengths):
    position = 0
    for length in lengths:
        yield payload[position:position + length]
        position += length


def begun(opcode=TEXT, payload=b"a"):
    return frame(opcode, payload, fin=False)


def more(payload=b"b", fin=True):
    return frame(CONTINUATION, payload, fin=fin)


def cases():
    for opcode in KINDS:
        kind = OPCODE_NAMES[opcode]
        for count in COUNTS:
            payload = sample(opcode, 10 * count)
            parts = chopped(payload, 10)
            yield exchange(f"{kind} in {count} frames", [b"".join(fragments(opcode, parts))], [message(opcode, payload)])
            yield exchange(f"{kind} in {count} frames, one byte at a time", chopped(b"".join(fragments(opcode, parts))), [message(opcode, payload)])
            yield exchange(f"{kind} in {count} frames with a ping between each two", fragments(opcode, parts, between=frame(PING, b"p")),
                           [pong(b"p")] * (count - 1) + [message(opcode, payload)])
            yield exchange(f"{kind} in {count} frames with a pong between each two", fragments(opcode, parts, between=frame(PONG, b"p")),
                           [message(opcode, payload)])
        for lengths in SHAPES:
            payload = sample(opcode, sum(lengths))
            yield exchange(f"{kind} in fragments of {', '.join(map(str, lengths))}", fragments(opcode, list(cut(payload, lengths))),
                           [message(opcode, payload)])
        yield from out_of_order(opcode, kind)
    yield exchange("two messages in fragments", [begun(TEXT), more(), begun(BINARY), more()], [message(TEXT, b"ab"), message(BINARY, b"ab")])
    yield exchange("a message in fragments, then a whole one", [begun(), more(), HELLO], [message(TEXT, b"ab"), HELLO_BACK])
    yield exchange("a Close between fragments ends without an echo", [begun(), closing(1000), more()], end=1000)
    yield refused("a Close that is not final", 1002, frame(CLOSE, b"\x03\xe8", fin=False))
    yield refused("a Close that is not final, within a message", 1002, begun(), frame(CLOSE, b"\x03\xe8", fin=False))


def out_of_order(opcode, kind):
    """Every place at which a continuation, or the beginning of a message, is wrong."""
    for fin in (True, False):
        last = "the last" if fin else "one"
        for payload in (b"", b"b"):
            named = f"{last} fragment {'with' if payload else 'without'} a payload"
            yield refused(f"{kind}, {named} behind a whole message", 1002, frame(opcode, b"x"), more(payload, fin), answers=[message(opcode, b"x")])
            yield refused(f"{kind}, {named} behind a message in fragments", 1002, begun(opcode), more(), more(payload, fin),
                          answers=[message(opcode, b"ab")])
            yield refused(f"{kind} behind {named} of nothing", 1002, more(payload, fin), frame(opcode, b"x"))
        for other in KINDS:
            yield refused(f"{OPCODE_NAMES[other]}, {'whole' if fin else 'not final'}, within {kind}", 1002, begun(opcode), frame(other, b"x", fin=fin), more())
            yield refused(f"{OPCODE_NAMES[other]}, {'whole' if fin else 'not final'}, within {kind} behind a ping", 1002,
                          begun(opcode), more(b"b", fin=False), frame(PING, b"p"), frame(other, b"x", fin=fin), answers=[pong(b"p")])
