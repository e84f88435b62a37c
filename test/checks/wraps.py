# SPDX-License-Identifier: MIT
"""The build without any system package: subprojects/*.wrap and the build files beside them, on sources laid out as upstream's archives."""

import configparser
import json
import os
import pathlib
import shutil
import tempfile

from check import ROOT, Check, Failed, Skipped, command, succeed, tail
from consumer import COPIED, PROGRAM

# Where the archive of a wrap keeps what the system has elsewhere; the first name is the one without which there is nothing to lay out.
SYSTEM = pathlib.Path("/usr/include")
LAYOUT = {
    "asio": ("asio/include", SYSTEM, ["asio.hpp", "asio"]),
    "fmt": ("include", SYSTEM, ["fmt"]),
    "msgpack-cxx": ("include", SYSTEM, ["msgpack.hpp", "msgpack"]),
    "rapidjson": ("include", SYSTEM, ["rapidjson"]),
    "websocketpp": (".", SYSTEM, ["websocketpp"]),
    "gtest": ("googletest", pathlib.Path("/usr/src/googletest/googletest"), ["include", "src"]),
}
OF_THE_LIBRARY = [name for name in LAYOUT if name != "gtest"]
CONSUMER_MESON = """project('consumer', 'cpp', default_options: ['cpp_std=c++20'])
executable('consumer', 'main.cpp', dependencies: dependency('asignalr'))
"""
# A file for each foreign library, and the consumer's (it takes Asio): the check of the consumer compiles them all.
TELLING = {"json_reader.cpp": "rapidjson", "messagepack_scanner.cpp": "msgpack-cxx", "websocket_handshake.cpp": "websocketpp",
           "console_logger.cpp": "fmt", "main.cpp": "asio"}
TEST_MESON = """project('tester', 'cpp', default_options: ['cpp_std=c++20'])
executable('tester', 'main.cpp',
  dependencies: dependency('gtest_main', 'gtest', main: true, version: '>=1.12', fallback: ['gtest', 'gtest_main_dep']))
"""
TEST_PROGRAM = "#include <gtest/gtest.h>\nTEST(wrap, works) { EXPECT_TRUE(true); }\n"


def wrap_of(name):
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(ROOT / "subprojects" / f"{name}.wrap")
    return parser["wrap-file"]


def check_complete():
    """Every wrap has its build file, and git knows it."""
    wrong = []
    for path in sorted((ROOT / "subprojects").glob("*.wrap")):
        patch = wrap_of(path.stem).get("patch_directory")
        build_file = f"subprojects/packagefiles/{patch}/meson.build"
        if path.stem not in LAYOUT:
            wrong.append(f"{path.name}: add it to LAYOUT in test/checks/wraps.py")
        elif not (ROOT / build_file).is_file():
            wrong.append(f"{path.name} names a patch_directory without {build_file}")
        elif shutil.which("git") and command(["git", "-C", ROOT, "check-ignore", "--quiet", build_file])[0] == 0:
            wrong.append(f"{build_file} is ignored by .gitignore, so nobody but you has it")
    if wrong:
        raise Failed("\n".join(wrong))


def lay_out(name, subprojects):
    """The folder that unpacking the archive and applying the patch would leave."""
    below, source, names = LAYOUT[name]
    if not (source / names[0]).exists():
        raise Skipped(f"{source / names[0]} is not here")
    wrap = wrap_of(name)
    folder = subprojects / wrap["directory"]
    (folder / below).mkdir(parents=True)
    for entry in names:
        (folder / below / entry).symlink_to(source / entry)
    shutil.copytree(ROOT / "subprojects/packagefiles" / wrap["patch_directory"], folder, dirs_exist_ok=True)
    shutil.copy2(ROOT / "subprojects" / f"{name}.wrap", subprojects)


def set_up(folder):
    succeed(["meson", "setup", "build", "--buildtype=plain", "-Dcpp_args=-O0", "--wrap-mode=forcefallback"], folder=folder)


def check_library():
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        subprojects = folder / "subprojects"
        there = subprojects / "asignalr"
        there.mkdir(parents=True)
        for name in OF_THE_LIBRARY:
            lay_out(name, subprojects)
        for name in COPIED:
            if name == "subprojects":
                continue  # those of the consumer serve
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, there / name, ignore=shutil.ignore_patterns("node_modules", "__pycache__", "corpus"))
            else:
                shutil.copy2(ROOT / name, there / name)
        (folder / "meson.build").write_text(CONSUMER_MESON)
        (folder / "main.cpp").write_text(PROGRAM)
        set_up(folder)
        objects = telling_objects(folder / "build")
        succeed(["ninja", "-C", "build", "-j", os.cpu_count() or 1, *objects], folder=folder, time_limit=600)


def telling_objects(build):
    """The objects of the files in TELLING, all of which are to see the laid out headers."""
    known = json.loads((build / "compile_commands.json").read_text())
    objects = []
    for name, library in TELLING.items():
        found = [entry for entry in known if pathlib.PurePath(entry["file"]).name == name]
        if not found:
            raise Failed(f"No {name} is compiled any more: name another file in TELLING of test/checks/wraps.py.")
        if f"subprojects/{wrap_of(library)['directory']}" not in found[0]["command"]:
            raise Failed(f"{name} is compiled without the headers of the wrapped {library}.")
        objects.append(found[0]["output"])
    return objects


def check_gtest():
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        (folder / "subprojects").mkdir()
        lay_out("gtest", folder / "subprojects")
        (folder / "meson.build").write_text(TEST_MESON)
        (folder / "main.cpp").write_text(TEST_PROGRAM)
        set_up(folder)
        succeed(["ninja", "-C", "build", "-j", os.cpu_count() or 1], folder=folder, time_limit=600)
        code, output = command([folder / "build/tester"], time_limit=60)
        if code != 0 or "PASSED" not in output:
            raise Failed(f"The test program ended with {code}:\n{tail(output)}")


def checks(_):
    return [
        Check("wraps: each has a build file that is committed", check_complete),
        Check("wraps: the library builds from the release archives' layout", check_library),
        Check("wraps: googletest builds from the release archive's layout", check_gtest),
    ]
