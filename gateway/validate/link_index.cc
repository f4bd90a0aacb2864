#include "validate/link_index.h"

namespace gateway::validate {
namespace {

constexpr std::size_t kShort = 16;

}  // namespace

Json LinkIndex::find(Json list, KeyId key, std::string_view text) {
  if (list.size() <= kShort) {
    for (const Json item : list) {
      const Json member = item.get(key);
      if (member.exists() && member.text() == text) return item;
    }
    return {};
  }
  const auto [known, fresh] =
      lists_.try_emplace(Place{list.document(), list.index()});
  if (fresh) {
    for (const Json item : list) {
      const Json member = item.get(key);
      if (member.exists()) known->second.try_emplace(member.text(), item);
    }
  }
  const auto found = known->second.find(text);
  return found == known->second.end() ? Json() : found->second;
}

}  // namespace gateway::validate
