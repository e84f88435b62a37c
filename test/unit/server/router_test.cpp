// SPDX-License-Identifier: MIT
#include "server/router.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace asignalr::detail {
namespace {

router::handler answers(std::string text) {
    return router::function([text = std::move(text)](const http_request&) { return http_response{.body = text}; });
}

/// What the handler of a method on a path says; empty: there is none.
std::string said(const router& routes, std::string_view path, std::string_view method = "GET") {
    const router::method_map* methods = routes.find(path);
    if (methods == nullptr) return {};
    const auto found = methods->find(method);
    if (found == methods->end()) return {};
    return std::get<router::function>(found->second)(http_request{}).body;
}

TEST(router, paths_match_without_regard_to_case_and_to_a_slash_at_the_end) {
    router routes;
    routes.add("GET", "/Health", answers("healthy"));
    for (const char* path : {"/Health", "/health", "/HEALTH", "/health/"})
        EXPECT_EQ(said(routes, path), "healthy") << path;
    for (const char* path : {"/", "/healthy", "/health/more", "/healt", "health"})
        EXPECT_EQ(said(routes, path), "") << path;
}

TEST(router, a_path_has_a_handler_for_each_method) {
    router routes;
    routes.add("GET", "/item", answers("got"));
    routes.add("PUT", "/item", answers("put"));
    EXPECT_EQ(said(routes, "/item", "GET"), "got");
    EXPECT_EQ(said(routes, "/item", "PUT"), "put");
    EXPECT_EQ(said(routes, "/item", "put"), "") << "methods have a case";
}

TEST(router, a_star_stands_for_the_rest_and_the_longest_one_counts) {
    router routes;
    routes.add("GET", "/api/*", answers("api"));
    routes.add("GET", "/api/v2/*", answers("second"));
    routes.add("GET", "/api/v2/exact", answers("exact"));
    EXPECT_EQ(said(routes, "/api/anything"), "api");
    EXPECT_EQ(said(routes, "/API/v2/anything"), "second");
    EXPECT_EQ(said(routes, "/api/v2/exact"), "exact");
    EXPECT_EQ(said(routes, "/api/"), "api");
    EXPECT_EQ(said(routes, "/other"), "");
}

TEST(router, every_path_begins_with_a_slash) {
    router routes;
    EXPECT_THROW(routes.add("GET", "item", answers("item")), std::logic_error);
    EXPECT_THROW(routes.add_endpoint("hub", nullptr), std::logic_error);
    EXPECT_THROW(routes.add_files("assets", "."), std::logic_error);
    EXPECT_THROW(routes.add_files("", "."), std::logic_error);
}

TEST(router, a_hub_takes_its_path_and_its_negotiate_path) {
    router routes;
    routes.add_endpoint("/Chat", nullptr);
    ASSERT_NE(routes.find_endpoint("/chat"), nullptr);
    EXPECT_FALSE(routes.find_endpoint("/chat/")->negotiate);
    ASSERT_NE(routes.find_endpoint("/CHAT/negotiate"), nullptr);
    EXPECT_TRUE(routes.find_endpoint("/chat/negotiate/")->negotiate);
    EXPECT_EQ(routes.find_endpoint("/chat/other"), nullptr);
    EXPECT_EQ(routes.find_endpoint("/"), nullptr);
}

TEST(router, a_hub_may_be_at_the_root) {
    router routes;
    routes.add_endpoint("/", nullptr);
    ASSERT_NE(routes.find_endpoint("/"), nullptr);
    ASSERT_NE(routes.find_endpoint("/negotiate"), nullptr);
    EXPECT_TRUE(routes.find_endpoint("/negotiate")->negotiate);
}

TEST(router, a_path_that_is_taken_is_a_mistake_of_the_programmer) {
    router routes;
    routes.add_endpoint("/chat", nullptr);
    routes.add("GET", "/health", answers("healthy"));
    EXPECT_THROW(routes.add_endpoint("/CHAT", nullptr), std::logic_error);
    EXPECT_THROW(routes.add_endpoint("/health", nullptr), std::logic_error);
    EXPECT_THROW(routes.add("GET", "/chat", answers("")), std::logic_error);
    EXPECT_THROW(routes.add("GET", "/chat/negotiate", answers("")), std::logic_error);
    EXPECT_THROW(routes.add("GET", "/Health/", answers("")), std::logic_error);
    EXPECT_THROW(routes.add("GET", "health", answers("")), std::logic_error);
    EXPECT_THROW(routes.add("GET", "", answers("")), std::logic_error);
    EXPECT_NO_THROW(routes.add("POST", "/health", answers("")));
}

TEST(router, a_base_stands_in_front_of_every_path) {
    for (const char* base : {"/App", "/app/"}) {
        router routes{base};
        routes.add("GET", "/", answers("root"));
        routes.add("GET", "/item", answers("item"));
        routes.add("GET", "/below/*", answers("below"));
        EXPECT_EQ(said(routes, "/app"), "root");
        EXPECT_EQ(said(routes, "/APP/"), "root");
        EXPECT_EQ(said(routes, "/app/Item"), "item");
        EXPECT_EQ(said(routes, "/app/below/x"), "below");
        for (const char* path : {"/", "/item", "/apple", "/apple/item", "/app/app/item", "/below/x"})
            EXPECT_EQ(said(routes, path), "") << path;
    }
    router all{"/app"};
    all.add("GET", "/*", answers("all"));
    for (const char* path : {"/app", "/app/", "/App/x/y"})
        EXPECT_EQ(said(all, path), "all") << path;
    EXPECT_EQ(said(all, "/application"), "");
    EXPECT_EQ(said(all, "/"), "");
    router none{"/"};
    none.add("GET", "/item", answers("item"));
    EXPECT_EQ(said(none, "/item"), "item");
    EXPECT_THROW(router("app"), std::logic_error);
}

}  // namespace
}  // namespace asignalr::detail
