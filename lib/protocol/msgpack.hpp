// SPDX-License-Identifier: MIT
#pragma once

// The only place that includes msgpack-c: what it needs besides is chosen here.

// Without this it takes a few lines from Boost.
#ifndef MSGPACK_NO_BOOST
#define MSGPACK_NO_BOOST
#endif

#include <msgpack/pack.hpp>
#include <msgpack/unpack.hpp>
