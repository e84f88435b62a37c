# SPDX-License-Identifier: MIT
"""10: messages that a client's library cut at a fixed size, wherever that is in their characters."""

from case import KINDS, OPCODE_NAMES, PING, chopped, exchange, fragments, frame, message, pong, sample

SIZE = 65536
CUTS = (64, 125, 126, 127, 1000, 1300, 4096, 16383, 16384, 65535, 65536)
SHORT_CUTS = (1, 2, 3, 4, 5, 7)


def cases():
    for opcode in KINDS:
        kind = OPCODE_NAMES[opcode]
        payload = sample(opcode, SIZE)
        for size in CUTS:
            parts = chopped(payload, size)
            yield exchange(f"{kind} of {SIZE} bytes, cut at {size}", [b"".join(fragments(opcode, parts))], [message(opcode, payload)])
        for size in SHORT_CUTS:
            parts = chopped(sample(opcode, 64), size)
            yield exchange(f"{kind} of 64 bytes, cut at {size}", [b"".join(fragments(opcode, parts))], [message(opcode, sample(opcode, 64))])
        parts = chopped(payload, 1300)
        yield exchange(f"{kind} of {SIZE} bytes, cut at 1300, with pings in between", fragments(opcode, parts, between=frame(PING, b"p")),
                       [pong(b"p")] * (len(parts) - 1) + [message(opcode, payload)])
