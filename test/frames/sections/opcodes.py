# SPDX-License-Identifier: MIT
"""4: opcodes that mean nothing yet."""

from case import HELLO, HELLO_BACK, PING, TEXT, frame, pong, refused

UNKNOWN = (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)


def cases():
    for opcode in UNKNOWN:
        named = f"opcode {opcode}"
        yield refused(named, 1002, frame(opcode))
        yield refused(f"{named} with a payload", 1002, frame(opcode, b"payload"))
        yield refused(f"{named} with the longest payload of a control frame", 1002, frame(opcode, b"x" * 125))
        yield refused(f"{named}, not final", 1002, frame(opcode, b"x", fin=False))
        yield refused(f"{named} behind a right message", 1002, HELLO, frame(opcode, b"x"), frame(PING), answers=[HELLO_BACK])
        yield refused(f"{named} within a message", 1002, frame(TEXT, b"a", fin=False), frame(PING, b"p"), frame(opcode, b"x"), answers=[pong(b"p")])
