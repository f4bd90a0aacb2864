// LinkIndex finds items of a list by the text of one of their members: entries
// of a Bundle by fullUrl, contained resources by id. Long lists are indexed
// once, so that a document costs what its size is and not the square of it;
// short ones, nearly all, are walked and cost no memory.

#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>

#include "base/json.h"

namespace gateway::validate {

class LinkIndex {
 public:
  // The first item of `list` whose member `key` has this text; absent if there
  // is none. REQUIRES: one and the same key for each list.
  Json find(Json list, KeyId key, std::string_view text);

 private:
  struct Place {
    const JsonDocument* document;
    std::uint32_t index;
    bool operator==(const Place&) const = default;
  };
  struct PlaceHash {
    std::size_t operator()(const Place& place) const {
      return std::hash<const void*>()(place.document) ^ place.index;
    }
  };
  using Items = std::unordered_map<std::string_view, Json>;

  std::unordered_map<Place, Items, PlaceHash> lists_;
};

}  // namespace gateway::validate
