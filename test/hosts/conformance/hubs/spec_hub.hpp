// SPDX-License-Identifier: MIT
#pragma once

#include "pause.hpp"

#include <asignalr/server.hpp>

#include <chrono>
#include <cstddef>
#include <map>
#include <random>
#include <string>
#include <vector>

/// What a drink is and how strong, in percent.
struct alcoholic_content {
    std::string drink;
    double strength = 0;
};
constexpr auto fields_of(const alcoholic_content*) {
    return asignalr::fields(asignalr::field("drink", &alcoholic_content::drink), asignalr::field("strength", &alcoholic_content::strength));
}

/// The hub that go-signalr's own specification in TypeScript calls.
class spec_hub final : public asignalr::hub {
public:
    static void describe(asignalr::method_table<spec_hub>& methods) {
        methods.expose<&spec_hub::ping>("Ping");
        methods.expose<&spec_hub::touch>("Touch");
        methods.expose<&spec_hub::triumphant_triple>("TriumphantTriple");
        methods.expose<&spec_hub::alcoholic_contents>("AlcoholicContents");
        methods.expose<&spec_hub::alcoholic_content_map>("AlcoholicContentMap");
        methods.expose<&spec_hub::large_compressable_content>("LargeCompressableContent");
        methods.expose<&spec_hub::large_uncompressable_content>("LargeUncompressableContent");
        methods.expose<&spec_hub::five_dates>("FiveDates");
        methods.expose<&spec_hub::upload_stream>("UploadStream");
    }

private:
    std::string ping() { return "Pong!"; }
    void touch() { clients().caller().send("touched"); }
    std::vector<std::string> triumphant_triple(std::string club) {
        if (club.find("FC Bayern") == std::string::npos) return {};
        return {"German Championship", "DFB Cup", "Champions League"};
    }
    std::vector<alcoholic_content> alcoholic_contents() {
        return {{"Brunello", 13.5}, {"Beer", 4.9}, {"Lagavulin Cask Strength", 56.2}};
    }
    std::map<std::string, double> alcoholic_content_map() {
        std::map<std::string, double> contents;
        for (const alcoholic_content& one : alcoholic_contents())
            contents.emplace(one.drink, one.strength);
        return contents;
    }
    std::string large_compressable_content() {
        std::string text;
        for (int count = 0; count < 10'000; ++count)
            text += "data_";
        return text;
    }
    std::string large_uncompressable_content() {
        constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890";
        std::minstd_rand random;
        std::uniform_int_distribution<std::size_t> any(0, letters.size() - 1);
        std::string text(20'000, ' ');
        for (char& letter : text)
            letter = letters[any(random)];
        return text;
    }
    asignalr::generator<std::string> five_dates() {
        for (int count = 0; count < 5; ++count) {
            if (count > 0) co_await pause_for(100);
            co_yield std::to_string(std::chrono::system_clock::now().time_since_epoch().count());
        }
    }
    asignalr::task<void> upload_stream(asignalr::upload<int> items) {
        std::vector<int> all;
        while (const auto item = co_await items.next())
            all.push_back(*item);
        clients().caller().send("OnUploadComplete", all);
    }
};
