#include "server/commands/map_effects.h"

#include <map>
#include <utility>

#include "base/decimal.h"
#include "billing/offline.h"
#include "server/commands/map_stored.h"

namespace gateway::server {
namespace {

void add_to(Decimal& sum, std::string_view text) {
  const auto read = Decimal::parse(text);
  if (!read) return;
  if (const auto more = sum.plus(*read)) sum = *more;
}

std::string line_of(Json claim, Decimal& units, Decimal& total) {
  std::string text = "claim ";
  text += claim.find("billablePeriod.start").text();
  text += " " + std::string(claim.get("status").text());
  for (const auto item : claim.get("item")) {
    const auto quantity = item.find("quantity.value").text();
    text += " " + std::string(item.find("productOrService.coding.code").text());
    text += "x" + std::string(quantity);
    add_to(units, quantity);
  }
  const auto sum = claim.find("total.value").text();
  add_to(total, sum);
  return text + " " + std::string(sum.empty() ? "no total" : sum);
}

void add_holds(Json task, std::vector<std::string>& lines) {
  for (const auto input : task.get("input")) {
    lines.push_back("hold " +
                    std::string(task.find("code.coding.code").text()) + " " +
                    std::string(input.find("type.coding.code").text()));
  }
}

// What is billed of a part: lines that can be compared.
struct Billing {
  std::vector<std::string> lines;
  Decimal units{0, 0};
  Decimal total{0, 2};
};

Billing billed(const std::string& part, const program::Programs& programs,
               const map::MapSet& maps) {
  Billing result;
  const auto bundle = JsonDocument::parse(part);
  if (!bundle) return result;
  const auto bill = billing::bill_bundle(*bundle, programs, maps, {});
  const auto made = bill ? JsonDocument::parse(bill->bundle)
                         : Result<JsonDocument>(bill.error());
  if (!made) {
    result.lines.push_back("not billed: " + made.error().message);
    return result;
  }
  for (const auto entry : made->root().get("entry")) {
    const auto resource = entry.get("resource");
    const auto type = resource.get("resourceType").text();
    if (type == "Claim") {
      result.lines.push_back(line_of(resource, result.units, result.total));
    } else if (type == "Task" && resource.get("status").text() == "requested") {
      add_holds(resource, result.lines);
    }
  }
  return result;
}

// By how many times more a line stands before than after.
using Balance = std::map<std::string, long>;

// One of the two map sets on its way through the messages.
class Way {
 public:
  Way(const map::MapSet& maps, const program::Programs& programs, long sign)
      : maps_(maps), programs_(programs), sign_(sign) {}

  // A message that is held or refused has no effect.
  Billed after(const map::MapCase& one, Balance& balance) {
    if (take(one)) {
      const auto changed = stored_.take_changed();
      for (const auto part : changed.gone) drop(part, balance);
      for (const auto& [part, bundle] : changed.bundles) {
        drop(part, balance);
        auto& now = parts_[part] = billed(bundle, programs_, maps_);
        for (const auto& line : now.lines) balance[line] += sign_;
      }
    }
    Decimal units(0, 0);
    Decimal total(0, 2);
    for (const auto& [part, billing] : parts_) {
      if (const auto sum = units.plus(billing.units)) units = *sum;
      if (const auto sum = total.plus(billing.total)) total = *sum;
    }
    return {units.text(), total.text()};
  }

 private:
  bool take(const map::MapCase& one) {
    if (!one.is_hl7) return false;
    const auto ready = map::mappable(maps_, one);
    if (!ready) return false;
    const auto output =
        map::run(*maps_.library, *ready->map, ready->source->root(),
                 {.overlay = &maps_.overlay(one.partner)});
    const auto bundle = JsonDocument::parse(output.bundle);
    if (output.verdict != map::Verdict::mapped || !bundle) return false;
    stored_.take(bundle->root(), output.amendments);
    return true;
  }

  void drop(std::size_t part, Balance& balance) {
    const auto found = parts_.find(part);
    if (found == parts_.end()) return;
    for (const auto& line : found->second.lines) balance[line] -= sign_;
    parts_.erase(found);
  }

  const map::MapSet& maps_;
  const program::Programs& programs_;
  long sign_;
  StoredParts stored_;
  std::map<std::size_t, Billing> parts_;
};

// The lines that stand more often on that side.
std::vector<std::string> more_on(long sign, const Balance& balance) {
  std::vector<std::string> lines;
  for (const auto& [line, more] : balance) {
    for (long i = more * sign; i > 0; --i) lines.push_back(line);
  }
  return lines;
}

}  // namespace

std::vector<MapEffect> effects(const map::MapSet& before,
                               const map::MapSet& after,
                               const std::vector<map::MapCase>& messages,
                               const program::Programs& programs) {
  constexpr long kBefore = 1;
  constexpr long kAfter = -1;
  Way old_way(before, programs, kBefore);
  Way new_way(after, programs, kAfter);
  Balance balance;
  std::vector<MapEffect> all;
  std::pair<std::vector<std::string>, std::vector<std::string>> last;
  for (const auto& message : messages) {
    MapEffect effect{.message = message.name,
                     .before = old_way.after(message, balance),
                     .after = new_way.after(message, balance),
                     .gone = {},
                     .come = {}};
    std::erase_if(balance, [](const auto& one) { return one.second == 0; });
    effect.gone = more_on(kBefore, balance);
    effect.come = more_on(kAfter, balance);
    std::pair now(effect.gone, effect.come);
    if (now != last) all.push_back(std::move(effect));
    last = std::move(now);
  }
  return all;
}

}  // namespace gateway::server
