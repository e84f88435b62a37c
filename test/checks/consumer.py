# SPDX-License-Identifier: MIT
"""A project of somebody else's that has a wrap file for us and says dependency('asignalr'), nothing more."""

import json
import os
import pathlib
import shutil
import tempfile

from check import ROOT, Check, Failed, command, succeed, tail

MESON = """project('consumer', 'cpp', default_options: ['cpp_std=c++20'])
executable('consumer', 'main.cpp', dependencies: dependency('asignalr'))
"""
WRAP = """[wrap-git]
directory = asignalr
url = https://example.invalid/asignalr.git
revision = head

[provide]
dependency_names = asignalr
"""
PROGRAM = """#include <asignalr/testing.hpp>
#include <asio/io_context.hpp>
#include <iostream>

class echo final : public asignalr::hub {
public:
    static void describe(asignalr::method_table<echo>& methods) { methods.expose<&echo::same>("Same"); }
    int same(int number) { return number; }
};

int main() {
    asio::io_context context(1);
    asignalr::server server(context);
    server.add_hub<echo>().map("/echo");
    asignalr::test_bench bench(server);
    const int answer = bench.connect("/echo").invoke<int>("Same", 42);
    server.listen("http://127.0.0.1:0");
    server.stop();
    bench.advance(std::chrono::seconds(6));
    std::cout << answer << " served by " << ASIGNALR_VERSION_TEXT << std::endl;
}
"""
COPIED = ["meson.build", "meson_options.txt", "include", "lib", "subprojects", "samples", "test"]
OURS_ALONE = ("test", "samples", "benchmark", "fuzz")


def make_project(folder):
    (folder / "meson.build").write_text(MESON)
    (folder / "main.cpp").write_text(PROGRAM)
    there = folder / "subprojects" / "asignalr"
    there.mkdir(parents=True)
    (folder / "subprojects" / "asignalr.wrap").write_text(WRAP)
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, there / name, ignore=shutil.ignore_patterns("node_modules", "__pycache__", "corpus"))
        else:
            shutil.copy2(ROOT / name, there / name)


def check_targets(build_folder):
    targets = json.loads((build_folder / "meson-info/intro-targets.json").read_text())
    places = [pathlib.PurePath(target["defined_in"]).parts for target in targets]
    extra = ["/".join(parts[-3:]) for parts in places if "asignalr" in parts
             and any(name in parts[parts.index("asignalr") + 1:] for name in OURS_ALONE)]
    if extra:
        raise Failed(f"As a subproject we configured our own {sorted(set(extra))}: use disable_auto_if(not is_root).")


def check_consumer():
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        make_project(folder)
        succeed(["meson", "setup", "build", "--buildtype=plain"], folder=folder)
        check_targets(folder / "build")
        succeed(["ninja", "-C", "build", "-j", os.cpu_count() or 1], folder=folder, time_limit=600)
        code, output = command([folder / "build/consumer"], time_limit=60)
        if code != 0 or "42 served by" not in output:
            raise Failed(f"The consumer's program ended with {code}:\n{tail(output)}")


def checks(_):
    return [Check("consumer: a Meson project with nothing but dependency('asignalr')", check_consumer)]
