#include "store/words.h"

#include <algorithm>
#include <mutex>

namespace gateway::store {

std::string param_word(std::string_view type, std::string_view param) {
  std::string word;
  word.reserve(type.size() + 1 + param.size());
  word.append(type).append(1, '.').append(param);
  return word;
}

std::optional<WordId> Words::find(std::string_view text) const {
  const std::shared_lock lock(mutex_);
  const auto found = ids_.find(text);
  if (found == ids_.end()) return std::nullopt;
  return found->second;
}

std::string Words::text(WordId id) const {
  const std::shared_lock lock(mutex_);
  const auto found = texts_.find(id);
  return found == texts_.end() ? std::string() : found->second;
}

WordId Words::next_id() const {
  const std::shared_lock lock(mutex_);
  return last_ + 1;
}

void Words::add(WordId id, std::string_view text) {
  const std::unique_lock lock(mutex_);
  ids_.emplace(text, id);
  texts_.emplace(id, text);
  last_ = std::max(last_, id);
}

}  // namespace gateway::store
