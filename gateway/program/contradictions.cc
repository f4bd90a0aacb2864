#include "program/contradictions.h"

#include <algorithm>

namespace gateway::program {
namespace {

bool same(const Knob& left, const Knob& right) {
  const bool numbers = left.thousandths != 0 || right.thousandths != 0;
  const bool texts =
      numbers ? left.thousandths == right.thousandths : left.text == right.text;
  return texts && left.list == right.list && left.table == right.table;
}

// As a pack writes it.
std::string value_of(const Knob& knob) {
  std::string value = knob.text;
  for (const auto& item : knob.list) value += (value.empty() ? "" : " ") + item;
  for (const auto& [key, item] : knob.table) {
    value += (value.empty() ? "" : " ") + key + ":" + item;
  }
  return value.empty() ? "nothing" : value;
}

std::string said(const PolicyPack& pack, const Knob& knob) {
  return pack.id + " says " + value_of(knob) + " (" + knob.source + ")";
}

bool names(const Requirement& row, const Requirement& other) {
  const auto& all = row.contradicts;
  return std::any_of(all.begin(), all.end(), [&](const auto& one) {
    return one.row == other.id || one.row == other.rule;
  });
}

std::string other_knobs(const Policy& policy, const PolicyPack& pack,
                        const std::string& name) {
  std::string named;
  const auto own = pack.knobs.find(name);
  for (const auto& other : policy.packs) {
    const auto knob = other->knobs.find(name);
    if (other.get() == &pack || knob == other->knobs.end()) continue;
    if (own != pack.knobs.end() && same(own->second, knob->second)) continue;
    named += "; otherwise " + other->id + " " + name + " (" +
             knob->second.source + ")";
  }
  return named;
}

}  // namespace

std::string otherwise(const Policy& policy, const PolicyPack& pack,
                      const Requirement& row) {
  std::string named;
  for (const auto& name : row.knobs) named += other_knobs(policy, pack, name);
  for (const auto& other : policy.packs) {
    if (other.get() == &pack) continue;
    for (const auto& one : other->requirements) {
      if (one.variant || (!names(row, one) && !names(one, row))) continue;
      named += "; otherwise " + one.rule + " (" + one.source + ")";
    }
  }
  return named;
}

std::vector<std::string> contradictions(const Policy& policy) {
  std::vector<std::string> found;
  for (const auto& entry : knob_table()) {
    if (entry.informational) continue;
    const PolicyPack* first = nullptr;
    for (const auto& pack : policy.packs) {
      const auto knob = pack->knobs.find(entry.name);
      if (knob == pack->knobs.end()) continue;
      if (first == nullptr) {
        first = pack.get();
        continue;
      }
      const auto& before = first->knobs.find(entry.name)->second;
      if (same(before, knob->second)) continue;
      found.push_back("Packs of this policy contradict each other in " +
                      std::string(entry.name) + ": " + said(*first, before) +
                      ", " + said(*pack, knob->second));
    }
  }
  return found;
}

}  // namespace gateway::program
