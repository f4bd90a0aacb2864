#include "server/commands/map_effects.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

#include "base/decimal.h"
#include "base/json_edit.h"
#include "base/json_writer.h"
#include "billing/offline.h"
#include "map/bundle_request.h"
#include "server/amendment.h"

namespace gateway::server {
namespace {

// What the messages so far have stored, without a store: each resource under
// its identifier, as a Bundle.
class Stored {
 public:
  // As the gateway does: what is known is found or updated by what is said.
  void take(Json transaction, const std::vector<map::Update>& updates) {
    std::map<std::string, std::string> urls;  // of the message: ours
    std::size_t position = 0;
    for (const Json entry : transaction.get("entry")) {
      const auto [key, is_known] = slot_of(entry);
      auto& [url, body] = resources_[key];
      urls[std::string(entry.get("fullUrl").text())] = url;
      const auto* update = update_of(updates, position++);
      if (is_known && entry.find("request.ifNoneExist").exists()) continue;
      const auto sent =
          rewritten(std::string(entry.get("resource").raw()), urls);
      body = is_known && update != nullptr && !update->posted
                 ? updated(body, sent, update->deleted)
                 : sent;
    }
    // What earlier ones refer to may have come.
    for (auto& [key, one] : resources_) one.body = rewritten(one.body, urls);
  }

  [[nodiscard]] std::string bundle() const {
    JsonWriter out;
    out.begin_object().member("resourceType", "Bundle");
    out.member("type", "collection").key("entry").begin_array();
    for (const auto& [key, one] : resources_) {
      out.begin_object().member("fullUrl", one.url);
      out.key("resource").raw(one.body).end_object();
    }
    return out.end_array().end_object().take();
  }

 private:
  struct Resource {
    std::string url;
    std::string body;
  };

  static const map::Update* update_of(const std::vector<map::Update>& updates,
                                      std::size_t position) {
    const auto found =
        std::find_if(updates.begin(), updates.end(),
                     [=](const auto& one) { return one.entry == position; });
    return found == updates.end() ? nullptr : &*found;
  }

  static std::string updated(const std::string& stored, const std::string& sent,
                             const std::vector<std::string>& deleted) {
    const auto before = JsonDocument::parse(stored);
    const auto now = JsonDocument::parse(sent);
    return before && now ? amended(before->root(), now->root(), deleted) : sent;
  }

  static std::string key_of(Json resource, std::string_view query) {
    return std::string(resource.get("resourceType").text()) + "?" +
           std::string(query);
  }

  // Under each of its identifiers it is the same; without any it is new.
  std::pair<std::string, bool> slot_of(Json entry) {
    const auto resource = entry.get("resource");
    std::string first;
    for (const auto one : resource.get("identifier")) {
      map::BusinessKey business;
      business.system = one.get("system").text();
      business.value = one.get("value").text();
      if (business.value.empty()) continue;
      const auto key = key_of(resource, business.exact_query());
      if (first.empty()) first = key;
      if (resources_.contains(key)) return {key, true};
    }
    const auto number = static_cast<std::uint32_t>(resources_.size() + 1);
    if (first.empty()) first = key_of(resource, std::to_string(number));
    // Apart from the urls of messages, which begin at 1 too.
    constexpr std::uint32_t kApart = 0x10000000;
    resources_[first].url = map::entry_url(kApart + number);
    return {first, false};
  }

  [[nodiscard]] std::string rewritten(
      const std::string& body,
      const std::map<std::string, std::string>& urls) const {
    const auto document = JsonDocument::parse(body);
    if (!document) return body;
    std::vector<TextEdit> edits;
    collect(document->root(), urls, edits);
    return edits.empty() ? body : edited(body, std::move(edits));
  }

  void collect(Json node, const std::map<std::string, std::string>& urls,
               std::vector<TextEdit>& edits) const {
    for (const auto child : node) {
      if (child.is_object() || child.is_array()) {
        collect(child, urls, edits);
        continue;
      }
      if (child.name() != "reference") continue;
      const std::string text(child.text());
      const auto ours = urls.find(text);
      if (ours != urls.end()) {
        edits.push_back({child.span(), json_quoted(ours->second)});
      } else if (const auto found = resources_.find(text);
                 found != resources_.end()) {
        edits.push_back({child.span(), json_quoted(found->second.url)});
      }
    }
  }

  std::map<std::string, Resource> resources_;  // "Type?identifier=..."
};

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

Billed billed(const Stored& stored, const program::Programs& programs,
              const map::MapSet& maps) {
  Billed result;
  const auto bundle = JsonDocument::parse(stored.bundle());
  if (!bundle) return result;
  const auto bill = billing::bill_bundle(*bundle, programs, maps, {});
  const auto made = bill ? JsonDocument::parse(bill->bundle)
                         : Result<JsonDocument>(bill.error());
  if (!made) {
    result.lines.push_back("not billed: " + made.error().message);
    return result;
  }
  Decimal units(0, 0);
  Decimal total(0, 2);
  for (const auto entry : made->root().get("entry")) {
    const auto resource = entry.get("resource");
    const auto type = resource.get("resourceType").text();
    if (type == "Claim") {
      result.lines.push_back(line_of(resource, units, total));
    } else if (type == "Task" && resource.get("status").text() == "requested") {
      add_holds(resource, result.lines);
    }
  }
  std::sort(result.lines.begin(), result.lines.end());
  result.units = units.text();
  result.total = total.text();
  return result;
}

// One of the two map sets on its way through the messages.
class Way {
 public:
  Way(const map::MapSet& maps, const program::Programs& programs)
      : maps_(maps), programs_(programs) {}

  // A message that is held or refused has no effect.
  const Billed& after(const map::MapCase& one) {
    const auto ready = map::mappable(maps_, one.input, one.is_hl7);
    if (!ready) return state_;
    const auto output =
        map::run(*maps_.library, *ready->map, ready->source->root(),
                 {.overlay = &maps_.overlay(one.partner)});
    const auto bundle = JsonDocument::parse(output.bundle);
    if (output.verdict != map::Verdict::mapped || !bundle) return state_;
    stored_.take(bundle->root(), output.amendments);
    state_ = billed(stored_, programs_, maps_);
    return state_;
  }

 private:
  const map::MapSet& maps_;
  const program::Programs& programs_;
  Stored stored_;
  Billed state_;
};

std::vector<std::string> without(const std::vector<std::string>& all,
                                 const std::vector<std::string>& others) {
  std::vector<std::string> rest;
  std::set_difference(all.begin(), all.end(), others.begin(), others.end(),
                      std::back_inserter(rest));
  return rest;
}

}  // namespace

std::vector<MapEffect> effects(const map::MapSet& before,
                               const map::MapSet& after,
                               const std::vector<map::MapCase>& messages,
                               const program::Programs& programs) {
  Way old_way(before, programs);
  Way new_way(after, programs);
  std::vector<MapEffect> all;
  std::pair<std::vector<std::string>, std::vector<std::string>> last;
  for (const auto& message : messages) {
    MapEffect effect{.message = message.name,
                     .before = old_way.after(message),
                     .after = new_way.after(message),
                     .gone = {},
                     .come = {}};
    effect.gone = without(effect.before.lines, effect.after.lines);
    effect.come = without(effect.after.lines, effect.before.lines);
    const std::pair now(effect.gone, effect.come);
    if (now != last) all.push_back(std::move(effect));
    last = now;
  }
  return all;
}

}  // namespace gateway::server
