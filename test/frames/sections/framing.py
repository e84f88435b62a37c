# SPDX-License-Identifier: MIT
"""1: lengths, masks, and frames that come in pieces."""

from case import (BINARY, CONTINUATION, HELLO, HELLO_BACK, KINDS, OPCODE_NAMES, PING, TEXT, Case, chopped, control, echo, exchange, expect, finish,
                  frame, message, pong, refused, sample)

#: Around the steps of the length field, of words, and of what the server reads at a time.
SIZES = (0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 124, 125, 126, 127, 128, 1000, 16383, 16384, 16385, 65535, 65536, 65537)
MASKS = ("00000000", "ffffffff", "01020304", "80808080", "00ff00ff", "61616161")
#: What stands in the field of seven bits, and what it then declares: more bytes than needed, or a negative number.
WRONG_LENGTHS = ((126, 0), (126, 1), (126, 125), (127, 0), (127, 1), (127, 125), (127, 126), (127, 65535), (127, 1 << 63), (127, (1 << 64) - 1))


def cases():
    for opcode in KINDS:
        kind = OPCODE_NAMES[opcode]
        for size in SIZES:
            payload = sample(opcode, size)
            yield echo(f"{kind} of {size} bytes", opcode, payload)
            step = 1 if size <= 128 else 997
            yield echo(f"{kind} of {size} bytes, {step} at a time", opcode, payload, chopped(frame(opcode, payload), step))
        for key in MASKS:
            yield echo(f"{kind} masked with {key}", opcode, sample(opcode, 37), [frame(opcode, sample(opcode, 37), mask=bytes.fromhex(key))])
        for marker, declared in WRONG_LENGTHS:
            yield refused(f"{kind} with the length {declared:#x} in {2 if marker == 126 else 8} bytes", 1002, frame(opcode, length=(marker, declared)))
    long = frame(BINARY, sample(BINARY, 70000))
    for cut in range(1, 15):
        yield echo(f"a long frame, alone its first {cut} bytes", BINARY, sample(BINARY, 70000), [long[:cut], long[cut:]])
    for opcode in KINDS + (PING, CONTINUATION):
        yield refused(f"{OPCODE_NAMES[opcode]} without a mask", 1002, frame(opcode, b"x", masked=False))
    yield refused("a frame without a mask behind a right one", 1002, HELLO, frame(TEXT, b"x", masked=False), answers=[HELLO_BACK])
    yield from several()
    yield Case("frames that come with the request", with_the_request, cheap=True)


def several():
    numbers = [b"%d" % number for number in range(200)]
    yield exchange("200 messages in one write", [b"".join(frame(TEXT, number) for number in numbers)], [message(TEXT, number) for number in numbers])
    mixed = [(KINDS[number % 2], b"%d" % number) for number in range(20)]
    yield exchange("text and binary in turn", [b"".join(frame(*one) for one in mixed)], [message(*one) for one in mixed])
    yield exchange("half a frame in each write", chopped(HELLO * 20, len(HELLO) // 2), [HELLO_BACK] * 20)
    yield refused("what follows a wrong frame is not read", 1002, HELLO + frame(3) + HELLO + control(PING), answers=[HELLO_BACK])


def with_the_request(place):
    with place.connected(early=HELLO + control(PING) + HELLO[:4]) as socket:
        socket.wire.send(HELLO[4:])
        for answer in (HELLO_BACK, pong(b"p"), HELLO_BACK):
            expect(socket, answer)
        finish(socket)
