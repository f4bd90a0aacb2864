#include "parse/hl7v2_group.h"

#include <algorithm>
#include <optional>

namespace gateway::parse {
namespace {

constexpr std::uint32_t kNone = Hl7v2Node::kNone;

class Grouper {
 public:
  Grouper(const Hl7v2Message& message, const Hl7v2Element& structure)
      : message_(message) {
    groups_.nodes.reserve(message.segments().size() + 8);
    groups_.nodes.push_back({.name = structure.name});
    note_members(structure);
    open_.push_back({&structure, 0, 0});
  }

  Hl7v2Groups group() {
    for (std::uint32_t i = 0; i < message_.segments().size(); ++i) place(i);
    report_missing(*open_.front().element, 0);
    return std::move(groups_);
  }

 private:
  // A group to which segments may still be added.
  struct Open {
    const Hl7v2Element* element;
    std::uint32_t node;
    std::size_t at;  // of the member that was filled last
  };
  enum class Fit : std::uint8_t { in_order, belongs, contains };

  void place(std::uint32_t segment) {
    const auto opening = opening_of(segment);
    placed_ = segment;
    for (const auto fit : {Fit::in_order, Fit::belongs, Fit::contains}) {
      for (std::size_t level = open_.size(); level-- > 0;) {
        const auto member = member_for(open_[level], opening, fit);
        if (!member) continue;
        if (fit != Fit::in_order) {
          groups_.oddities.push_back(
              {Hl7v2Disorder::out_of_order, segment, opening.name});
        }
        open_.resize(level + 1);
        descend(*member, opening, segment);
        return;
      }
    }
    groups_.oddities.push_back({Hl7v2Disorder::unknown, segment, opening.name});
    add(open_.back().node, {.name = opening.name, .segment = segment});
  }

  [[nodiscard]] Hl7v2Opening opening_of(std::uint32_t index) const {
    const auto& segment = message_.segments()[index];
    const auto* first = &message_.pieces()[segment.first_piece];
    return {message_.raw(*first),
            segment.piece_count > 1 ? message_.raw(first[1]) : ""};
  }

  // The member of an open group that can take the segment.
  [[nodiscard]] std::optional<std::size_t> member_for(
      const Open& open, const Hl7v2Opening& opening, Fit fit) const {
    const auto& members = open.element->members;
    std::size_t from = fit == Fit::in_order ? open.at : 0;
    // Of groups side by side that begin alike any may follow any.
    while (from > 0 && members[from - 1].is_group() &&
           members[from - 1].begins_with(opening) &&
           members[from].begins_with(opening)) {
      --from;
    }
    if (fit == Fit::belongs && begins_anew(open, opening)) return std::nullopt;
    for (std::size_t i = from; i < members.size(); ++i) {
      if (!fits(members[i], last_of(open.node, i), opening, fit)) continue;
      const bool begins_alike = i + 1 < members.size() &&
                                members[i].is_group() &&
                                members[i + 1].begins_with(opening);
      if (begins_alike && !what_it_requires_follows(members[i])) continue;
      return i;
    }
    return std::nullopt;
  }

  // A segment with which a group begins, behind what comes later in it, is the
  // next one's.
  static bool begins_anew(const Open& open, const Hl7v2Opening& opening) {
    const auto& [element, node, at] = open;
    return element->repeats && at > 0 && element->begins_with(opening) &&
           !std::any_of(
               element->members.begin() + static_cast<std::ptrdiff_t>(at),
               element->members.end(),
               [&](const auto& member) { return member.begins_with(opening); });
  }

  // Behind the segment that is placed, before the group would begin anew or
  // another one begins. What the structure has nowhere begins none.
  [[nodiscard]] bool what_it_requires_follows(const Hl7v2Element& group) const {
    std::vector<Hl7v2Opening> found{opening_of(placed_)};
    auto at = first_containing(group, found.front());
    for (auto i = placed_ + 1; i < message_.segments().size(); ++i) {
      const auto opening = opening_of(i);
      if (!group.contains(opening)) {
        if (open_.front().element->contains(opening)) break;
        continue;
      }
      if (group.begins_with(opening)) {
        const auto next = first_containing(group, opening);
        if (next <= at) break;
        at = next;
      }
      found.push_back(opening);
    }
    return std::all_of(group.members.begin(), group.members.end(),
                       [&](const Hl7v2Element& member) {
                         return !member.required ||
                                std::any_of(
                                    found.begin(), found.end(),
                                    [&](const auto& opening) {
                                      return member.begins_with(opening);
                                    });
                       });
  }

  // `last`: the member's last node in its group, or kNone.
  [[nodiscard]] bool fits(const Hl7v2Element& member, std::uint32_t last,
                          const Hl7v2Opening& opening, Fit fit) const {
    switch (fit) {
      case Fit::in_order:
        return member.begins_with(opening) && (member.repeats || last == kNone);
      case Fit::belongs:
        return !member.is_group() && member.is(opening) &&
               (member.repeats || last == kNone);
      case Fit::contains:
        return member.is_group() && member.contains(opening) &&
               (member.repeats || last == kNone ||
                has_room(last, member, opening));
    }
    return false;
  }

  // Opens groups down to the place of the segment.
  void descend(std::size_t member, const Hl7v2Opening& opening,
               std::uint32_t segment) {
    while (true) {
      auto& open = open_.back();
      const auto& element = open.element->members[member];
      open.at = std::max(open.at, member);
      if (!element.is_group()) break;
      auto node = last_of(open.node, member);
      const bool full = node != kNone && !has_room(node, element, opening);
      if (node == kNone || (element.repeats && full)) {
        node = add(open.node, {.name = element.name}, member);
        note_members(element);
      }
      open_.push_back({&element, node, 0});
      member = first_containing(element, opening);
    }
    add(open_.back().node, {.name = opening.name, .segment = segment}, member);
  }

  // The existing group can take one more such segment somewhere.
  [[nodiscard]] bool has_room(std::uint32_t node, const Hl7v2Element& element,
                              const Hl7v2Opening& opening) const {
    if (element.begins_with(opening) && element.repeats) return false;
    const auto index = first_containing(element, opening);
    const auto& member = element.members[index];
    const auto last = last_of(node, index);
    if (last == kNone || member.repeats) return true;
    return member.is_group() && has_room(last, member, opening);
  }

  static std::size_t first_containing(const Hl7v2Element& element,
                                      const Hl7v2Opening& opening) {
    const auto& members = element.members;
    const auto it = std::find_if(
        members.begin(), members.end(),
        [&opening](const auto& one) { return one.contains(opening); });
    return static_cast<std::size_t>(it - members.begin());
  }

  // The last node of a member of a group's structure, or kNone.
  [[nodiscard]] std::uint32_t last_of(std::uint32_t group,
                                      std::size_t member) const {
    return last_[first_member_[group] + member];
  }

  // Makes room for last_of() of the node that was added last.
  void note_members(const Hl7v2Element& group) {
    first_member_.resize(groups_.nodes.size(), 0);
    first_member_.back() = last_.size();
    last_.resize(last_.size() + group.members.size(), kNone);
  }

  std::uint32_t add(std::uint32_t parent, Hl7v2Node node,
                    std::optional<std::size_t> member = std::nullopt) {
    const auto index = static_cast<std::uint32_t>(groups_.nodes.size());
    groups_.nodes.push_back(node);
    auto& owner = groups_.nodes[parent];
    if (owner.first_child == kNone) {
      owner.first_child = index;
    } else {
      groups_.nodes[owner.last_child].next = index;
    }
    owner.last_child = index;
    if (member) last_[first_member_[parent] + *member] = index;
    return index;
  }

  void report_missing(const Hl7v2Element& element, std::uint32_t node) {
    for (std::size_t i = 0; i < element.members.size(); ++i) {
      const auto& member = element.members[i];
      const auto child = last_of(node, i);
      if (child == kNone && member.required) {
        groups_.oddities.push_back(
            {Hl7v2Disorder::missing, kNone, member.name});
      } else if (child != kNone && member.is_group()) {
        report_missing(member, child);
      }
    }
  }

  const Hl7v2Message& message_;
  std::uint32_t placed_ = 0;  // the segment that is placed
  Hl7v2Groups groups_;
  std::vector<Open> open_;
  std::vector<std::size_t> first_member_;  // by node: its place in last_
  std::vector<std::uint32_t> last_;
};

}  // namespace

Hl7v2Groups grouped(const Hl7v2Message& message,
                    const Hl7v2Element& structure) {
  return Grouper(message, structure).group();
}

}  // namespace gateway::parse
