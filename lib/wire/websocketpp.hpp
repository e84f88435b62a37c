// SPDX-License-Identifier: MIT
#pragma once

// The only place that includes websocketpp: its headers need each other in this order, and a translation unit of their own.

#include <cstddef>

#include <websocketpp/close.hpp>
#include <websocketpp/http/request.hpp>
#include <websocketpp/common/network.hpp>
#include <websocketpp/frame.hpp>
#include <websocketpp/base64/base64.hpp>
#include <websocketpp/sha1/sha1.hpp>
