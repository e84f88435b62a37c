# SPDX-License-Identifier: MIT
"""3: a reserved bit means an extension, and none was agreed upon."""

from case import CONTINUATION, CONTROLS, HELLO, HELLO_BACK, KINDS, OPCODE_NAMES, PING, TEXT, chopped, frame, pong, refused


def cases():
    for bits in range(1, 8):
        named = f"reserved bits {bits:03b}"
        for opcode in KINDS + CONTROLS:
            yield refused(f"{named} on {OPCODE_NAMES[opcode]}", 1002, frame(opcode, b"", reserved=bits))
            yield refused(f"{named} on {OPCODE_NAMES[opcode]} with a payload", 1002, frame(opcode, b"\x03\xe8 payload", reserved=bits))
        yield refused(f"{named} on a continuation", 1002, frame(TEXT, b"a", fin=False), frame(CONTINUATION, b"b", reserved=bits))
        yield refused(f"{named} on a ping within a message", 1002, frame(TEXT, b"a", fin=False), frame(PING, b"p", reserved=bits))
        yield refused(f"{named} behind a right message and a ping", 1002, HELLO + frame(PING, b"p") + frame(TEXT, b"x", reserved=bits) + HELLO,
                      answers=[HELLO_BACK, pong(b"p")])
        yield refused(f"{named}, one byte at a time", 1002, *chopped(frame(TEXT, b"x", reserved=bits)))
