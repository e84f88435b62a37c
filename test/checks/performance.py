# SPDX-License-Identifier: MIT
"""The picture and the figures of docs/performance.md are those of the last published run of the benchmark."""

import json
import sys

from check import ROOT, Check, Failed

sys.path.append(str(ROOT / "test/benchmark"))
import picture  # noqa: E402
import publish  # noqa: E402

ADVICE = "Nobody edits it by hand: test/benchmark/run --publish measures anew, test/benchmark/publish.py draws again what was measured."


def published():
    return json.loads(publish.PUBLISHED.read_text())


def check_picture():
    result = published()
    if publish.PICTURE.read_text() != picture.draw(result):
        raise Failed(f"docs/images/{publish.PICTURE.name} is not the picture of published.json. {ADVICE}")


def check_figures():
    document = publish.DOCUMENT.read_text()
    if document != publish.with_figures(document, published()):
        raise Failed(f"The figures of docs/performance.md are not those of published.json. {ADVICE}")


def checks(_):
    return [Check("performance: the picture is of the published run", check_picture),
            Check("performance: the figures are of the published run", check_figures)]
