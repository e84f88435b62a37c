# SPDX-License-Identifier: MIT
"""What npm installs is pinned by content and not by where it comes from, and none of it is in the repository."""

import json

from check import ROOT, Check, Failed, command, relative


def lock_files():
    return sorted(path for folder in ("samples", "test") for path in (ROOT / folder).rglob("package-lock.json") if "node_modules" not in path.parts)


def check_lock_file(path):
    wrong = []
    for name, package in json.loads(path.read_text())["packages"].items():
        if "resolved" in package:
            wrong.append(f"{name} names the address it came from")
        if name and not package.get("integrity", "").startswith("sha512-"):
            wrong.append(f"{name} has no integrity hash")
    if wrong:
        raise Failed("\n".join(wrong) + f"\nRebuild {relative(path)} with `npm install --omit-lockfile-registry-resolved`.")


def check_no_foreign_code():
    code, output = command(["git", "ls-files", "--cached"], folder=ROOT)
    if code != 0:
        return
    wrong = [path for path in output.split() if "node_modules/" in path or path.endswith("signalr.min.js")
             or path.startswith("subprojects/") and not path.endswith((".wrap", "meson.build"))]
    if wrong:
        raise Failed("\n".join(wrong[:20]) + "\nThird-party code is installed, not committed: git rm --cached it.")


def checks(_):
    rows = [Check(f"lock files: {relative(path)}", lambda path=path: check_lock_file(path)) for path in lock_files()]
    return [*rows, Check("lock files: no third-party code in the repository", check_no_foreign_code)]
