#include "base/tree_builder.h"

#include <cassert>
#include <utility>

namespace gateway {

std::uint32_t TreeAppender::append(JsonKind kind, KeyId key, ByteSpan span) {
  auto& nodes = document_.nodes_;
  const auto index = static_cast<std::uint32_t>(nodes.size());
  std::uint32_t parent = index;
  if (!open_.empty()) {
    auto& [node, latest_child] = open_.back();
    parent = node;
    if (latest_child != node) nodes[latest_child].last = 0;
    latest_child = index;
    ++nodes[node].size;
  }
  nodes.push_back({.kind = static_cast<std::uint32_t>(kind) & 7U,
                   .last = 1,
                   .key = key & 0xFFFFFFFU,
                   .next = index + 1,
                   .parent = parent,
                   .span = span,
                   .text = 0,
                   .size = 0});
  if (kind == JsonKind::array || kind == JsonKind::object) {
    open_.push_back({index, index});
  }
  return index;
}

void TreeAppender::close(std::uint32_t span_end) {
  auto& node = document_.nodes_[open_.back().node];
  node.next = static_cast<std::uint32_t>(document_.nodes_.size());
  node.span.end = span_end;
  open_.pop_back();
}

void TreeAppender::set_text(std::uint32_t node, std::size_t offset,
                            std::size_t size) {
  document_.nodes_[node].text = static_cast<std::uint32_t>(offset);
  document_.nodes_[node].size = static_cast<std::uint32_t>(size);
}

KeyId TreeAppender::intern(std::string_view name) {
  const auto known = document_.keys_->find(name);
  if (known != kNoKey) return known;
  return static_cast<KeyId>(document_.keys_->size() +
                            document_.local_.intern(name));
}

TreeBuilder::TreeBuilder(std::string source, const KeyTable& keys)
    : appender_(document_) {
  document_.source_ = std::move(source);
  document_.keys_ = &keys;
}

void TreeBuilder::begin_object(std::string_view name, ByteSpan span) {
  appender_.append(JsonKind::object,
                   name.empty() ? kNoKey : appender_.intern(name), span);
}

void TreeBuilder::begin_array(std::string_view name, ByteSpan span) {
  appender_.append(JsonKind::array,
                   name.empty() ? kNoKey : appender_.intern(name), span);
}

void TreeBuilder::end() {
  const auto& span = document_.nodes_[appender_.innermost()].span;
  appender_.close(span.end);
}

void TreeBuilder::add(std::string_view name, JsonKind kind,
                      std::string_view text, ByteSpan span) {
  const auto node = appender_.append(
      kind, name.empty() ? kNoKey : appender_.intern(name), span);
  appender_.set_text(node, document_.text_.size(), text.size());
  document_.text_.append(text);
}

JsonDocument TreeBuilder::finish() {
  assert(appender_.depth() == 0 && !document_.nodes_.empty());
  return std::move(document_);
}

}  // namespace gateway
