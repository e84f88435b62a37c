// SPDX-License-Identifier: MIT
#pragma once

#include "later_work.hpp"

#include <asignalr/server.hpp>

#include <string>
#include <utility>
#include <vector>

/// The RoomsHub of the contract. It knows no users yet, and asks no client.
class rooms_hub final : public asignalr::hub {
public:
    static void describe(asignalr::method_table<rooms_hub>& methods) {
        methods.expose<&rooms_hub::join>("Join");
        methods.expose<&rooms_hub::leave>("Leave");
        methods.expose<&rooms_hub::send_room>("SendRoom");
        methods.expose<&rooms_hub::send_room_except>("SendRoomExcept");
        methods.expose<&rooms_hub::send_others_in_room>("SendOthersInRoom");
        methods.expose<&rooms_hub::send_rooms>("SendRooms");
        methods.expose<&rooms_hub::send_all>("SendAll");
        methods.expose<&rooms_hub::send_all_except>("SendAllExcept");
        methods.expose<&rooms_hub::send_others>("SendOthers");
        methods.expose<&rooms_hub::send_caller>("SendCaller");
        methods.expose<&rooms_hub::send_client>("SendClient");
        methods.expose<&rooms_hub::send_clients>("SendClients");
        methods.expose<&rooms_hub::send_user>("SendUser");
        methods.expose<&rooms_hub::send_users>("SendUsers");
        methods.expose<&rooms_hub::who_am_i>("WhoAmI");
        methods.expose<&rooms_hub::ask>("Ask");
    }

    asignalr::task<void> on_connected() override {
        clients().caller().send("welcome", std::string(context().connection_id()));
        co_return;
    }
    asignalr::task<void> on_disconnected(asignalr::close_reason reason) override {
        clients().others().send("left", std::string(context().connection_id()), reason.error);
        co_return;
    }

private:
    using texts = std::vector<std::string>;

    asignalr::task<void> join(std::string room) { co_await groups().add(context().connection_id(), room); }
    asignalr::task<void> leave(std::string room) { co_await groups().remove(context().connection_id(), room); }
    void send_room(std::string room, std::string text) { clients().group(room).send("receive", text); }
    void send_room_except(std::string room, std::string text, texts ids) {
        clients().group_except(room, std::move(ids)).send("receive", text);
    }
    void send_others_in_room(std::string room, std::string text) { clients().others_in_group(room).send("receive", text); }
    void send_rooms(texts rooms, std::string text) { clients().groups(std::move(rooms)).send("receive", text); }
    void send_all(std::string text) { clients().all().send("receive", text); }
    void send_all_except(std::string text, texts ids) { clients().all_except(std::move(ids)).send("receive", text); }
    void send_others(std::string text) { clients().others().send("receive", text); }
    void send_caller(std::string text) { clients().caller().send("receive", text); }
    void send_client(std::string id, std::string text) { clients().client(id).send("receive", text); }
    void send_clients(texts ids, std::string text) { clients().clients(std::move(ids)).send("receive", text); }
    void send_user(std::string, std::string) { not_served_yet("Users"); }
    void send_users(texts, std::string) { not_served_yet("Users"); }
    texts who_am_i() { not_served_yet("Users"); }
    std::string ask(std::string, std::string) { not_served_yet("Questions to clients"); }
};
