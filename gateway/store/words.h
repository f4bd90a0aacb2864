// Words numbers what repeats in every row (owners, types, parameters, topics,
// accounts), so that rows hold small integers. A word is durable before any
// row uses its number, and never changes it.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace gateway::store {

using WordId = std::int64_t;

// Parameters that the store itself writes, beside "Claim.patient" and so on.
constexpr std::string_view kCaseParam = "_case";          // of every type
constexpr std::string_view kMessageKey = "_message.key";  // Message::keys
constexpr std::string_view kControlId = "_message.control";
// Every current version of a type, with the empty value: "Claim._all".
constexpr std::string_view kAllParam = "_all";

// "Claim" and "patient" make "Claim.patient".
std::string param_word(std::string_view type, std::string_view param);

// Shared by the writer, which adds, and all readers.
class Words {
 public:
  [[nodiscard]] std::optional<WordId> find(std::string_view text) const;
  [[nodiscard]] std::string text(WordId id) const;  // empty if unknown
  [[nodiscard]] WordId next_id() const;
  void add(WordId id, std::string_view text);

 private:
  mutable std::shared_mutex mutex_;
  std::map<std::string, WordId, std::less<>> ids_;
  std::unordered_map<WordId, std::string> texts_;
  WordId last_ = 0;
};

}  // namespace gateway::store
