// SPDX-License-Identifier: MIT
#pragma once

/// @file
/// What the compiler and Asio must offer, and the quirks that have to be set before Asio is included for the first time.

#if !defined(__cpp_exceptions) || !defined(__cpp_rtti)
#error "asignalr needs exceptions and RTTI: remove -fno-exceptions and -fno-rtti"
#endif
#if !defined(__cpp_impl_coroutine)
#error "asignalr needs C++20 coroutines: compile with -std=c++20"
#endif

#if defined(__clang__) && !defined(ASIO_HAS_CO_AWAIT)
#define ASIO_HAS_CO_AWAIT 1  // Asio before 1.26 looks for the coroutines TS on clang
#endif
#if !defined(ASIO_HAS_STD_ALIGNED_ALLOC) && !defined(ASIO_DISABLE_STD_ALIGNED_ALLOC)
// Whether Asio allocates by aligned_alloc or operator new would depend on whether a standard header was included before it, and one
// file would free by the one what another allocated by the other.
#define ASIO_DISABLE_STD_ALIGNED_ALLOC 1
#endif
#include <asio/detail/config.hpp>
#include <asio/version.hpp>
#if !defined(ASIO_HAS_CO_AWAIT)
#error "Asio was included before asignalr and has no coroutines: include asignalr first, or compile with -DASIO_HAS_CO_AWAIT=1"
#endif
#if ASIO_VERSION < 102201
#error "asignalr needs Asio 1.22.1 or newer"
#endif

#if defined(_WIN32)
#error "asignalr does not support Windows yet"
#else
#define ASIGNALR_API __attribute__((visibility("default")))
#endif

/// @cond
#define ASIGNALR_JOIN_(a, b) a##b
#define ASIGNALR_JOIN(a, b) ASIGNALR_JOIN_(a, b)
/// @endcond
