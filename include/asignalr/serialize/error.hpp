// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/base/config.hpp>

#include <stdexcept>

namespace asignalr {

/// A value has no form in the encoding of the connection, as a NaN has none in JSON. Fails the one result or send it stands in.
class ASIGNALR_API serialization_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
    ~serialization_error() override;
};

}  // namespace asignalr
