#include "map/map_writer.h"

#include <algorithm>
#include <utility>

#include "map/document.h"

namespace gateway::map {

void MapWriter::take_back(const Mark& mark) {
  out_.resize(mark.size);
  lineage_.resize(mark.lineage);
  values_ = mark.values;
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

void MapWriter::separate() {
  if (out_.empty()) return;
  const char last = out_.back();
  if (last != '{' && last != '[' && last != ':') out_ += ',';
}

MapWriter::MapWriter() {
  // What a message of twenty segments gives fits without growing.
  constexpr std::size_t kUsual = 16384;
  constexpr std::size_t kUsualValues = 256;
  out_.reserve(kUsual);
  lineage_.reserve(kUsualValues);
}

void MapWriter::key(std::string_view name) {
  if (name.empty()) return;
  separate();
  out_ += '"';
  out_ += name;
  out_ += "\":";
}

void MapWriter::open(char bracket) {
  separate();
  out_ += bracket;
}

void MapWriter::close(char bracket) { out_ += bracket; }

void MapWriter::raw(std::string_view json) {
  separate();
  out_ += json;
}

void MapWriter::value(std::string_view text, bool bare) {
  separate();
  if (bare) {
    out_ += text;
  } else {
    out_ += '"';
    append_escaped(out_, text);
    out_ += '"';
  }
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
  if (begin < out_.size() && out_[begin] == ',') ++begin;
  added.begin = static_cast<std::uint32_t>(begin);
  added.end = static_cast<std::uint32_t>(out_.size());
  if (of_source) ++values_;
}

}  // namespace gateway::map
