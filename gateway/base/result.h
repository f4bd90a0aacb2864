// Result<T> is a value, or the Error that prevented it.
//
// An Error says that the gateway could not do its work. A finding about the
// data, such as a missing claim number, is not an Error: it is a Finding, and
// travels as a value (see fhir/outcome.h).

#pragma once

#include <cassert>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace gateway {

// The set is closed: what a sender sees (HTTP status, HL7 acknowledgment, X12
// 999) is derived from the code alone, in transport/status.cc.
enum class ErrorCode {
  invalid,       // the input breaks its own grammar; a retry cannot help
  unsupported,   // well formed, but not something this gateway handles
  too_large,     // beyond a configured limit
  unauthorized,  // the caller is not known
  forbidden,     // the caller is known, and may not
  not_found,     // the thing asked for does not exist
  conflict,      // it changed, or contradicts what is stored
  busy,          // a queue is full; try again later
  unavailable,   // a store or partner is down; try again later
  fault,         // a defect in the gateway or in its configuration
};

struct Error {
  ErrorCode code;
  std::string message;  // what, where, and what to do; never message content
  std::optional<std::size_t> offset{};  // byte of the input
  bool disk_full{};  // with unavailable: the store has no room (HTTP 507)
};

template <typename T>
class [[nodiscard]] Result {
 public:
  // Implicit, so that a function ends with `return value;` or `return error;`.
  Result(T value) : state_(std::move(value)) {}      // NOLINT
  Result(Error error) : state_(std::move(error)) {}  // NOLINT

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // REQUIRES: ok().
  const T& operator*() const& { return checked_value(); }
  T&& operator*() && { return std::move(checked_value()); }
  const T* operator->() const { return &checked_value(); }

  // REQUIRES: !ok().
  [[nodiscard]] const Error& error() const {
    assert(!ok());
    return std::get<Error>(state_);
  }

 private:
  [[nodiscard]] const T& checked_value() const {
    assert(ok());
    return std::get<T>(state_);
  }
  [[nodiscard]] T& checked_value() {
    assert(ok());
    return std::get<T>(state_);
  }

  std::variant<T, Error> state_;
};

// The result of an operation that has nothing to return.
struct Done {};
using Status = Result<Done>;

}  // namespace gateway
