#include "exchange/read_side.h"

#include <algorithm>

#include "exchange/capability_statement.h"
#include "exchange/measure_report.h"
#include "exchange/message_log.h"
#include "exchange/search_result.h"

namespace gateway::exchange {
namespace {

using fhir::IssueType;
using store::StoredResource;

Refusal no_such_resource() {
  return refusal(404, {.rule = "rest/not-found",
                       .type = IssueType::not_found,
                       .text = "there is no such resource, or none that this "
                               "partner may see"});
}

// One request on its way through the read side.
class Reader {
 public:
  Reader(const Interaction& interaction, const Caller& caller,
         store::Store& store, const Site& site, Zone zone)
      : interaction_(interaction),
        caller_(caller),
        store_(store),
        site_(site),
        zone_(zone) {}

  OrRefusal<Response> answer();
  Result<std::vector<PendingPull>> pulls(Instant now) const;

 private:
  OrRefusal<Response> read();
  OrRefusal<Response> history();
  OrRefusal<Response> search();
  OrRefusal<Response> count(SearchRequest search);
  OrRefusal<Response> message_list();
  OrRefusal<Response> message();
  OrRefusal<Response> measure();
  // Whether that version is not the last, and whether one who pulls claims may
  // have it all the same.
  Result<bool> is_earlier(const StoredResource& resource) const;
  Result<bool> went_out(const StoredResource& resource) const;
  Result<bool> may_have(const StoredResource& resource) const;
  // Takes out what the caller may not see.
  Status keep_visible(std::vector<StoredResource>& resources);

  const Interaction& interaction_;
  const Caller& caller_;
  store::Store& store_;
  const Site& site_;
  Zone zone_;
  std::vector<StoredResource> sent_;  // whose bodies the answer holds
};

Result<bool> Reader::is_earlier(const StoredResource& resource) const {
  if (interaction_.action != Action::vread &&
      interaction_.action != Action::history) {
    return false;
  }
  const auto last =
      store_.read(store::Scope::of(resource.owner), resource.id, std::nullopt);
  if (!last) return last.error();
  return *last && (*last)->version != resource.version;
}

Result<bool> Reader::went_out(const StoredResource& resource) const {
  const auto known = store_.pulls(resource.owner, resource.id);
  if (!known) return known.error();
  return std::any_of(known->begin(), known->end(), [&](const auto& pull) {
    return pull.version == resource.version;
  });
}

// A version of a claim that changed before anybody pulled it is no bill, and
// must not become one.
Result<bool> Reader::may_have(const StoredResource& resource) const {
  if (caller_.role == Role::clearinghouse && resource.id.type == "Claim") {
    const auto earlier = is_earlier(resource);
    if (!earlier) return earlier.error();
    if (*earlier) return went_out(resource);
  }
  return may_see(caller_, resource, store_, site_);
}

Status Reader::keep_visible(std::vector<StoredResource>& resources) {
  std::vector<StoredResource> visible;
  for (auto& resource : resources) {
    const auto seen = may_have(resource);
    if (!seen) return seen.error();
    if (*seen) visible.push_back(std::move(resource));
  }
  resources = std::move(visible);
  return Done{};
}

OrRefusal<Response> Reader::read() {
  std::optional<std::uint32_t> version;
  if (interaction_.action == Action::vread) version = interaction_.version;
  const auto found = store_.read(scope_of(caller_),
                                 {interaction_.type, interaction_.id}, version);
  if (!found) return refusal_of(found.error());
  if (!*found) return no_such_resource();
  const auto seen = may_have(**found);
  if (!seen) return refusal_of(seen.error());
  if (!*seen) return no_such_resource();
  auto response = resource_answer(**found, interaction_);
  if (!response.body.empty()) sent_.push_back(**found);
  return response;
}

OrRefusal<Response> Reader::history() {
  auto found =
      store_.history(scope_of(caller_), {interaction_.type, interaction_.id});
  if (!found) return refusal_of(found.error());
  auto versions = *std::move(found);
  const auto kept = keep_visible(versions);
  if (!kept) return refusal_of(kept.error());
  if (versions.empty()) return no_such_resource();
  sent_ = std::move(versions);
  return fhir_answer(200, history_bundle(sent_, site_));
}

OrRefusal<Response> Reader::search() {
  auto search = *interaction_.search;
  if (auto bad = apply_cursor(search, caller_.partner)) return std::move(*bad);
  if (search.count_only) {
    // What a clearinghouse may see beside claims the store cannot count.
    if (caller_.role != Role::clearinghouse || search.query.type == "Claim") {
      return count(std::move(search));
    }
    search.query.count = kLargestPage;
  }
  auto found = store_.search(scope_of(caller_), search.query);
  if (!found) return refusal_of(found.error());
  auto page = *std::move(found);
  const auto kept = keep_visible(page.resources);
  if (!kept) return refusal_of(kept.error());
  auto body = searchset(search, caller_.partner, page, site_);
  if (!search.count_only) sent_ = std::move(page.resources);
  return fhir_answer(200, std::move(body));
}

OrRefusal<Response> Reader::count(SearchRequest search) {
  const auto total = store_.count(scope_of(caller_), search.query);
  if (!total) return refusal_of(total.error());
  return fhir_answer(200, countset(search, *total, site_));
}

OrRefusal<Response> Reader::message_list() {
  auto query = parse_message_query(interaction_.query);
  if (auto* refused = std::get_if<Refusal>(&query)) return std::move(*refused);
  const auto& asked = std::get<store::MessageQuery>(query);
  auto messages = store_.messages(scope_of(caller_), asked);
  if (!messages) return refusal_of(messages.error());
  auto pruned = store_.pruned(scope_of(caller_), asked);
  if (!pruned) return refusal_of(pruned.error());
  auto later = later_messages(*messages, scope_of(caller_), store_);
  if (!later) return refusal_of(later.error());
  return json_answer(
      200, exchange::message_list(
               {*std::move(messages), *std::move(later), *std::move(pruned)},
               interaction_.query, asked));
}

OrRefusal<Response> Reader::message() {
  const auto id = std::stoll(interaction_.id);
  const auto found = store_.message(scope_of(caller_), id);
  if (!found) return refusal_of(found.error());
  if (!*found) {
    const auto pruned = store_.pruned_at(scope_of(caller_), id);
    if (!pruned) return refusal_of(pruned.error());
    if (*pruned) return pruned_message(**pruned);
    return refusal(404, {.rule = "rest/not-found",
                         .type = IssueType::not_found,
                         .text = "there is no such message"});
  }
  const auto later = later_messages({**found}, scope_of(caller_), store_);
  if (!later) return refusal_of(later.error());
  return json_answer(200, message_detail(**found, *later));
}

OrRefusal<Response> Reader::measure() {
  const auto* const measure = find_measure(interaction_.id);
  if (measure == nullptr) return no_such_resource();
  if (interaction_.action == Action::measure) {
    return fhir_answer(200, measure_json(*measure, site_));
  }
  const auto period = measure_period(interaction_.query, zone_);
  if (const auto* bad = std::get_if<Refusal>(&period)) return *bad;
  auto report = measure_report(*measure, std::get<MeasurePeriod>(period),
                               caller_, store_, site_);
  if (auto* bad = std::get_if<Refusal>(&report)) return std::move(*bad);
  return fhir_answer(200, std::get<std::string>(std::move(report)));
}

OrRefusal<Response> Reader::answer() {
  const bool log = interaction_.action == Action::message_list ||
                   interaction_.action == Action::message_read;
  if (log && !may_read_log(caller_)) {
    return refusal(403, {.rule = "rest/forbidden",
                         .type = IssueType::forbidden,
                         .text = "the message log is for operators"});
  }
  switch (interaction_.action) {
    case Action::read:
    case Action::vread:
      return read();
    case Action::history:
      return history();
    case Action::search:
      return search();
    case Action::message_list:
      return message_list();
    case Action::message_read:
      return message();
    case Action::index:
      return json_answer(200, index_page(site_));
    case Action::capabilities:
      return fhir_answer(200, capability_statement(site_));
    case Action::measures:
      return fhir_answer(200, measure_bundle(site_));
    case Action::measure:
    case Action::evaluate_measure:
      return measure();
    case Action::explain:
    case Action::checklist:
    case Action::validate:
    case Action::expand:
    case Action::validate_code:
    case Action::lookup:
    case Action::create:
    case Action::update:
    case Action::bundle:
    case Action::live:
    case Action::ready:
    case Action::metrics:
    case Action::operate:
      break;
  }
  return refusal(500, {.rule = "rest/exception",
                       .type = IssueType::exception,
                       .text = "this request does not belong to the read "
                               "side"});
}

// A claim that was cancelled before anybody had it asks for no money: who reads
// it has no bill in hand.
bool is_cancelled(const StoredResource& claim) {
  const auto document = JsonDocument::parse(claim.body);
  return document && document->root().get("status").text() == "cancelled";
}

// Versions that this clearinghouse has had are not marked twice, so that to
// read a claim again costs no commit; earlier ones are marked already.
Result<std::vector<PendingPull>> Reader::pulls(Instant now) const {
  std::vector<PendingPull> pending;
  if (caller_.role != Role::clearinghouse || interaction_.head) return pending;
  for (const auto& resource : sent_) {
    if (resource.id.type != "Claim") continue;
    const auto earlier = is_earlier(resource);
    if (!earlier) return earlier.error();
    if (*earlier || is_cancelled(resource)) continue;
    const auto known = store_.pulls(resource.owner, resource.id);
    if (!known) return known.error();
    const bool had =
        std::any_of(known->begin(), known->end(), [&](const auto& pull) {
          return pull.version == resource.version &&
                 pull.partner == caller_.partner;
        });
    if (had) continue;
    pending.push_back({.pull = {.owner = resource.owner,
                                .claim = resource.id,
                                .version = resource.version,
                                .partner = caller_.partner,
                                .at = now},
                       .case_key = resource.case_key});
  }
  return pending;
}

}  // namespace

ReadAnswer read_answer(const Interaction& interaction, const Caller& caller,
                       store::Store& store, const Site& site,
                       const Here& here) {
  Reader reader(interaction, caller, store, site, here.zone);
  auto answer = reader.answer();
  if (const auto* refused = std::get_if<Refusal>(&answer)) {
    return {refusal_answer(*refused, site), {}};
  }
  auto pulls = reader.pulls(here.now);
  if (!pulls) {
    return {refusal_answer(refusal_of(pulls.error()), site), {}};
  }
  return {std::get<Response>(std::move(answer)), *std::move(pulls)};
}

OrRefusal<StoredResource> read_visible(const fhir::ResourceId& id,
                                       const Caller& caller,
                                       store::Store& store, const Site& site) {
  const auto found = store.read(scope_of(caller), id, std::nullopt);
  if (!found) return refusal_of(found.error());
  if (!*found) return no_such_resource();
  const auto seen = may_see(caller, **found, store, site);
  if (!seen) return refusal_of(seen.error());
  if (!*seen) return no_such_resource();
  return **found;
}

Result<std::vector<fhir::ResourceId>> matches(const SearchRequest& condition,
                                              const store::Scope& scope,
                                              store::Store& store) {
  auto query = condition.query;
  query.count = 2;
  const auto page = store.search(scope, query);
  if (!page) return page.error();
  std::vector<fhir::ResourceId> ids;
  for (const auto& resource : page->resources) ids.push_back(resource.id);
  return ids;
}

}  // namespace gateway::exchange
