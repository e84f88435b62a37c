# SPDX-License-Identifier: MIT
"""Hubs that must not compile, and the words with which the compiler has to say why."""

from check import ROOT, Check, Failed, command, compilers, tail

FRAME = """#include <asignalr/hub/hub.hpp>
#include <asignalr/hub/method_table.hpp>

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

struct unknown { int number = 0; };
struct with_view { std::string_view text; };
constexpr auto fields_of(const with_view*) { return asignalr::fields(asignalr::field("Text", &with_view::text)); }

class example final : public asignalr::hub {
public:
    static void describe(asignalr::method_table<example>& methods) { methods.expose<&example::method>("Method"); }
    %s
};

void use(asignalr::method_table<example>& methods) { example::describe(methods); }
"""

ROUTE_FRAME = """#include <asignalr/server.hpp>

void use(asignalr::server& server) {
    server.get("/route", %s);
}
"""

ROUTE_BY_VALUE = "a route's coroutine takes its http_request by value"
BAD_ROUTES = {
    "constant reference": "[](const asignalr::http_request&) -> asignalr::task<asignalr::http_response> { co_return asignalr::http_response{}; }",
    "rvalue reference": "[](asignalr::http_request&&) -> asignalr::task<asignalr::http_response> { co_return asignalr::http_response{}; }",
    "function": "static_cast<asignalr::task<asignalr::http_response> (*)(const asignalr::http_request&)>(nullptr)",
}
GOOD_ROUTES = {
    "coroutine": "[](asignalr::http_request) -> asignalr::task<asignalr::http_response> { co_return asignalr::http_response{}; }",
    "function": "[](const asignalr::http_request&) { return asignalr::http_response{}; }",
}

BY_VALUE = "a hub method takes its parameters by value"
POINTER = "a hub method cannot take a pointer"
VIEW = "std::string_view does not own its text"
CHARACTER = "a character cannot travel"
SPAN = "std::span does not own its elements"
UNKNOWN = "this type cannot travel"

# name: (the method, the library's words, how the message names the type; any of these spellings will do)
BAD = {
    "reference": ("void method(std::string& text) { text.clear(); }", BY_VALUE, ["basic_string<char>&", "basic_string<char> &", "string&", "string &"]),
    "constant reference": ("void method(const std::string&) {}", BY_VALUE, ["const std::__cxx11::basic_string<char>&", "const std::basic_string<char> &",
                                                                            "const std::__cxx11::basic_string<char> &", "const std::string &"]),
    "character": ("void method(char) {}", CHARACTER, ["char"]),
    "character of UTF-16": ("char16_t method() { return u'x'; }", CHARACTER, ["char16_t"]),
    "pointer": ("void method(int*) {}", POINTER, ["int*", "int *"]),
    "text pointer": ("void method(const char*) {}", POINTER, ["const char*", "const char *"]),
    "string_view": ("void method(std::string_view) {}", VIEW, ["string_view"]),
    "span": ("void method(std::span<const int>) {}", SPAN, ["span<const int"]),
    "vector of string_view": ("void method(std::vector<std::string_view>) {}", VIEW, ["vector<std::basic_string_view", "vector<std::string_view"]),
    "optional pointer": ("void method(std::optional<int*>) {}", "a pointer cannot travel", ["optional<int*>", "optional<int *>"]),
    "map of spans": ("void method(std::map<std::string, std::span<int>>) {}", SPAN, ["span<int"]),
    "tuple with a view": ("void method(std::tuple<int, std::string_view>) {}", VIEW, ["tuple<int, std::basic_string_view", "tuple<int, std::string_view"]),
    "field that is a view": ("void method(with_view) {}", VIEW, ["with_view"]),
    "unknown struct": ("void method(unknown) {}", UNKNOWN, ["unknown"]),
    "result of an unknown struct": ("unknown method() { return {}; }", UNKNOWN, ["unknown"]),
    "result that is a view": ("std::string_view method() { return {}; }", VIEW, ["string_view"]),
    "result that is a pointer": ("int* method() { return nullptr; }", "a pointer cannot travel", ["int*", "int *"]),
    "result that is a reference": ("int& method() { return number; }\n    int number = 0;", "a reference cannot travel", ["int&", "int &"]),
    "task of an unknown struct": ("asignalr::task<unknown> method() { co_return unknown{}; }", UNKNOWN, ["unknown"]),
    "task of a view": ("asignalr::task<std::string_view> method() { co_return \"\"; }", VIEW, ["string_view"]),
    "generator of references": ("asignalr::generator<int&> method() { co_return; }", "a reference cannot travel", ["int&", "int &"]),
    "generator of an unknown struct": ("asignalr::generator<unknown> method() { co_return; }", UNKNOWN, ["unknown"]),
    "upload of a view": ("void method(asignalr::upload<std::string_view>) {}", VIEW, ["string_view"]),
    "upload of an unknown struct": ("void method(asignalr::upload<unknown>) {}", UNKNOWN, ["unknown"]),
    "wrong number of arguments to a client": (
        'void method() { clients().all().send(asignalr::client_method<int>{"receive"}, 1, 2); }',
        "the number of arguments differs", ["client_method<int>", "Parameters = {int}", "Parameters={int}"]),
    "argument that a client method does not take": (
        'void method() { clients().all().send(asignalr::client_method<int>{"receive"}, std::string()); }',
        "does not convert to the client method's parameter type", ["client_method<int>", "Parameters = {int}", "Parameters={int}"]),
}

# The second compiler has the same static_asserts; these show that its messages carry them.
A_FEW = ["reference", "string_view", "field that is a view", "unknown struct", "generator of references"]

GOOD = "void method(int, std::vector<std::optional<std::string>>, asignalr::upload<double>) {}"


def compile_text(compiler, text):
    return command([compiler, "-std=c++20", "-fsyntax-only", "-x", "c++", "-I", ROOT / "include", "-"], text=text)


def compile_hub(compiler, method):
    return compile_text(compiler, FRAME % method)


def check_routes(compiler):
    for name, route in GOOD_ROUTES.items():
        code, output = compile_text(compiler, ROUTE_FRAME % route)
        if code != 0:
            raise Failed(f"A good route, a {name}, does not compile.\n{tail(output)}")
    for name, route in BAD_ROUTES.items():
        code, output = compile_text(compiler, ROUTE_FRAME % route)
        if code == 0 or ROUTE_BY_VALUE not in output:
            raise Failed(f"The message for a route's coroutine with a {name} does not say: {ROUTE_BY_VALUE}\n{errors(output)}")


def check_good(compiler):
    code, output = compile_hub(compiler, GOOD)
    if code != 0:
        raise Failed(f"A good hub does not compile, so the bad ones prove nothing.\n{tail(output)}")


def check_bad(compiler, name):
    method, words, types = BAD[name]
    code, output = compile_hub(compiler, method)
    if code == 0:
        raise Failed(f"This compiles, and should not: {method}")
    if words not in output:
        raise Failed(f"The message for `{method}` does not say: {words}\n{errors(output)}")
    if not any(spelling in output for spelling in types):
        raise Failed(f"The message for `{method}` does not name the type: {types[0]}\n{errors(output)}")


def errors(output):
    return "\n".join([line for line in output.splitlines() if "error" in line][:12])


def checks(build):
    rows = []
    for compiler in compilers(build):
        rows.append(Check(f"compile errors: {compiler}, a good hub", lambda compiler=compiler: check_good(compiler)))
        rows.append(Check(f"compile errors: {compiler}, routes", lambda compiler=compiler: check_routes(compiler)))
        for name in BAD if compiler == build.compiler else A_FEW:
            rows.append(Check(f"compile errors: {compiler}, {name}", lambda compiler=compiler, name=name: check_bad(compiler, name)))
    return rows
