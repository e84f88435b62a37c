# SPDX-License-Identifier: MIT
"""Every public header compiles alone, and survives being included twice."""

from check import ROOT, Check, Failed, command, relative, sources, tail


def compile_alone(build, header):
    target = header.relative_to(ROOT / "include").as_posix()
    text = f"#include <{target}>\n#include <{target}>\n"
    code, output = command([build.compiler, *build.compile_arguments(), "-fsyntax-only", "-x", "c++", "-"], text=text)
    if code != 0:
        raise Failed(f"{relative(header)} does not compile alone: include in it what it uses.\n{tail(output)}")


def checks(build):
    def one(header):
        name = header.relative_to(ROOT / "include").as_posix()
        return Check(f"headers: {name}", lambda: compile_alone(build, header))

    return [one(header) for header in sources("include")]
