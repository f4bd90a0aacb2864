// Several texts and numbers in one blob: the parts of a row that are only ever
// read together. Each text is preceded by its length; numbers take 7 bits a
// byte, lowest first.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::store {

void pack(std::string& out, std::uint64_t number);
void pack(std::string& out, std::string_view text);

// Reads what pack() wrote. Nothing at the end, and for damaged bytes.
class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : rest_(bytes) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  std::optional<std::uint64_t> number();
  std::optional<std::string_view> text();

 private:
  std::string_view rest_;
};

}  // namespace gateway::store
