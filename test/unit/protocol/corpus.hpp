// SPDX-License-Identifier: MIT
#pragma once

#include <cctype>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace asignalr::detail {

/// Where test/corpora/unpack.mjs has put the cases of other projects; empty where it has not.
inline std::string corpora_folder() {
    const char* const folder = std::getenv("ASIGNALR_CORPORA");
    return folder == nullptr ? "" : folder;
}

/// The lines of a corpus, taken apart at their tabs; none where it is not there.
inline std::vector<std::vector<std::string>> corpus(const std::string& name) {
    std::vector<std::vector<std::string>> rows;
    std::ifstream file(corpora_folder() + '/' + name);
    for (std::string line; std::getline(file, line);) {
        std::istringstream cells(line);
        std::vector<std::string>& row = rows.emplace_back();
        for (std::string cell; std::getline(cells, cell, '\t');)
            row.push_back(cell);
    }
    return rows;
}

/// A name that GoogleTest takes.
inline std::string test_name(const std::string& name) {
    std::string made;
    for (const char character : name)
        if (std::isalnum(static_cast<unsigned char>(character)) != 0)
            made += character;
        else
            made += '_';
    return made;
}

}  // namespace asignalr::detail
