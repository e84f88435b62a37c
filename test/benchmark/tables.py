# SPDX-License-Identifier: MIT
"""Shows a result of `run` on a terminal."""

import quantities


def verdict(row):
    if row["value"] is None:
        return "not measured"
    if row["must"] is None:
        return "no goal"
    return "met" if row["value"]["median"] <= row["must"] else "missed"


def three(value, digits):
    return f"{value['median']:9.{digits}f} {value['best']:9.{digits}f} ..{value['worst']:8.{digits}f}"


def show_ratios(rows):
    print(f"{'':58} {'must':>8} {'median':>9} {'spread':>20}  verdict")
    for row in rows:
        must = "" if row["must"] is None else row["must"]
        is_bytes = row["title"].startswith("bytes")
        figures = three(row["value"], 0 if is_bytes else 3) if row["value"] else " " * 30
        print(f"{row['title']:58} {must:>8} {figures}  {row['verdict']}")


def show_section(name, loads):
    print(f"\n{name + ': server CPU, microseconds each':67} {'median':>9} {'spread':>20}")
    for load, figures in loads.items():
        if figures:
            scaled = {key: value / 1000 for key, value in figures[quantities.CPU].items()}
            print(f"{load:67} {three(scaled, 2)}")
    for figure in quantities.PERCENTILES:
        shown = [(load, figures[figure]) for load, figures in loads.items() if figure in figures]
        if shown:
            print(f"\n{name + ': ' + figure.partition('_')[0] + ', microseconds':67} {'median':>9} {'spread':>20}")
        for load, value in shown:
            print(f"{load:67} {three(value, 1)}")


def show(result):
    show_ratios(result["ratios"])
    for name, loads in result["figures"].items():
        show_section(name, loads)
    print(f"\n{result['thrown_away']} runs thrown away for foreign CPU, {result['given_up']} given up")
    for peer, why in result["skipped"].items():
        print(f"skipped: {peer}: {why}")
    missed = [row["title"] for row in result["ratios"] if row["verdict"] == "missed"]
    if missed:
        print("missed: " + "; ".join(missed))
