#include "server/waiting_keys.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "map/bundle_request.h"
#include "parse/hl7v2_header.h"
#include "parse/hl7v2_text.h"

namespace gateway::server {
namespace {

constexpr std::string_view kOf = "of ";

// Where the giver of a number stands: EI, CX, or the facility that sends.
enum class Shape : std::uint8_t { ei, cx, plain };

struct Field {
  std::string_view segment;
  std::uint32_t field;
  std::string_view kind;
  Shape shape;
};

// Orders are written by the messages that order, and referred to by others.
constexpr std::array kOrders = {
    Field{"ORC", 2, "order", Shape::ei}, Field{"ORC", 3, "order", Shape::ei},
    Field{"OBR", 2, "order", Shape::ei}, Field{"OBR", 3, "order", Shape::ei},
    Field{"RF1", 6, "order", Shape::ei}, Field{"RF1", 11, "order", Shape::ei}};
constexpr std::array kReferred = {
    Field{"PV1", 5, "order", Shape::cx}, Field{"PV1", 50, "order", Shape::cx},
    Field{"SCH", 26, "order", Shape::ei}, Field{"SCH", 27, "order", Shape::ei},
    Field{"FT1", 23, "order", Shape::ei}};
constexpr std::array kSlotsAndCharges = {
    Field{"SCH", 1, "slot", Shape::ei}, Field{"SCH", 2, "slot", Shape::ei},
    Field{"FT1", 2, "charge", Shape::plain}};
constexpr std::array kVisits = {Field{"PV1", 19, "visit", Shape::cx}};

bool is_one_of(std::string_view text,
               std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

// The end of a visit is a session, its cancellation withdraws one. What else is
// said of a visit may come in any order.
bool ends_visit(const parse::Hl7v2Header& header) {
  return header.message_code == "ADT" &&
         is_one_of(header.trigger_event, {"A03", "A11"});
}

// CX.4 has subcomponents: the giver's name, its id and the kind of that.
constexpr std::uint32_t kMostComponents = 4;
constexpr std::uint32_t kMostSubcomponents = 3;

// One repetition of a field, as far as numbers need it.
struct Repetition {
  std::array<std::array<std::string, kMostSubcomponents>, kMostComponents>
      parts{};

  [[nodiscard]] std::string part(std::uint32_t component,
                                 std::uint32_t subcomponent = 1) const {
    const auto& text = parts[component - 1][subcomponent - 1];
    return text == "\"\"" ? std::string() : text;
  }
};

class MessageReader {
 public:
  MessageReader(const parse::Hl7v2Message& message, WaitingKeys& keys)
      : message_(message), keys_(keys) {
    facility_ = message.text(message.find("MSH"), {.field = 4});
  }

  template <typename Fields>
  void add(const Fields& fields, std::string_view prefix = {}) {
    for (const auto& segment : message_.segments()) {
      const auto name = message_.name(segment);
      const bool is_wanted =
          std::any_of(fields.begin(), fields.end(),
                      [&](const Field& one) { return one.segment == name; });
      if (is_wanted) add_segment(segment, fields, prefix);
    }
  }

 private:
  // Each piece once, however often the field repeats.
  template <typename Fields>
  void add_segment(const parse::Hl7v2Segment& segment, const Fields& fields,
                   std::string_view prefix) {
    const auto name = message_.name(segment);
    const Field* field = nullptr;
    Repetition repetition;
    const auto end_repetition = [&] {
      if (field != nullptr) note(*field, repetition, prefix);
      repetition = {};
    };
    parse::Hl7v2Place at{.field = 0};
    for (std::uint32_t i = 1; i < segment.piece_count; ++i) {
      const auto& piece = message_.pieces()[segment.first_piece + i];
      parse::advance(at, piece.level);
      if (at.component == 1 && at.subcomponent == 1) {
        end_repetition();
        const auto found =
            std::find_if(fields.begin(), fields.end(), [&](const Field& one) {
              return one.segment == name && one.field == at.field;
            });
        field = found == fields.end() ? nullptr : &*found;
      }
      if (field == nullptr || at.component > kMostComponents ||
          at.subcomponent > kMostSubcomponents) {
        continue;
      }
      repetition.parts[at.component - 1][at.subcomponent - 1] = parse::decoded(
          message_.raw(piece), message_.delimiters(), message_.charset());
    }
    end_repetition();
  }

  void note(const Field& field, const Repetition& repetition,
            std::string_view prefix) {
    const auto number = repetition.part(1);
    if (number.empty()) return;
    std::string giver;
    if (field.shape == Shape::ei) {
      giver = repetition.part(2);
      if (giver.empty() && repetition.part(4) == "ISO") {
        giver = repetition.part(3);
      }
    } else if (field.shape == Shape::cx) {
      giver = repetition.part(4);
      if (giver.empty() && repetition.part(4, 3) == "ISO") {
        giver = repetition.part(4, 2);
      }
    }
    if (giver.empty()) giver = facility_;
    std::replace(giver.begin(), giver.end(), ' ', '-');
    keys_.insert(std::string(prefix) + std::string(field.kind) + " " + giver +
                 "|" + number);
  }

  const parse::Hl7v2Message& message_;
  WaitingKeys& keys_;
  std::string facility_;
};

void add_references(Json node, WaitingKeys& keys) {
  for (const auto child : node) {
    if (child.is_object() || child.is_array()) {
      add_references(child, keys);
    } else if (child.name() == "reference") {
      const auto text = child.text();
      const auto end = text.find("?identifier=");
      if (end == std::string_view::npos) continue;
      if (!waits_by_number(text.substr(0, end))) continue;
      keys.insert(std::string(kOf) + std::string(text));
    }
  }
}

}  // namespace

void add_keys_of(Json resource, WaitingKeys& keys) {
  const auto type = resource.get("resourceType").text();
  if (!waits_by_number(type)) return;
  for (const auto identifier : resource.get("identifier")) {
    map::BusinessKey key;
    key.system = identifier.get("system").text();
    key.value = identifier.get("value").text();
    if (key.value.empty()) continue;
    keys.insert(std::string(type) + "?" + key.exact_query());
  }
  add_references(resource, keys);
}

bool waits_by_number(std::string_view type) {
  return is_one_of(type, {"ServiceRequest", "Procedure", "Appointment"});
}

WaitingKeys waiting_keys(const parse::Hl7v2Message& message, Json bundle) {
  WaitingKeys keys;
  const auto header = parse::header_of(message);
  MessageReader reader(message, keys);
  const bool orders = is_one_of(header.message_code, {"REF", "ORM", "OMG"});
  reader.add(kOrders, orders ? std::string_view() : kOf);
  reader.add(kReferred, kOf);
  reader.add(kSlotsAndCharges);
  if (ends_visit(header)) reader.add(kVisits);
  for (const auto entry : bundle.get("entry")) {
    add_keys_of(entry.get("resource"), keys);
  }
  return keys;
}

std::string_view written_key(std::string_view key) {
  if (key.starts_with(kOf)) key.remove_prefix(kOf.size());
  return key;
}

}  // namespace gateway::server
