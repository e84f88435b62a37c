// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <utility>

namespace asignalr::detail {

/// Base of what several parts of one lane keep alive together; no locked instruction.
class counted {
public:
    counted() = default;
    counted(const counted&) = delete;
    counted& operator=(const counted&) = delete;

    void retain() noexcept { ++owners_; }
    void release() noexcept {
        if (--owners_ == 0) delete this;
    }

protected:
    virtual ~counted() = default;

private:
    std::size_t owners_ = 0;
};

/// Keeps a `counted` alive. On its lane only.
template <class Type>
class kept {
public:
    kept() = default;
    explicit kept(Type* object) noexcept : object_(object) {
        if (object_ != nullptr) object_->retain();
    }
    /// Takes over a retain() that was made before.
    static kept adopt(Type* object) noexcept {
        kept made;
        made.object_ = object;
        return made;
    }
    kept(const kept& other) noexcept : kept(other.object_) {}
    kept(kept&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
    kept& operator=(kept other) noexcept {
        std::swap(object_, other.object_);
        return *this;
    }
    ~kept() {
        if (object_ != nullptr) object_->release();
    }

    Type* get() const noexcept { return object_; }
    Type& operator*() const noexcept { return *object_; }
    Type* operator->() const noexcept { return object_; }
    explicit operator bool() const noexcept { return object_ != nullptr; }

private:
    Type* object_ = nullptr;
};

}  // namespace asignalr::detail
