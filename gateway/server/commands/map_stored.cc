#include "server/commands/map_stored.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "base/json_edit.h"
#include "base/json_writer.h"
#include "map/bundle_request.h"
#include "server/amendment.h"

namespace gateway::server {
namespace {

bool is_shared_type(std::string_view type) {
  constexpr std::array<std::string_view, 4> kShared{
      "Organization", "Practitioner", "PractitionerRole", "Location"};
  return std::find(kShared.begin(), kShared.end(), type) != kShared.end();
}

const map::Update* update_of(const std::vector<map::Update>& updates,
                             std::size_t position) {
  const auto found =
      std::find_if(updates.begin(), updates.end(),
                   [=](const auto& one) { return one.entry == position; });
  return found == updates.end() ? nullptr : &*found;
}

std::string updated(const std::string& stored, const std::string& sent,
                    const map::Update& by) {
  const auto before = JsonDocument::parse(stored);
  const auto now = JsonDocument::parse(sent);
  if (!before || !now) return sent;
  return amended(before->root(), now->root(),
                 {.deleted = by.deleted, .defaulted = by.defaulted});
}

// "Procedure?identifier=system%7Cvalue"; empty without a value.
std::string key_of(Json resource, Json identifier) {
  map::BusinessKey business;
  business.system = identifier.get("system").text();
  business.value = identifier.get("value").text();
  if (business.value.empty()) return {};
  return std::string(resource.get("resourceType").text()) + "?" +
         business.exact_query();
}

template <typename Visit>
void each_reference(Json node, const Visit& visit) {
  for (const auto child : node) {
    if (child.is_object() || child.is_array()) {
      each_reference(child, visit);
    } else if (child.name() == "reference") {
      visit(child, std::string(child.text()));
    }
  }
}

}  // namespace

void StoredParts::take(Json transaction,
                       const std::vector<map::Update>& updates) {
  Urls urls;
  std::set<std::size_t> changed;
  std::size_t position = 0;
  for (const Json entry : transaction.get("entry")) {
    const auto slot = slot_of(entry);
    urls[std::string(entry.get("fullUrl").text())] = all_[slot.number].url;
    const auto* update = update_of(updates, position++);
    if (slot.is_known && entry.find("request.ifNoneExist").exists()) continue;
    const auto sent = rewritten(std::string(entry.get("resource").raw()), urls);
    auto& body = all_[slot.number].body;
    body = slot.is_known && update != nullptr && !update->posted
               ? updated(body, sent, *update)
               : sent;
    const auto waited = note_identifiers(entry.get("resource"), slot.number);
    changed.insert(waited.begin(), waited.end());
    changed.insert(slot.number);
    touched_.insert(slot.number);
  }
  // What they refer to may stand behind them, or have come now.
  for (const auto number : changed) settle(number, urls);
}

StoredParts::Changed StoredParts::take_changed() {
  Changed changed{std::exchange(gone_, {}), {}};
  const bool all = std::any_of(
      touched_.begin(), touched_.end(),
      [this](std::size_t number) { return all_[number].is_shared; });
  if (all) {
    for (std::size_t i = 0; i < all_.size(); ++i) touched_.insert(i);
  }
  for (const auto number : std::exchange(touched_, {})) {
    if (all_[number].is_shared) continue;
    const auto part = part_of(number);
    if (!changed.bundles.contains(part)) {
      changed.bundles[part] = bundle_of(part);
    }
  }
  return changed;
}

// Under each of its identifiers it is the same; without any it is new.
StoredParts::Slot StoredParts::slot_of(Json entry) {
  const auto resource = entry.get("resource");
  for (const auto one : resource.get("identifier")) {
    const auto known = by_key_.find(key_of(resource, one));
    if (known != by_key_.end()) return {known->second, true};
  }
  const auto number = all_.size();
  // Apart from the urls of messages, which begin at 1 too.
  constexpr std::uint32_t kApart = 0x10000000;
  const auto url =
      map::entry_url(kApart + static_cast<std::uint32_t>(number) + 1);
  all_.push_back(
      {.url = url,
       .is_shared = is_shared_type(resource.get("resourceType").text()),
       .part = number,
       .members = {number}});
  by_url_[url] = number;
  return {number, false};
}

std::vector<std::size_t> StoredParts::note_identifiers(Json resource,
                                                       std::size_t number) {
  std::vector<std::size_t> waited;
  for (const auto one : resource.get("identifier")) {
    const auto key = key_of(resource, one);
    if (key.empty() || !by_key_.try_emplace(key, number).second) continue;
    const auto found = waiting_.find(key);
    if (found == waiting_.end()) continue;
    waited.insert(waited.end(), found->second.begin(), found->second.end());
    waiting_.erase(found);
  }
  return waited;
}

void StoredParts::settle(std::size_t number, const Urls& urls) {
  auto body = rewritten(all_[number].body, urls);
  if (body != all_[number].body) touched_.insert(number);
  all_[number].body = std::move(body);
  all_[number].referred.clear();
  const auto document = JsonDocument::parse(all_[number].body);
  if (!document) return;
  each_reference(document->root(), [&](Json, const std::string& text) {
    const auto found = by_url_.find(text);
    if (found == by_url_.end()) {
      waiting_[text].push_back(number);
      return;
    }
    all_[number].referred.push_back(found->second);
    if (all_[number].is_shared || all_[found->second].is_shared) return;
    join(number, found->second);
  });
}

void StoredParts::join(std::size_t one, std::size_t other) {
  auto large = part_of(one);
  auto small = part_of(other);
  if (large == small) return;
  if (all_[large].members.size() < all_[small].members.size()) {
    std::swap(large, small);
  }
  all_[small].part = large;
  auto& into = all_[large].members;
  const auto from = std::exchange(all_[small].members, {});
  into.insert(into.end(), from.begin(), from.end());
  gone_.push_back(small);
}

std::size_t StoredParts::part_of(std::size_t number) const {
  while (all_[number].part != number) number = all_[number].part;
  return number;
}

// With what it refers to of what all share.
std::string StoredParts::bundle_of(std::size_t part) const {
  std::set<std::size_t> in(all_[part].members.begin(),
                           all_[part].members.end());
  std::vector<std::size_t> open(in.begin(), in.end());
  while (!open.empty()) {
    const auto number = open.back();
    open.pop_back();
    for (const auto referred : all_[number].referred) {
      if (in.insert(referred).second) open.push_back(referred);
    }
  }
  JsonWriter out;
  out.begin_object().member("resourceType", "Bundle");
  out.member("type", "collection").key("entry").begin_array();
  for (const auto number : in) {
    out.begin_object().member("fullUrl", all_[number].url);
    out.key("resource").raw(all_[number].body).end_object();
  }
  return out.end_array().end_object().take();
}

std::string StoredParts::rewritten(const std::string& body,
                                   const Urls& urls) const {
  const auto document = JsonDocument::parse(body);
  if (!document) return body;
  std::vector<TextEdit> edits;
  each_reference(document->root(), [&](Json node, const std::string& text) {
    const auto ours = urls.find(text);
    if (ours != urls.end()) {
      edits.push_back({node.span(), json_quoted(ours->second)});
    } else if (const auto found = by_key_.find(text); found != by_key_.end()) {
      edits.push_back({node.span(), json_quoted(all_[found->second].url)});
    }
  });
  return edits.empty() ? body : edited(body, std::move(edits));
}

}  // namespace gateway::server
