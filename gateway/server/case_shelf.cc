#include "server/case_shelf.h"

namespace gateway::server {
namespace {

std::string joined(const std::string& owner, const std::string& key) {
  return owner + "\n" + key;
}

}  // namespace

void KnownCase::learn(const fhir::Resource& resource) {
  facts.apply(resource);
  if (!examine) return;
  auto found = examine(resource.document->root());
  const auto key = resource.id.text();
  defects.erase(key);
  for (const auto& finding : found.findings()) {
    if (finding.severity >= fhir::Severity::information) continue;
    defects[key].push_back(finding);
  }
}

billing::Reach KnownCase::follow(const SharedEdition& by, Instant now) {
  if (standing == nullptr || edition != by) {
    standing = std::make_unique<billing::StandingPlan>(facts, by->programs);
    edition = by;
  }
  return standing->follow(now);
}

void KnownCase::note_tasks(const billing::Changes& changes, Compared compared) {
  if (compared == Compared::all) open_tasks.clear();
  for (const auto& task : changes.closed_tasks) {
    std::erase_if(open_tasks,
                  [&](const auto& one) { return one.second.task == task; });
  }
  for (const auto& one : changes.open_tasks) {
    open_tasks.insert_or_assign(one.plan_key, one);
  }
}

CaseShelf::CaseShelf(store::Store& store, const KeyTable& keys,
                     std::string base, std::size_t capacity, Examine examine)
    : store_(store),
      keys_(keys),
      base_(std::move(base)),
      capacity_(capacity),
      examine_(std::move(examine)) {}

Result<std::shared_ptr<KnownCase>> CaseShelf::take(
    const std::string& owner, const std::string& case_key) {
  if (auto known = on_shelf(owner, case_key)) return known;
  auto loaded = load(owner, case_key);
  if (loaded) shelve(joined(owner, case_key), *loaded);
  return loaded;
}

std::shared_ptr<KnownCase> CaseShelf::on_shelf(const std::string& owner,
                                               const std::string& case_key) {
  const std::lock_guard lock(mutex_);
  const auto found = by_name_.find(joined(owner, case_key));
  if (found == by_name_.end()) return nullptr;
  latest_first_.splice(latest_first_.begin(), latest_first_, found->second);
  return found->second->known;
}

void CaseShelf::forget(const std::string& owner, const std::string& case_key) {
  const std::lock_guard lock(mutex_);
  const auto found = by_name_.find(joined(owner, case_key));
  if (found == by_name_.end()) return;
  latest_first_.erase(found->second);
  by_name_.erase(found);
}

void CaseShelf::keep(std::vector<std::string> types, const Zone& zone) {
  const std::lock_guard lock(mutex_);
  if (types == kept_types_ && zone == zone_) return;
  kept_types_ = std::move(types);
  zone_ = zone;
  latest_first_.clear();
  by_name_.clear();
}

Zone CaseShelf::zone() {
  const std::lock_guard lock(mutex_);
  return zone_;
}

std::vector<std::string> CaseShelf::kept_types() {
  const std::lock_guard lock(mutex_);
  return kept_types_;
}

void CaseShelf::shelve(const std::string& name,
                       std::shared_ptr<KnownCase> known) {
  const std::lock_guard lock(mutex_);
  latest_first_.push_front({name, std::move(known)});
  by_name_[name] = latest_first_.begin();
  while (latest_first_.size() > capacity_) {
    by_name_.erase(latest_first_.back().name);
    latest_first_.pop_back();
  }
}

Result<std::shared_ptr<KnownCase>> CaseShelf::load(
    const std::string& owner, const std::string& case_key) {
  auto known = read_facts(owner, case_key, nullptr);
  if (!known) return known;
  if (const auto status = load_ledger(owner, **known); !status) {
    return status.error();
  }
  return known;
}

Result<std::shared_ptr<KnownCase>> CaseShelf::as_of(const std::string& owner,
                                                    const std::string& case_key,
                                                    const Past& past) {
  return read_facts(owner, case_key, &past);
}

Result<std::shared_ptr<KnownCase>> CaseShelf::read_facts(
    const std::string& owner, const std::string& case_key, const Past* past) {
  auto known = std::make_shared<KnownCase>(base_, examine_);
  known->facts.keep(kept_types());
  known->facts.stand_in(zone());
  auto stored = store_.read_case(owner, case_key);
  if (!stored) return stored.error();
  for (auto& newest : *stored) {
    const auto version = version_of(owner, std::move(newest), past);
    if (!version) return version.error();
    if (!*version) continue;
    const auto& one = **version;
    if (const auto status = learn(owner, one, *known); !status) {
      return status.error();
    }
    if (one.id.type != "Claim") continue;
    const auto pulls = store_.pulls(owner, one.id);
    if (!pulls) return pulls.error();
    for (const auto& pull : *pulls) {
      if (past != nullptr && pull.at > past->at) continue;
      known->facts.apply_pull(one.id.text(), pull.version, pull.partner,
                              pull.at);
    }
  }
  const auto filled = read_parties(owner, case_key, past, *known);
  if (!filled) return filled.error();
  return known;
}

Result<std::optional<store::StoredResource>> CaseShelf::version_of(
    const std::string& owner, store::StoredResource newest, const Past* past) {
  if (past == nullptr || newest.sequence <= past->sequence) return {newest};
  auto versions = store_.history(store::Scope::of(owner), newest.id);
  if (!versions) return versions.error();
  for (auto& version : *versions) {
    if (version.sequence <= past->sequence) return {std::move(version)};
  }
  return std::optional<store::StoredResource>();
}

Status CaseShelf::learn(const std::string& owner,
                        const store::StoredResource& version,
                        KnownCase& known) {
  auto document = parse_shared(version.body, keys_);
  if (!document) return document.error();
  known.learn({.id = version.id,
               .version = version.version,
               .last_updated = version.last_updated,
               .owner = owner,
               .document = *std::move(document)});
  return Done{};
}

Status CaseShelf::load_ledger(const std::string& owner, KnownCase& known) {
  for (const auto& [key, authorization] : known.facts.authorizations()) {
    const auto entries = store_.ledger(owner, key);
    if (!entries) return entries.error();
    for (const auto& entry : *entries) {
      known.post({.authorization = entry.authorization,
                  .account = entry.account,
                  .unit = entry.unit,
                  .amount = entry.amount,
                  .cause = entry.cause,
                  .reason = entry.reason});
    }
  }
  return Done{};
}

void CaseShelf::note_user(const std::string& owner, const std::string& resource,
                          const std::string& case_key) {
  const std::lock_guard lock(mutex_);
  users_[joined(owner, resource)].insert(case_key);
}

Result<std::vector<std::string>> CaseShelf::fill(const std::string& owner,
                                                 const std::string& case_key,
                                                 KnownCase& known) {
  return read_parties(owner, case_key, nullptr, known);
}

Result<std::vector<std::string>> CaseShelf::read_parties(
    const std::string& owner, const std::string& case_key, const Past* past,
    KnownCase& known) {
  std::set<std::string> asked;
  bool again = true;
  while (again) {  // what was found may refer to more
    again = false;
    for (const auto& party : known.facts.parties()) {
      if (!asked.insert(party).second) continue;
      // Noted before it is read: whoever changes the resource from now on
      // finds this case among its users.
      note_user(owner, party, case_key);
      const auto reference = fhir::parse_reference(party);
      if (!reference) continue;
      auto stored =
          store_.read(store::Scope::of(owner), reference->target, std::nullopt);
      if (!stored) return stored.error();
      if (!*stored) continue;
      const auto version = version_of(owner, *std::move(*stored), past);
      if (!version) return version.error();
      if (!*version) continue;
      if (const auto status = learn(owner, **version, known); !status) {
        return status.error();
      }
      again = true;
    }
  }
  return std::vector<std::string>(asked.begin(), asked.end());
}

std::vector<std::string> CaseShelf::users(const std::string& owner,
                                          const std::string& resource) {
  const std::lock_guard lock(mutex_);
  const auto found = users_.find(joined(owner, resource));
  if (found == users_.end()) return {};
  return {found->second.begin(), found->second.end()};
}

}  // namespace gateway::server
