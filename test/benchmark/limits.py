# SPDX-License-Identifier: MIT
"""What the project must reach, in one place: the 'must' column of the design's table of goals, but for three.

The design asked for 0.06 with 16 calls in flight, 0.25 of a broadcast and 0.25 of a connection, each against ASP.NET Core. These are below what plain TCP takes
of the same server's time, so that nobody can reach them; docs/performance.md says where they came from.
"""

# Ratios, both sides measured in one run; of server CPU per message unless the title says otherwise.
RATIOS = {
    "echo, 1 in flight, vs raw": 1.30,
    "echo, 16 in flight, vs raw": 2.5,
    "echo, 1 in flight, vs ASP.NET Core": 0.47,
    "echo, 16 in flight, vs ASP.NET Core": 0.40,
    "echo, 1 in flight, two lanes vs one": 1.15,
    "echo, 16 in flight, two lanes vs one": 1.15,
    "broadcast, per delivery, vs raw": 1.35,
    "broadcast, per delivery, vs ASP.NET Core": 0.45,
    "connect, ours with negotiate, vs ASP.NET Core": 0.75,
    "memory after a 1 MiB message and a burst vs idle": 1.10,
}

# Bytes of a connection at rest. Those whose clients post have a second socket, open as browsers keep it.
IDLE_BYTES = 2500
POSTING_IDLE_BYTES = 4000

# 1.0 MB, counted in powers of two.
ECHO_SERVER_BYTES = 1024 * 1024

# Counts: they repeat from run to run, so they are gates. Instructions are those of user space. Allocations are beyond the user's
# argument objects (one text longer than the short string's room is one).
COUNTS = {
    "instructions per echo, 1 in flight": 5500,
    "instructions per echo, 16 in flight": 4000,
    "allocations per echo, 1 in flight": 1,
    "allocations per echo, 16 in flight": 1,
    "MessagePack's share of JSON's instructions per echo, 1 in flight": 0.9,
    "MessagePack's share of JSON's instructions per echo, 16 in flight": 0.9,
    "allocations per echo in MessagePack, 1 in flight": 1,
    "instructions per call that suspends once": 8000,
    "allocations per call that suspends once": 3,
    "allocations per call that suspends once, 50 at a time": 5,  # Asio keeps two freed frames a thread: the others are allocated
    "instructions per stream item out": 2500,
    "instructions per upload item in": 2500,
    "syscalls per echo at a low rate": 4,
    "bytes per idle connection": IDLE_BYTES,
    "bytes per Server-Sent Events connection at rest": POSTING_IDLE_BYTES,
    "bytes per long-polling connection at rest": POSTING_IDLE_BYTES,
    "bytes of the echo server, stripped": ECHO_SERVER_BYTES,
    "CPU seconds to compile a user's file": 4.0,
}

# What may be lost to counting: a buffer that grows once, a timer that fires during one of the two runs.
ALLOCATION_TOLERANCE = 0.02
SYSCALL_TOLERANCE = 0.05

# A run during which others used more of a processor than this is thrown away.
FOREIGN_CPU = 0.05
