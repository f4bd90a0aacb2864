// Entries are the resources that a run has given so far: their numbers, which
// of them a reference can see from where it stands, and what was created, so
// that what several fields say alike is created once.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "map/bundle_request.h"
#include "map/rule.h"

namespace gateway::map {

class Entries {
 public:
  explicit Entries(const CheckedMap& map)
      : entries_(map.emission_count), visible_from_(map.emission_count, 0) {}

  // The number of the entry that is being written.
  [[nodiscard]] std::uint32_t next() const { return count_ + 1; }
  // Takes the next number for what was written, standing on `place`.
  void add(const Emission& emission, ByteSpan place);

  // The entry for which what stands in `result` from `begin` is another time:
  // the same to the letter, or something else under its key. That is remembered
  // for the next entry otherwise, as it is where one of the two withdraws what
  // the other posts: then the earlier is taken back, however often it was said.
  struct Known {
    std::uint32_t number;
    bool is_same;
  };
  struct Candidate {
    const Emission& emission;
    Method method;
    const BusinessKey& key;
    ByteSpan place;  // of what it stands on
  };
  [[nodiscard]] std::optional<Known> known(const Candidate& candidate,
                                           std::string_view result,
                                           std::size_t begin);
  // References to `emission` mean the entry of that number.
  void alias(const Emission& emission, std::uint32_t number, ByteSpan place);

  // Within a turn of a group, references see what that turn gives; after it,
  // what all of its turns gave.
  void begin_turn(const Emission& group);
  void end_turns(const Emission& group);

  struct Entry {
    std::uint32_t number;
    ByteSpan place;  // of what it stands on
  };
  struct Visible {
    const Entry* first;
    const Entry* last;
    [[nodiscard]] bool empty() const { return first == last; }
    // The one that stands on `place`, in it or around it; else the first.
    // REQUIRES: not empty().
    [[nodiscard]] const Entry* nearest(ByteSpan place) const;
  };
  [[nodiscard]] Visible visible(std::uint32_t emission) const;

  // What a later part of the message takes back.
  struct TakenBack {
    std::uint32_t emission;
    ByteSpan place;
    Method method;
    std::string key;  // with its type
  };
  [[nodiscard]] const std::vector<TakenBack>& taken_back() const {
    return taken_back_;
  }

 private:
  std::vector<std::vector<Entry>> entries_;  // by emission
  std::vector<std::size_t> visible_from_;    // likewise
  struct Body {
    std::size_t begin;
    std::size_t size;
    std::uint32_t number;
  };
  std::vector<Body> bodies_;
  struct Keyed {
    TakenBack entry;
    std::uint32_t number;
    std::vector<TakenBack> others{};  // of its key, for which it stands
  };
  std::vector<Keyed> keyed_;
  std::vector<TakenBack> taken_back_;
  std::uint32_t count_ = 0;

  void take_back(Keyed earlier);
};

// Among what was taken back: what `emission` gives at `place`; and that what
// bears the key was withdrawn.
bool is_taken_back(const std::vector<Entries::TakenBack>& all,
                   std::uint32_t emission, ByteSpan place);
bool is_withdrawn(const std::vector<Entries::TakenBack>& all,
                  std::string_view type, const BusinessKey& key);

}  // namespace gateway::map
