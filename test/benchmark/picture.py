# SPDX-License-Identifier: MIT
"""Draws a result of `run`: bars for what each server costs, ours as the measure of the others. One SVG, readable in light and dark."""

import dataclasses
import html

import quantities

OURS, OTHER, FLOOR = "ours", "other", "floor"
WIDTH, MARGIN, GAP = 980, 24, 32
PANEL = (WIDTH - 2 * MARGIN - GAP) / 2
HEAD, ROW, BAR = 54, 24, 15  # heights
LABEL, ROOM = 180, 104  # in front of a bar, and behind the longest one
TITLE = 64

STYLE = """
  .card { fill: #ffffff; stroke: #d1d9e0 }
  text { font: 13px system-ui, -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; fill: #1f2328 }
  .title { font-size: 18px; font-weight: 600 }
  .head { font-size: 14px; font-weight: 600 }
  .quiet { fill: #59636e; font-size: 12px }
  .bold { font-weight: 600 }
  .light { font-weight: 400 }
  .ours { fill: #0969da } .other { fill: #a9b4c0 } .floor { fill: #dde3e9 }
  .spread { stroke: #59636e; stroke-width: 1 }
  @media (prefers-color-scheme: dark) {
    .card { fill: #0d1117; stroke: #3d444d }
    text { fill: #f0f6fc }
    .quiet { fill: #9198a1 }
    .ours { fill: #4493f8 } .other { fill: #59636e } .floor { fill: #2f3742 }
    .spread { stroke: #c6ccd3 }
  }
"""


@dataclasses.dataclass(frozen=True)
class Bar:
    """A row of a panel; `value` has median, best and worst."""

    label: str
    value: dict
    kind: str = OTHER


@dataclasses.dataclass(frozen=True)
class Panel:
    """Bars over one scale. The first one of ours is what the ratios are to."""

    title: str
    unit_text: str
    unit: str
    bars: list


def scaled(value, divisor):
    return {key: value[key] / divisor for key in ("median", "best", "worst")}


def cpu_bars(loads, names):
    """(label, load, kind) of each; microseconds."""
    return [Bar(label, scaled(loads[load][quantities.CPU], 1000), kind) for label, load, kind in names if loads.get(load)]


def versus(figures, section, load, floor="plain TCP"):
    names = [("asignalr", f"asignalr {load}", OURS)]
    names += [(peer, f"{peer} {load}", OTHER) for peer in ("ASP.NET Core", "ws", "Socket.IO")]
    return cpu_bars(figures[section], [(floor, f"raw {load}", FLOOR), *names])


def memory_bars(memory):
    """Kilobytes; weighed once, so there is no spread."""
    return [Bar(name.replace("Server-Sent Events", "SSE"), dict.fromkeys(("median", "best", "worst"), report["bytes_per_connection"] / 1000),
                OURS if name.startswith("asignalr") else OTHER)
            for name, report in memory.items() if not name.endswith("carried")]


def panels(result):
    figures = result["figures"]
    connect = [("asignalr", "asignalr connect", OURS), ("asignalr, negotiated", "asignalr connect with negotiate", OURS)]
    connect += [(peer, f"{peer} connect", OTHER) for peer in ("ASP.NET Core", "ws", "Socket.IO")]
    transports = [(name.replace("Server-Sent Events", "SSE"), f"{name} echo 1", OURS)
                  for name in quantities.TRANSPORTS]
    return [
        Panel("Calls, one at a time", "server CPU for each call and its answer", "µs", versus(figures, "echo", "echo 1")),
        Panel("Calls, 16 in flight", "the same, when many arrive together", "µs", versus(figures, "echo", "echo 16")),
        Panel(f"Broadcast to {result['receivers']:,} clients", "server CPU for each delivery", "µs", versus(figures, "broadcast", "broadcast")),
        Panel("Clients come and go", "server CPU to connect, shake hands and close", "µs", cpu_bars(figures["connect"], connect)),
        Panel("Memory at rest", "of a connection, without the kernel's", "KB", memory_bars(result["memory"])),
        Panel("asignalr: every transport", "server CPU for each call, one at a time", "µs", cpu_bars(figures["transports"], transports)),
    ]


def number(value):
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def text(x, y, content, kind="", anchor="start", aside=""):
    quiet = f'<tspan class="quiet light" dx="6">{html.escape(aside)}</tspan>' if aside else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{html.escape(content)}{quiet}</text>'


def draw_bar(bar, y, left, scale, panel):
    measure = next(one.value["median"] for one in panel.bars if one.kind == OURS)
    weight = "bold" if bar.kind == OURS and any(one.kind != OURS for one in panel.bars) else ""
    start = left + LABEL
    width = max(2, bar.value["median"] * scale)
    middle = y + BAR / 2
    lines = [
        text(left, y + 12, bar.label, weight),
        f'<rect x="{start:.1f}" y="{y:.1f}" width="{width:.1f}" height="{BAR}" rx="2" class="{bar.kind}"/>',
    ]
    low, high = start + bar.value["best"] * scale, start + bar.value["worst"] * scale
    if high - low > 1:
        lines.append(f'<path d="M{low:.1f} {middle:.1f}H{high:.1f}" class="spread"/>')
    times = "" if bar.value["median"] == measure else f"{number(bar.value['median'] / measure)}×"
    lines.append(text(max(start + width, high) + 8, y + 12, f"{number(bar.value['median'])} {panel.unit}", weight, aside=times))
    return lines


def draw_panel(panel, left, top):
    lines = [text(left, top + 16, panel.title, "head"), text(left, top + 34, f"{panel.unit_text}, {panel.unit}", "quiet")]
    if not panel.bars:
        return [*lines, text(left, top + HEAD + 12, "not measured", "quiet")]
    scale = (PANEL - LABEL - ROOM) / max(bar.value["worst"] for bar in panel.bars)
    for index, bar in enumerate(panel.bars):
        lines += draw_bar(bar, top + HEAD + index * ROW - 6, left, scale, panel)
    return lines


def legend(result):
    around = result["surroundings"]
    told = [f"{name} {around[name]}" for name in ("ASP.NET Core", "Node", "ws", "Socket.IO") if name in around]
    return " · ".join([*told, "each on one processor", "ws is a bare echo without a hub", "shorter is better"])


def draw(result):
    all_panels = panels(result)
    rows = [all_panels[index:index + 2] for index in range(0, len(all_panels), 2)]
    heights = [HEAD + ROW * max(len(panel.bars) for panel in row) + 14 for row in rows]
    height = TITLE + sum(heights) + 30
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" '
        f'aria-label="What a server costs: asignalr beside ASP.NET Core, ws and Socket.IO">',
        f"<style>{STYLE}</style>",
        f'<rect x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1}" rx="8" class="card"/>',
        text(MARGIN, 36, "What a server costs", "title"),
        text(WIDTH - MARGIN, 36, "×: how many times asignalr's; thin lines: the spread", "quiet", "end"),
    ]
    top = TITLE
    for row, taken in zip(rows, heights):
        for column, panel in enumerate(row):
            lines += draw_panel(panel, MARGIN + column * (PANEL + GAP), top)
        top += taken
    lines += [text(MARGIN, height - 16, legend(result), "quiet"), "</svg>"]
    return "\n".join(lines) + "\n"
