#include "map/map_writer.h"

#include <algorithm>
#include <utility>

#include "map/document.h"
#include "map/plain_bytes.h"

namespace gateway::map {

void MapWriter::take_back(const Mark& mark) {
  size_ = mark.size;
  lineage_.resize(mark.lineage);
  values_ = mark.values;
}

void MapWriter::add_sources(const Mark& mark,
                            std::vector<ByteSpan>& sources) const {
  for (auto at = mark.lineage; at < lineage_.size(); ++at) {
    sources.push_back(lineage_[at].source);
  }
}

ByteSpan MapWriter::source_since(const Mark& mark) const {
  return lineage_.size() > mark.lineage ? lineage_.back().source : ByteSpan{};
}

std::vector<Lineage> MapWriter::take_lineage() {
  const auto before = [](const Lineage& a, const Lineage& b) {
    return a.begin < b.begin;
  };
  if (!std::is_sorted(lineage_.begin(), lineage_.end(), before)) {
    std::stable_sort(lineage_.begin(), lineage_.end(), before);
  }
  return std::move(lineage_);
}

MapWriter::MapWriter() {
  // What a message of twenty segments gives fits without growing.
  constexpr std::size_t kUsual = 16384;
  constexpr std::size_t kUsualValues = 256;
  out_.resize(kUsual);
  lineage_.reserve(kUsualValues);
}

std::string MapWriter::take_text() {
  out_.resize(size_);
  size_ = 0;
  return std::move(out_);
}

char* MapWriter::next(std::size_t wanted) {
  if (out_.size() - size_ <= wanted) {
    out_.resize(std::max(out_.size() * 2, size_ + wanted + 1));
  }
  char* at = out_.data() + size_;
  if (size_ == 0) return at;
  const char last = at[-1];
  if (last != '{' && last != '[' && last != ':') *at++ = ',';
  return at;
}

void MapWriter::key(std::string_view name) {
  if (name.empty()) return;
  char* at = next(name.size() + 3);
  *at++ = '"';
  at = std::copy(name.begin(), name.end(), at);
  *at++ = '"';
  *at++ = ':';
  end(at);
}

void MapWriter::open(char bracket) {
  char* at = next(1);
  *at++ = bracket;
  end(at);
}

void MapWriter::close(char bracket) {
  if (out_.size() == size_) out_.resize(size_ * 2);
  out_[size_++] = bracket;
}

void MapWriter::raw(std::string_view json) {
  end(std::copy(json.begin(), json.end(), next(json.size())));
}

void MapWriter::value(std::string_view text, bool bare) {
  if (bare) {
    raw(text);
    return;
  }
  if (!needs_no_escape(text)) {
    std::string escaped;
    append_escaped(escaped, text);
    raw("\"" + escaped + "\"");
    return;
  }
  char* at = next(text.size() + 2);
  *at++ = '"';
  at = std::copy(text.begin(), text.end(), at);
  *at++ = '"';
  end(at);
}

void MapWriter::reference(std::string_view member, std::string_view target) {
  key(member);
  open('{');
  key("reference");
  value(target, false);
  close('}');
}

void MapWriter::coding(std::string_view member, const TableRow& row) {
  key(member);
  open('{');
  for (const auto& [name, text] :
       {std::pair<std::string_view, const std::string&>{"system", row.system},
        {"code", row.to},
        {"display", row.display}}) {
    if (text.empty()) continue;
    key(name);
    value(text, false);
  }
  close('}');
}

void MapWriter::trace(std::size_t begin, const Lineage& lineage,
                      bool of_source) {
  auto& added = lineage_.emplace_back(lineage);
  if (begin < size_ && out_[begin] == ',') ++begin;
  added.begin = static_cast<std::uint32_t>(begin);
  added.end = static_cast<std::uint32_t>(size_);
  if (of_source) ++values_;
}

}  // namespace gateway::map
