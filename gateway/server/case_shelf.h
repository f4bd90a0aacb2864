// CaseShelf holds the cases that were decided lately, so that a message costs
// what it changes and not what its patient's history weighs. What is not on
// the shelf is read from the store.

#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/key_table.h"
#include "base/result.h"
#include "billing/reconcile.h"
#include "billing/standing_plan.h"
#include "episode/case.h"
#include "server/edition.h"
#include "server/profile_holds.h"
#include "store/store.h"

namespace gateway::server {

// What holds a resource although it is valid; nothing if it is to be told
// nobody.
using Examine = std::function<fhir::Outcome(Json resource)>;

// What decisions about one patient rest on: the facts, what the ledger says so
// far, and the plan that follows them.
struct KnownCase {
  explicit KnownCase(std::string base, Examine e = {})
      : facts(std::move(base)), examine(std::move(e)) {}

  // Takes the resource among the facts, and notes what is wrong with it.
  void learn(const fhir::Resource& resource);

  void post(billing::Entry entry) {
    sums.add(entry);
    posted.push_back(std::move(entry));
  }

  // The plan as `by` decides, brought to what was learned so far.
  billing::Reach follow(const SharedEdition& by, Instant now);
  // Which tasks are open after what was compared: of all, or of some.
  enum class Compared : std::uint8_t { all, some };
  void note_tasks(const billing::Changes& changes, Compared compared);

  episode::Case facts;
  Examine examine;
  Defects defects;
  std::vector<billing::Entry> posted;
  billing::Posted sums;
  SharedEdition edition;  // by which the plan stands
  std::unique_ptr<billing::StandingPlan> standing;
  // By their keys in the plan.
  std::map<std::string, billing::Changes::OpenTask> open_tasks;
};

// The state after a commit.
struct Past {
  store::Sequence sequence = 0;
  Instant at{};  // pulls up to then are known
};

class CaseShelf {
 public:
  CaseShelf(store::Store& store, const KeyTable& keys, std::string base,
            std::size_t capacity, Examine examine = {});

  // Types of resources that cases keep whole from now on. What lies on the
  // shelf without them is read again.
  // `zone` of the facility, by which days are told.
  void keep(std::vector<std::string> types, const Zone& zone);

  // REQUIRES of the next six: the caller holds the lane of the case.
  Result<std::shared_ptr<KnownCase>> take(const std::string& owner,
                                          const std::string& case_key);
  // Nothing if it would have to be read first.
  std::shared_ptr<KnownCase> on_shelf(const std::string& owner,
                                      const std::string& case_key);
  // As it was then; read from the store, and not kept. Its ledger is empty:
  // plans know their own.
  Result<std::shared_ptr<KnownCase>> as_of(const std::string& owner,
                                           const std::string& case_key,
                                           const Past& past);
  // After a commit failed, what lies in memory is not what is stored.
  void forget(const std::string& owner, const std::string& case_key);
  // Reads what the case refers to and does not know yet. Gives what was asked
  // for: on these the case depends from now on.
  Result<std::vector<std::string>> fill(const std::string& owner,
                                        const std::string& case_key,
                                        KnownCase& known);

  // A case got a shared resource with a message, so it was never asked for.
  void note_user(const std::string& owner, const std::string& resource,
                 const std::string& case_key);
  // Cases that read, or wait for, a shared resource since this start.
  std::vector<std::string> users(const std::string& owner,
                                 const std::string& resource);

 private:
  struct Shelved {
    std::string name;
    std::shared_ptr<KnownCase> known;
  };

  Result<std::shared_ptr<KnownCase>> load(const std::string& owner,
                                          const std::string& case_key);
  Result<std::shared_ptr<KnownCase>> read_facts(const std::string& owner,
                                                const std::string& case_key,
                                                const Past* past);
  // The newest version up to then; nothing where there was none yet.
  Result<std::optional<store::StoredResource>> version_of(
      const std::string& owner, store::StoredResource newest, const Past* past);
  Status learn(const std::string& owner, const store::StoredResource& version,
               KnownCase& known);
  Result<std::vector<std::string>> read_parties(const std::string& owner,
                                                const std::string& case_key,
                                                const Past* past,
                                                KnownCase& known);
  std::vector<std::string> kept_types();
  Zone zone();
  Status load_ledger(const std::string& owner, KnownCase& known);
  void shelve(const std::string& name, std::shared_ptr<KnownCase> known);

  store::Store& store_;
  const KeyTable& keys_;
  std::string base_;
  std::size_t capacity_;
  Examine examine_;
  std::mutex mutex_;
  std::vector<std::string> kept_types_{"ServiceRequest", "Coverage",
                                       "Condition", "ClaimResponse"};
  Zone zone_ = Zone::utc();
  std::list<Shelved> latest_first_;
  std::unordered_map<std::string, std::list<Shelved>::iterator> by_name_;
  std::unordered_map<std::string, std::set<std::string>> users_;
};

}  // namespace gateway::server
