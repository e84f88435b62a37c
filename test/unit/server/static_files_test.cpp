// SPDX-License-Identifier: MIT
#include "server/static_files.hpp"

#include <asignalr/base/error.hpp>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace asignalr::detail {
namespace {

namespace fs = std::filesystem;

std::string header_of(const http_response& response, std::string_view name) {
    const auto found = std::find_if(
        response.headers.begin(), response.headers.end(), [&](const auto& pair) { return pair.first == name; });
    return found == response.headers.end() ? "" : found->second;
}

// A folder with a secret beside it.
class static_files_test : public testing::Test {
protected:
    static_files_test() {
        std::string pattern = (fs::temp_directory_path() / "asignalr-files-XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr) throw std::system_error(errno, std::generic_category());
        base_ = pattern;
        write("secret.txt", "secret");
        write("page/index.html", "<p>home</p>");
        write("page/app.js", "run();");
        write("page/sub folder/index.html", "<p>sub</p>");
        write("page/sub folder/data.bin", std::string("\0\r\n\xff", 4));
        write("page/plain/style.CSS", "p {}");
        write("page/.hidden", "hidden");
        write("page/.git/config", "hidden");
        write("page/empty.txt", "");
    }
    ~static_files_test() override {
        std::error_code ignored;
        fs::remove_all(base_, ignored);
    }

    void write(const std::string& path, const std::string& content) const {
        fs::create_directories((base_ / path).parent_path());
        std::ofstream(base_ / path, std::ios::binary) << content;
    }
    std::string page() const { return (base_ / "page").string(); }

    static std::optional<http_response> ask(
        const static_files& files, std::string_view target, std::string_view method = "GET",
        std::string_view if_none_match = "") {
        http_request request(method, target, "192.0.2.7");
        if (!if_none_match.empty()) request.add_header("If-None-Match", if_none_match);
        return files.answer(request);
    }

    fs::path base_;
};

TEST_F(static_files_test, serves_content_with_type_and_tag) {
    const static_files files("/", page());
    const auto answer = ask(files, "/app.js?v=1");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, "run();");
    EXPECT_EQ(answer->content_type, "text/javascript; charset=utf-8");
    EXPECT_EQ(header_of(*answer, "Cache-Control"), "no-cache");
    EXPECT_EQ(header_of(*answer, "X-Content-Type-Options"), "nosniff");
    const std::string tag = header_of(*answer, "ETag");
    ASSERT_GE(tag.size(), 3u);
    EXPECT_TRUE(tag.front() == '"' && tag.back() == '"') << tag;

    EXPECT_EQ(ask(files, "/plain/style.CSS")->content_type, "text/css; charset=utf-8");
    EXPECT_EQ(ask(files, "/sub%20folder/data.bin")->content_type, "application/octet-stream");
    EXPECT_EQ(ask(files, "/sub%20folder/data.bin")->body, std::string("\0\r\n\xff", 4));
    EXPECT_EQ(ask(files, "/empty.txt")->body, "");
}

TEST_F(static_files_test, answers_304_to_who_has_it_already) {
    const static_files files("/", page());
    const std::string tag = header_of(*ask(files, "/app.js"), "ETag");
    for (const std::string& list : {tag, "W/" + tag, "\"other\", " + tag, std::string("*")}) {
        const auto answer = ask(files, "/app.js", "GET", list);
        ASSERT_TRUE(answer) << list;
        EXPECT_EQ(answer->status, 304) << list;
        EXPECT_TRUE(answer->body.empty());
        EXPECT_TRUE(answer->content_type.empty());
        EXPECT_EQ(header_of(*answer, "ETag"), tag);
    }
    for (const std::string& list : {std::string("\"other\""), tag.substr(1), std::string(",,"), std::string("W/")})
        EXPECT_EQ(ask(files, "/app.js", "GET", list)->status, 200) << list;
}

TEST_F(static_files_test, tag_changes_with_the_content) {
    const std::string before = header_of(*ask(static_files("/", page()), "/app.js"), "ETag");
    write("page/app.js", "Run();");
    EXPECT_NE(header_of(*ask(static_files("/", page()), "/app.js"), "ETag"), before);
}

TEST_F(static_files_test, head_is_answered_like_get_and_other_methods_with_405) {
    const static_files files("/", page());
    EXPECT_EQ(ask(files, "/app.js", "HEAD")->status, 200);
    for (const char* method : {"POST", "PUT", "DELETE", "get"}) {
        const auto answer = ask(files, "/app.js", method);
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->status, 405) << method;
        EXPECT_EQ(header_of(*answer, "Allow"), "GET, HEAD, OPTIONS");
        EXPECT_FALSE(ask(files, "/none.js", method));
    }
    EXPECT_EQ(ask(files, "/app.js", "OPTIONS")->status, 204);
    EXPECT_EQ(header_of(*ask(files, "/app.js", "OPTIONS"), "Allow"), "GET, HEAD, OPTIONS");
    EXPECT_FALSE(ask(files, "/none.js", "OPTIONS"));
}

TEST_F(static_files_test, folders_show_their_index) {
    const static_files files("/", page());
    EXPECT_EQ(ask(files, "/")->body, "<p>home</p>");
    EXPECT_EQ(ask(files, "/")->content_type, "text/html; charset=utf-8");
    EXPECT_EQ(ask(files, "/sub%20folder/")->body, "<p>sub</p>");
    EXPECT_FALSE(ask(files, "/plain/"));
    EXPECT_FALSE(ask(files, "/plain"));

    const auto redirect = ask(files, "/sub%20folder?a=b");
    ASSERT_TRUE(redirect);
    EXPECT_EQ(redirect->status, 301);
    EXPECT_EQ(header_of(*redirect, "Location"), "/sub%20folder/?a=b");
}

TEST_F(static_files_test, appears_below_its_mount_path_only) {
    for (const char* mount : {"/assets", "/assets/"}) {
        const static_files files(mount, page());
        EXPECT_EQ(ask(files, "/assets/app.js")->status, 200);
        EXPECT_EQ(ask(files, "/ASSETS/app.js")->status, 200);
        EXPECT_EQ(header_of(*ask(files, "/assets"), "Location"), "/assets/");
        EXPECT_FALSE(ask(files, "/app.js"));
        EXPECT_FALSE(ask(files, "/assetsapp.js"));
        EXPECT_FALSE(ask(files, "/"));
    }
}

TEST_F(static_files_test, case_matters_only_between_files_that_differ_in_it) {
    write("page/App.JS", "other();");
    const static_files files("/", page());
    EXPECT_EQ(ask(files, "/App.JS")->body, "other();");
    EXPECT_EQ(ask(files, "/app.js")->body, "run();");
    EXPECT_EQ(ask(files, "/INDEX.HTML")->body, "<p>home</p>");
}

TEST_F(static_files_test, no_spelling_leads_out_of_the_folder) {
    const static_files files("/", page());
    for (const char* target :
         {"/../secret.txt",
          "/..%2fsecret.txt",
          "/%2e%2e/secret.txt",
          "/%2e%2e%2fsecret.txt",
          "/..\\secret.txt",
          "/..%5csecret.txt",
          "/sub folder/../../secret.txt",
          "/sub%20folder/..%2f..%2fsecret.txt",
          "//secret.txt",
          "/app.js%00",
          "/app.js%00.html",
          "/app.js/",
          "/app.js/.",
          "/./app.js",
          "//app.js",
          "/%2fapp.js",
          "/sub%20folder%2fdata.bin",
          "/sub%20folder\\data.bin",
          "/.hidden",
          "/%2ehidden",
          "/.git/config",
          "/app.js%",
          "/app.js%2",
          "",
          "*",
          "app.js",
          "/%252e%252e/secret.txt",
          "/plain/../app.js"})
        EXPECT_FALSE(ask(files, target)) << target;
}

TEST_F(static_files_test, follows_links_within_the_folder_only) {
    fs::create_symlink(base_ / "secret.txt", base_ / "page/out.txt");
    fs::create_symlink("../secret.txt", base_ / "page/relative.txt");
    fs::create_directory_symlink(base_, base_ / "page/up");
    fs::create_directory_symlink(base_ / "page/sub folder", base_ / "page/loop");
    fs::create_symlink("nowhere", base_ / "page/dangling.txt");
    fs::create_symlink("app.js", base_ / "page/alias.js");
    fs::create_directory(base_ / "page-secret");
    write("page-secret/file.txt", "secret");
    fs::create_symlink(base_ / "page-secret/file.txt", base_ / "page/sibling.txt");

    const static_files files("/", page());
    for (const char* target :
         {"/out.txt", "/relative.txt", "/up/secret.txt", "/loop/data.bin", "/dangling.txt", "/sibling.txt"})
        EXPECT_FALSE(ask(files, target)) << target;
    EXPECT_EQ(ask(files, "/alias.js")->body, "run();");
}

TEST_F(static_files_test, leaves_out_what_is_no_file) {
    ASSERT_EQ(mkfifo((base_ / "page/pipe").c_str(), 0600), 0);
    write("page/a%2Fb", "confusing");
    write("page/a\\b", "confusing");
    const static_files files("/", page());
    EXPECT_EQ(files.size(), 6u);
    EXPECT_FALSE(ask(files, "/a%252Fb"));
}

TEST_F(static_files_test, the_folder_may_be_a_link_itself) {
    fs::create_directory_symlink(base_ / "page", base_ / "current");
    EXPECT_EQ(ask(static_files("/", (base_ / "current").string()), "/app.js")->body, "run();");
}

void expect_unreadable(const std::string& folder, const std::string& named_path) {
    try {
        const static_files files("/", folder);
        FAIL() << "no error for " << folder;
    } catch (const std::system_error& error) {
        EXPECT_EQ(error.code(), make_error_code(errc::file_unreadable));
        EXPECT_NE(std::string_view(error.what()).find(named_path), std::string_view::npos) << error.what();
    }
}

TEST_F(static_files_test, names_what_it_cannot_read) {
    expect_unreadable((base_ / "missing").string(), (base_ / "missing").string());
    expect_unreadable((base_ / "secret.txt").string(), (base_ / "secret.txt").string());
    if (geteuid() == 0) return;  // root reads everything
    fs::permissions(base_ / "page/app.js", fs::perms::none);
    expect_unreadable(page(), (base_ / "page/app.js").string());
}

}  // namespace
}  // namespace asignalr::detail
