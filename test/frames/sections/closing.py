# SPDX-License-Identifier: MIT
"""7: the end, from every side. A Close with a legal code is answered with 1000, as ASP.NET Core does; then the socket is closed."""

from case import (BINARY, CLIENT_LEAVES, CLOSE, CONTINUATION, HELLO, HELLO_BACK, PING, PONG, TEXT, Case, chopped, closing, converse, exchange,
                  fragments, frame, message, pong, refused, sample)

LEGAL = (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3001, 3999, 4000, 4001, 4999)
ILLEGAL = (0, 1, 100, 998, 999, 1004, 1005, 1006, 1015, 1016, 1017, 1100, 1999, 2000, 2999, 5000, 5001, 9999, 32768, 65535)
REASONS = {"ASCII": b"going home", "Greek": "κόσμε".encode(), "an emoji": "😀".encode(), "the largest character": "\U0010ffff".encode(), "NUL": b"\0"}
WRONG_REASONS = {"a lone continuation": b"\x80", "an overlong slash": b"\xc0\xaf", "a surrogate": b"\xed\xa0\x80", "a cut character": b"ab\xe2\x82",
                 "too large a character": b"\xf4\x90\x80\x80", "FF": b"\xff", "a wrong byte at the end of the longest": b"x" * 122 + b"\xff"}


def may_be_sent(code):
    """RFC 6455 section 7.4 with what IANA has registered since."""
    return 1000 <= code <= 1003 or 1007 <= code <= 1014 or 3000 <= code <= 4999


def cases():
    for code in LEGAL:
        yield exchange(f"code {code}", [closing(code)], end=1000)
        yield exchange(f"code {code} with a reason", [closing(code, b"because")], end=1000)
    for code in ILLEGAL:
        yield refused(f"code {code}", 1002, closing(code))
        yield refused(f"code {code} with a reason", 1002, closing(code, b"because"))
    for first in range(0, 5100, 100):
        yield Case(f"codes from {first} to {first + 99}", all_codes(range(first, first + 100)))
    yield exchange("no code", [frame(CLOSE)], end=1000)
    yield refused("a code of one byte", 1002, frame(CLOSE, b"\x03"))
    yield from reasons()
    yield from order()
    yield from without_a_word()


def all_codes(codes):
    def play(place):
        for code in codes:
            converse(place, [closing(code)], end=1000 if may_be_sent(code) else 1002)
    return play


def reasons():
    for size in (1, 2, 3, 122, 123):
        yield exchange(f"a reason of {size} bytes", [closing(1000, b"*" * size)], end=1000)
    for size in (124, 125):
        yield refused(f"a reason of {size} bytes", 1002, closing(1000, b"*" * size))
    for name, reason in REASONS.items():
        yield exchange(f"{name} as the reason", [closing(1000, reason)], end=1000)
    for name, reason in WRONG_REASONS.items():
        yield refused(f"{name} as the reason", 1007, closing(1000, reason))
    yield exchange("a reason, one byte at a time", chopped(closing(1000, "tschüß".encode())), end=1000)


def order():
    """Everything before the Close is answered, and nothing behind it."""
    behind = {"a message": HELLO, "a ping": frame(PING, b"p"), "a pong": frame(PONG, b"p"), "a fragment": frame(CONTINUATION, b"b"),
              "another Close": closing(1001), "a wrong frame": frame(3, reserved=7), "what is no frame": b"GET / HTTP/1.1\r\n\r\n",
              "wrong text": frame(TEXT, b"\xff")}
    for name, bytes_behind in behind.items():
        yield exchange(f"{name} behind the Close", [closing(1000), bytes_behind], end=1000)
        yield exchange(f"{name} behind the Close, in one write", [closing(1000) + bytes_behind], end=1000)
        yield refused(f"{name} behind a wrong frame", 1002, frame(3) + bytes_behind)
    yield exchange("a message before the Close", [HELLO + closing(1000)], [HELLO_BACK], end=1000)
    yield exchange("100 messages before the Close", [HELLO * 100 + closing(1000)], [HELLO_BACK] * 100, end=1000)
    yield exchange("a ping before the Close", [frame(PING, b"p") + closing(1000)], [pong(b"p")], end=1000)
    yield exchange("a message in fragments before the Close", [b"".join(fragments(TEXT, [b"a", b"b"])) + closing(1000)], [message(TEXT, b"ab")], end=1000)
    yield exchange("half a message before the Close", [frame(TEXT, b"a", fin=False) + closing(1000)], end=1000)
    large = sample(BINARY, 256 * 1024)
    yield exchange("256 KiB before the Close, and a ping behind it", [frame(BINARY, large), closing(1000), frame(PING)], [message(BINARY, large)], end=1000)


def without_a_word():
    """The client ends its half and says no Close: neither does the server, but it lets go of the socket."""
    cut_off = {"at once": [], "behind a message": [HELLO], "within a header": [HELLO[:1]], "within a mask": [HELLO[:4]], "within a payload": [HELLO[:-1]],
               "within a message": [frame(TEXT, b"a", fin=False)], "within a Close": [closing(1000)[:-1]]}
    for name, pieces in cut_off.items():
        yield exchange(f"the client leaves {name}", pieces, [HELLO_BACK] if pieces == [HELLO] else [], end=CLIENT_LEAVES)
