// Writes the JSON of a map's result so that a part that turns out empty can be
// taken back, with its lineage.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "map/map_engine.h"

namespace gateway::map {

class MapWriter {
 public:
  MapWriter();

  // A point to which the result can be taken back.
  struct Mark {
    std::size_t size;
    std::size_t lineage;
    std::uint32_t values;
  };

  [[nodiscard]] Mark mark() const { return {size_, lineage_.size(), values_}; }
  void take_back(const Mark& mark);
  // Values of the source, not texts of the map, since `mark`.
  [[nodiscard]] bool has_values_since(const Mark& mark) const {
    return values_ > mark.values;
  }
  // Anything at all.
  [[nodiscard]] bool has_written_since(const Mark& mark) const {
    return size_ > mark.size;
  }

  // Where the last value since then comes from.
  [[nodiscard]] ByteSpan source_since(const Mark& mark) const;

  // Where all of them come from.
  void add_sources(const Mark& mark, std::vector<ByteSpan>& sources) const;

  void key(std::string_view name);  // nothing for items of a list
  void open(char bracket);
  void close(char bracket);
  void raw(std::string_view json);
  // A value: quoted unless `bare`.
  void value(std::string_view text, bool bare);
  // {"reference": "..."}
  void reference(std::string_view member, std::string_view target);
  // What a row of a table says of a Coding.
  void coding(std::string_view member, const TableRow& row);
  // Says where the value that begins at `begin` comes from.
  void trace(std::size_t begin, const Lineage& lineage, bool of_source);

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::string_view text() const {
    return std::string_view(out_).substr(0, size_);
  }
  std::string take_text();
  std::vector<Lineage> take_lineage();  // in order of `begin`

 private:
  // Room for so many bytes more, behind a comma if one is due.
  char* next(std::size_t wanted);
  void end(const char* behind) {
    size_ = static_cast<std::size_t>(behind - out_.data());
  }

  // Larger than what is written, so that no byte is looked after by itself.
  std::string out_;
  std::size_t size_ = 0;
  std::vector<Lineage> lineage_;
  std::uint32_t values_ = 0;
};

}  // namespace gateway::map
