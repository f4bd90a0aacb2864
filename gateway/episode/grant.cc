#include "episode/grant.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace gateway::episode {
namespace {

using Service = AuthorizedItem::Service;

enum class Unit : std::uint8_t { unsaid, visits, hours, units, other };

// X12 element 673, and the words that senders of FHIR write instead.
Unit unit_of(std::string_view unit) {
  struct Row {
    std::string_view text;
    Unit unit;
  };
  static constexpr std::array<Row, 18> kUnits{{
      {"", Unit::unsaid},
      {"1", Unit::unsaid},
      {"VS", Unit::visits},
      {"visit", Unit::visits},
      {"visits", Unit::visits},
      {"{visit}", Unit::visits},
      {"{visits}", Unit::visits},
      {"session", Unit::visits},
      {"sessions", Unit::visits},
      {"HS", Unit::hours},
      {"h", Unit::hours},
      {"hr", Unit::hours},
      {"hour", Unit::hours},
      {"hours", Unit::hours},
      {"UN", Unit::units},
      {"unit", Unit::units},
      {"units", Unit::units},
      {"{unit}", Unit::units},
  }};
  for (const auto& row : kUnits) {
    if (row.text == unit) return row.unit;
  }
  return Unit::other;
}

// One line of the decision, with what its other halves say.
struct Line {
  Service service = Service::unsaid;
  std::string action;
  std::string number;
  std::optional<Decimal> quantity;
  std::string unit;
  std::optional<LocalDate> from, to, issued;
};

const AuthorizedItem* find(const std::vector<AuthorizedItem>& items,
                           std::int64_t sequence, bool added) {
  for (const auto& item : items) {
    if (item.sequence == sequence && item.added == added) return &item;
  }
  return nullptr;
}

void fill(Line& line, const AuthorizedItem& item) {
  if (line.service == Service::unsaid) line.service = item.service;
  if (line.action.empty()) line.action = item.action;
  if (line.number.empty()) line.number = item.number;
  if (!line.quantity) {
    line.quantity = item.quantity;
    line.unit = item.unit;
  }
  if (!line.from) line.from = item.from;
  if (!line.to) line.to = item.to;
  if (!line.issued) line.issued = item.issued;
}

// What was really authorized lies in addItem where there is one for the item,
// else in the item, else in what was asked for (Da Vinci PAS, specification,
// "Authorized units").
std::vector<Line> lines_of(const Authorization& authorization,
                           const PreauthorizationRequest* request) {
  std::vector<Line> lines;
  const auto& items = authorization.items;
  for (const auto& item : items) {
    if (!item.added && find(items, item.sequence, true) != nullptr) continue;
    Line line;
    fill(line, item);
    const auto* original =
        item.added ? find(items, item.sequence, false) : nullptr;
    if (original != nullptr) fill(line, *original);
    const auto* asked = request == nullptr
                            ? nullptr
                            : find(request->items, item.sequence, false);
    if (asked != nullptr) fill(line, *asked);
    if (line.action.empty()) line.action = authorization.action;
    lines.push_back(std::move(line));
  }
  return lines;
}

bool grants(std::string_view action) {
  return action == "A1" || action == "A2" || action == "A6";
}

bool waits(std::string_view action) { return action == "A4" || action == "CT"; }

Decision base_decision(const Authorization& authorization) {
  if (authorization.has_error || authorization.outcome == "error") {
    return Decision::denied;
  }
  if (authorization.outcome == "queued") return Decision::pended;
  return Decision::granted;
}

Decision decision_of(const Authorization& authorization,
                     const std::vector<Line>& lines) {
  if (authorization.status != "active") return Decision::withdrawn;
  const auto any = [&](const auto& test) {
    return test(std::string_view(authorization.action)) ||
           std::any_of(lines.begin(), lines.end(),
                       [&](const Line& line) { return test(line.action); });
  };
  const bool reviewed =
      any([](std::string_view action) { return !action.empty(); });
  if (!reviewed) return base_decision(authorization);
  if (any(grants)) return Decision::granted;
  return any(waits) ? Decision::pended : Decision::denied;
}

void add(std::optional<std::int64_t>& sum, const Decimal& quantity) {
  const auto thousandths = quantity.rounded(3);
  constexpr Int128 kLargest = 1'000'000'000'000;
  if (!thousandths || thousandths->coefficient() > kLargest) return;
  sum = sum.value_or(0) + static_cast<std::int64_t>(thousandths->coefficient());
}

void note(Grant& grant, Defect defect) {
  if (std::find(grant.defects.begin(), grant.defects.end(), defect) ==
      grant.defects.end()) {
    grant.defects.push_back(defect);
  }
}

bool is_whole(const Decimal& quantity) {
  const auto rounded = quantity.rounded(0);
  return rounded && *rounded == quantity;
}

// A unit of the first code is a visit; one of the program is of either code.
bool names_program(Service service) {
  return service == Service::work_conditioning ||
         service == Service::work_hardening;
}

void count(Grant& grant, const Line& line) {
  if (!line.quantity || line.quantity->is_negative()) return;
  const auto unit = unit_of(line.unit);
  const bool further = line.service == Service::further;
  if (unit == Unit::other || (further && unit == Unit::visits)) {
    note(grant, Defect::other_unit);
  } else if (further) {
    add(grant.further, *line.quantity);
  } else if (unit == Unit::hours) {
    add(grant.hours, *line.quantity);
  } else if (unit == Unit::units && names_program(line.service)) {
    add(grant.units, *line.quantity);
  } else if (!is_whole(*line.quantity)) {
    note(grant, Defect::no_quantity);  // nobody attends half a visit
  } else {
    add(grant.visits, *line.quantity);
    grant.unit_unsaid |= unit == Unit::unsaid;
  }
}

template <typename T>
void take(std::optional<T>& into, const std::optional<T>& from) {
  if (from) into = from;
}

void read_lines(Grant& grant, const std::vector<Line>& lines) {
  bool ours = lines.empty();
  for (const auto& line : lines) {
    if (line.service == Service::other) continue;
    ours = true;
    if (!line.action.empty() && !grants(line.action)) continue;
    count(grant, line);
    if (!line.number.empty()) grant.number = line.number;
    take(grant.from, line.from);
    take(grant.to, line.to);
    take(grant.issued, line.issued);
  }
  if (!ours) note(grant, Defect::other_service);
}

}  // namespace

Grant grant_of(const Authorization& authorization,
               const PreauthorizationRequest* request) {
  const auto lines = lines_of(authorization, request);
  Grant grant;
  grant.authorization = &authorization;
  grant.decision = decision_of(authorization, lines);
  grant.number = authorization.number;
  grant.from = authorization.from;
  grant.to = authorization.to;
  read_lines(grant, lines);
  if (grant.decision == Decision::pended) note(grant, Defect::pended);
  if (grant.decision != Decision::granted) return grant;
  if (grant.number.empty()) note(grant, Defect::no_number);
  const bool counted = grant.visits || grant.hours || grant.units;
  if (!counted && grant.defects.empty()) note(grant, Defect::no_quantity);
  return grant;
}

namespace {

bool share_dates(const Grant& left, const Grant& right) {
  const bool apart = (left.to && right.from && *left.to < *right.from) ||
                     (right.to && left.from && *right.to < *left.from);
  return !apart;
}

bool repeats(const Grant& grant, const Grant& earlier) {
  const auto& one = *grant.authorization;
  const auto& other = *earlier.authorization;
  return grant.number == earlier.number && one.patient == other.patient &&
         one.insurer == other.insurer && share_dates(grant, earlier);
}

bool came_before(const Grant* left, const Grant* right) {
  const auto& one = *left->authorization;
  const auto& other = *right->authorization;
  const auto first = std::tie(one.created, one.created_date, one.source.key);
  return first < std::tie(other.created, other.created_date, other.source.key);
}

}  // namespace

void mark_repeated(std::vector<Grant>& grants) {
  std::vector<Grant*> usable;
  for (auto& grant : grants) {
    if (grant.usable() && !grant.number.empty()) usable.push_back(&grant);
  }
  std::sort(usable.begin(), usable.end(), came_before);
  std::vector<const Grant*> taken;
  for (auto* grant : usable) {
    const bool again = std::any_of(
        taken.begin(), taken.end(),
        [&](const Grant* earlier) { return repeats(*grant, *earlier); });
    if (again) {
      note(*grant, Defect::repeated);
    } else {
      taken.push_back(grant);
    }
  }
}

}  // namespace gateway::episode
