#include "base/json.h"

#include <algorithm>

namespace gateway {

LineColumn line_column(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, std::min(offset, text.size()));
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const auto newline = before.rfind('\n');
  const auto start = newline == std::string_view::npos ? 0 : newline + 1;
  return {.line = static_cast<std::uint32_t>(lines + 1),
          .column = static_cast<std::uint32_t>(before.size() - start + 1)};
}

std::string_view Json::raw() const {
  if (!exists()) return {};
  const auto [begin, end] = span();
  return std::string_view(document_->source_).substr(begin, end - begin);
}

std::string_view Json::name() const {
  const auto id = key();
  return id == kNoKey ? std::string_view() : document_->name_of(id);
}

Json Json::parent() const {
  if (!exists() || index_ == 0) return {};
  return {document_, document_->nodes_[index_].parent};
}

Json Json::get(KeyId key) const {
  if (!is_object() || key == kNoKey) return {};
  for (const Json member : *this) {
    if (member.key() == key) return member;
  }
  return {};
}

Json Json::get(std::string_view name) const {
  return is_object() ? get(document_->key_of(name)) : Json();
}

Json Json::at(std::size_t index) const {
  if (!is_array()) return {};
  for (const Json item : *this) {
    if (index-- == 0) return item;
  }
  return {};
}

Json Json::find(std::string_view dotted_path) const {
  Json at = *this;
  while (!dotted_path.empty()) {
    const auto dot = dotted_path.find('.');
    at = at.get(dotted_path.substr(0, dot));
    if (at.is_array()) at = at.first();
    dotted_path = dot == std::string_view::npos ? std::string_view()
                                                : dotted_path.substr(dot + 1);
  }
  return at;
}

KeyId JsonDocument::key_of(std::string_view name) const {
  const auto known = keys_->find(name);
  if (known != kNoKey) return known;
  const auto local = local_.find(name);
  return local == kNoKey ? kNoKey : static_cast<KeyId>(keys_->size() + local);
}

std::string_view JsonDocument::name_of(KeyId key) const {
  if (key < keys_->size()) return keys_->name(key);
  const auto local = static_cast<KeyId>(key - keys_->size());
  return local < local_.size() ? local_.name(local) : std::string_view();
}

Result<SharedDocument> parse_shared(std::string text, const KeyTable& keys,
                                    const JsonLimits& limits) {
  auto parsed = JsonDocument::parse(std::move(text), keys, limits);
  if (!parsed) return parsed.error();
  return std::make_shared<const JsonDocument>(*std::move(parsed));
}

}  // namespace gateway
