#include "server/messages_about.h"

#include <algorithm>
#include <utility>

#include "exchange/message_log.h"

namespace gateway::server {
namespace {

constexpr std::size_t kPage = 500;

}  // namespace

Status MessagesAbout::keep(const std::string& type, const std::string& value) {
  found_.clear();
  if (auto done = add_bearers(value); !done) return done;
  const auto resources = store_.search(
      store::Scope::all(),
      {.type = type, .terms = {{.param = "identifier", .values = {value}}}});
  if (!resources) return resources.error();
  for (const auto& resource : resources->resources) {
    if (auto done = add_case(resource); !done) return done;
  }
  if (!kept_) {
    kept_ = std::move(found_);
    return Done{};
  }
  std::erase_if(*kept_, [this](auto s) { return found_.count(s) == 0; });
  return Done{};
}

// All of them, so that nothing is cut off before it is filtered.
Status MessagesAbout::add_bearers(const std::string& value) {
  auto asked = query_;
  asked.key = value;
  asked.count = kPage;
  for (;;) {
    const auto page = store_.messages(store::Scope::all(), asked);
    if (!page) return page.error();
    for (const auto& one : *page) found_.insert(one.sequence);
    if (page->size() < kPage) return Done{};
    asked.before = page->back().sequence;
  }
}

Status MessagesAbout::add_case(const store::StoredResource& resource) {
  const auto& key =
      resource.case_key.empty() ? resource.id.text() : resource.case_key;
  const auto all = store_.read_case(resource.owner, key);
  if (!all) return all.error();
  for (const auto& one : *all) {
    found_.insert(one.sequence);
    if (one.version == 1) continue;
    const auto versions =
        store_.history(store::Scope::of(resource.owner), one.id);
    if (!versions) return versions.error();
    for (const auto& version : *versions) found_.insert(version.sequence);
  }
  return Done{};
}

bool MessagesAbout::fits(const store::Message& message) const {
  const auto& query = query_;
  const auto& keys = message.keys;
  return (!query.state || message.state == *query.state) &&
         (query.partner.empty() || message.owner == query.partner) &&
         (query.control_id.empty() || message.control_id == query.control_id) &&
         (query.key.empty() ||
          std::find(keys.begin(), keys.end(), query.key) != keys.end()) &&
         (!query.since || message.received_at >= *query.since) &&
         (!query.until || message.received_at < *query.until);
}

Result<std::vector<store::StoredMessage>> MessagesAbout::messages() {
  const auto& query = query_;
  if (!kept_) return store_.messages(store::Scope::all(), query);
  std::vector<store::StoredMessage> all;
  for (auto at = kept_->rbegin(); at != kept_->rend(); ++at) {
    if (all.size() == query.count) break;
    if (query.before > 0 && *at >= query.before) continue;
    auto one = store_.message(store::Scope::all(), *at);
    if (!one) return one.error();
    if (!*one) continue;
    if (!fits((*one)->message)) continue;
    if (query.replayed) {
      const auto replayed = is_replayed(**one);
      if (!replayed) return replayed.error();
      if (*replayed != *query.replayed) continue;
    }
    all.push_back(**std::move(one));
  }
  return all;
}

// Whether a replay of it was taken.
Result<bool> MessagesAbout::is_replayed(const store::StoredMessage& message) {
  if (message.message.state == store::MessageState::held) return false;
  const auto later =
      exchange::later_messages({message}, store::Scope::all(), store_);
  if (!later) return later.error();
  const auto own = later->find(message.sequence);
  return own != later->end() &&
         std::any_of(own->second.begin(), own->second.end(),
                     exchange::was_taken);
}

}  // namespace gateway::server
