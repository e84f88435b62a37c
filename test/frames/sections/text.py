# SPDX-License-Identifier: MIT
"""6: text is UTF-8. What is not is refused with 1007, at its first wrong byte and not at the end of its frame or message."""

import contextlib
import itertools

from case import (BINARY, CONTINUATION, HELLO, HELLO_BACK, PING, TEXT, chopped, echo, exchange, fragments, frame, message, pong, refused)

CHARACTERS = (0x00, 0x01, 0x7F, 0x80, 0xFF, 0x7FF, 0x800, 0xFFF, 0x1000, 0xCFFF, 0xD000, 0xD7FF, 0xE000, 0xFEFF, 0xFFFD, 0xFFFE, 0xFFFF,
              0x10000, 0x3FFFF, 0x40000, 0xFFFFF, 0x100000, 0x10FFFE, 0x10FFFF)
TEXTS = {
    "Greek": "κόσμε", "Thai": "สวัสดีชาวโลก", "Chinese": "今日は世界、こんにちは", "emoji with joiners": "👩\u200d👩\u200d👧\u200d👦 🏳\ufe0f\u200d🌈",
    "marks that combine": "Z\u0351\u036b\u0343a\u0327\u0300", "right to left": "\u202eשלום\u202c", "a mark of byte order": "\ufefftext",
    "noncharacters": "".join(chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF)),
}
#: Sequences that are wrong, by what is wrong with them.
WRONG = {
    "one continuation": "80", "the last continuation": "bf", "two continuations": "80bf", "seven continuations": "80bf80bf80bf80",
    "two bytes without the second": "c320", "three bytes without the second": "e220ac", "three bytes without the third": "e28220",
    "four bytes without the second": "f0209080", "four bytes without the third": "f09f2080", "four bytes without the fourth": "f09f9820",
    "overlong NUL in two": "c080", "overlong slash in two": "c0af", "the largest overlong in two": "c1bf",
    "overlong NUL in three": "e08080", "overlong slash in three": "e080af", "the largest overlong in three": "e09fbf",
    "overlong NUL in four": "f0808080", "overlong slash in four": "f08080af", "the largest overlong in four": "f08fbfbf",
    "overlong NUL in five": "f880808080", "overlong NUL in six": "fc8080808080",
    "the first surrogate": "eda080", "the last high surrogate": "edafbf", "the first low surrogate": "edb080", "the last surrogate": "edbfbf",
    "a pair of surrogates": "eda080edb080", "the first above U+10FFFF": "f4908080", "the largest in four": "f7bfbfbf",
    "the smallest in five": "f888808080", "the largest in five": "fbbfbfbfbf", "the smallest in six": "fc8480808080", "the largest in six": "fdbfbfbfbfbf",
    "FE": "fe", "FF": "ff", "marks of UTF-16": "fefffffe", "Latin-1": "e9e8", "a wrong byte behind a right character": "e282acff",
}
#: Characters without their last byte, wrong only because nothing follows.
CUT = {"c3": 1, "e282": 2, "f09f98": 3, "e2": 1, "f0": 1, "f09f": 2}
#: Bytes that begin no character.
NEVER_FIRST = tuple(range(0x80, 0xC2)) + tuple(range(0xF5, 0x100))
FIRST = tuple(range(0xC2, 0xF5))

#: Whatever a character can need after any of its bytes.
ENDINGS = [bytes(ending) for size in range(4) for ending in itertools.product((0x80, 0x90, 0xA0), repeat=size)]

BEFORE, BEHIND = "κόσμε".encode(), b"edited"


def is_text(data):
    with contextlib.suppress(UnicodeDecodeError):
        data.decode()
        return True
    return False


def first_wrong(data):
    """The first byte behind which nothing can make text of it any more; that is asked of Python's decoder of whole texts."""
    return next(size for size in range(len(data)) if not any(is_text(data[:size + 1] + ending) for ending in ENDINGS))


def cases():
    for code in CHARACTERS:
        yield from right(f"U+{code:04X}", chr(code).encode())
    for name, text in TEXTS.items():
        yield from right(name, text.encode())
    for name, sequence in WRONG.items():
        yield from wrong(name, bytes.fromhex(sequence))
    for byte in NEVER_FIRST:
        yield refused(f"the byte {byte:02X} as the first", 1007, frame(TEXT, b"a" + bytes([byte])))
    for byte in FIRST:
        yield refused(f"the byte {byte:02X} before a space", 1007, frame(TEXT, bytes([byte]) + b" and more"))
    for sequence in CUT:
        yield from cut(bytes.fromhex(sequence))
    yield from where_it_does_not_matter()


def right(name, text):
    yield echo(f"{name}", TEXT, text)
    yield echo(f"{name}, one byte at a time", TEXT, text, chopped(frame(TEXT, text)))
    if len(text) > 1:
        yield echo(f"{name}, a frame for each byte", TEXT, text, fragments(TEXT, chopped(text)))
    yield echo(f"{name} between others", TEXT, BEFORE + text + BEHIND)


def wrong(name, sequence):
    data = BEFORE + sequence + BEHIND
    place = first_wrong(data)
    yield refused(f"{name}, whole", 1007, frame(TEXT, data))
    yield refused(f"{name}, one byte at a time", 1007, *chopped(frame(TEXT, data)))
    # The pong shows that all before the wrong byte was fine; no more than that byte follows.
    yield refused(f"{name}, refused within its message", 1007, frame(TEXT, data[:place], fin=False), frame(PING, b"p"),
                  frame(CONTINUATION, data[place:place + 1], fin=False), answers=[pong(b"p")])
    unfinished = frame(TEXT, data + bytes(1000))
    yield refused(f"{name}, refused within its frame", 1007, unfinished[:len(unfinished) - 1000 - len(data) + place + 1])


def cut(sequence):
    named = f"{sequence.hex().upper()} at the end"
    yield refused(named, 1007, frame(TEXT, BEFORE + sequence))
    yield refused(f"{named}, of the last fragment", 1007, *fragments(TEXT, [BEFORE, sequence]))
    yield refused(f"{named}, of the last fragment but empty ones", 1007, *fragments(TEXT, [BEFORE + sequence, b"", b""]))
    yield refused(f"{named}, and the rest in the next message", 1007, frame(TEXT, sequence), frame(TEXT, b"\xa9"))
    yield exchange(f"{named} of a binary message, then a text", [frame(BINARY, sequence), HELLO], [message(BINARY, sequence), HELLO_BACK])


def where_it_does_not_matter():
    everything = bytes(range(256))
    yield echo("all bytes in a binary message", BINARY, everything)
    yield echo("all bytes in a binary message, a frame for each", BINARY, everything, [b"".join(fragments(BINARY, chopped(everything)))])
    yield exchange("a ping that is no text", [frame(PING, b"\xff\xc0")], [pong(b"\xff\xc0")])
    euro = "€".encode()
    yield exchange("a ping that is no text, within a character", fragments(TEXT, [euro[:1], euro[1:]], between=frame(PING, b"\xac")),
                   [pong(b"\xac"), message(TEXT, euro)])
    yield refused("text behind a binary message is checked", 1007, frame(BINARY, b"\xff"), frame(TEXT, b"\xff"), answers=[message(BINARY, b"\xff")])
