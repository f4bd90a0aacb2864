// Resolution answers what only the store knows about a request to write: what
// its conditions match, which ids its resources get or have, and what is
// there already under their business keys.

#pragma once

#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "exchange/fhir_api.h"
#include "server/amendment.h"
#include "server/ids.h"
#include "server/patient_numbers.h"
#include "store/store.h"

namespace gateway::server {

// same: as an earlier entry of the request, by the same condition.
enum class Effect : std::uint8_t {
  none,
  create,
  update,
  unchanged,
  replay,
  same
};

struct ResolvedEntry {
  Effect effect = Effect::none;  // none: a GET, or a refused entry of a batch
  std::optional<store::StoredResource> current;  // what it replaces or equals
  std::string body{};                            // to be stored
  SharedDocument document{};                     // the parsed body
  std::uint32_t version = 1;
  std::vector<exchange::ContentKey> keys{};
  std::size_t same_as = 0;  // position, where the effect is `same`
};

struct Resolved {
  exchange::Assignment assignment;
  std::vector<ResolvedEntry> entries;  // by position
  // Conditions that matched; all others are new.
  std::set<std::size_t> matched;
  // What was to be withdrawn and is not there, or came after its withdrawal:
  // it stops nothing.
  fhir::Outcome told{};
};

// What a message of HL7 v2 adds to its bundle.
struct MessageTerms {
  std::vector<Amendment> amendments{};
  // From HL7 v2: its sender has no PUT, and is told what is known and kept.
  bool is_mapped = false;
  // Of its patient, where there are several; none is another patient's.
  std::vector<PatientNumber> numbers{};
};

class Resolution {
 public:
  Resolution(store::Store& store, Ids& ids, const exchange::Site& site,
             const KeyTable& keys)
      : store_(store), ids_(ids), site_(site), keys_(keys) {}

  // Ids and matches, which say whose lanes the request needs. Refused: a
  // condition with several matches, a conditional reference without one (412).
  std::variant<Resolved, exchange::Refusal, Error> assign(
      const exchange::WriteRequest& request, const store::Scope& scope,
      const std::string& owner);

  // REQUIRES: the lanes of all cases are held. Reads what is current, and
  // makes the bodies; those of amendments keep what they leave as it is.
  // Refused: a failed precondition (412), other content under a known key
  // (409).
  std::variant<Resolved, exchange::Refusal, Error> settle(
      const exchange::WriteRequest& request, Resolved resolved,
      const std::string& owner, Instant now, const MessageTerms& terms = {});

 private:
  struct Stop {
    std::variant<exchange::Refusal, Error> why;
  };
  using Step = std::optional<Stop>;

  Step assign_entry(const exchange::WriteEntry& entry,
                    const store::Scope& scope, const std::string& owner,
                    Resolved& resolved);
  Step assign_by_condition(const exchange::WriteEntry& entry,
                           const store::Scope& scope, Resolved& resolved);
  Step assign_by_key(const exchange::WriteEntry& entry,
                     const std::string& owner, Resolved& resolved);
  // The earlier entry by whose condition a conditional create would find its
  // resource, were that stored already.
  static std::optional<std::size_t> earlier(
      const exchange::WriteRequest& request, std::size_t position);
  Step match_references(const exchange::WriteRequest& request,
                        const store::Scope& scope, Resolved& resolved);
  Step settle_entry(const exchange::WriteRequest& request, std::size_t position,
                    const std::string& owner, Resolved& resolved);
  Step add_numbers(const exchange::WriteRequest& request, std::size_t position,
                   Resolved& resolved);
  // What the sender of a message of HL7 v2 is to know of what is stored.
  void tell_what_is_known(const exchange::WriteEntry& entry,
                          const ResolvedEntry& slot, bool is_found,
                          Resolved& resolved) const;
  // Null where the entry changes nothing in part.
  [[nodiscard]] const Amendment* amendment_at(std::size_t position) const;
  [[nodiscard]] bool is_amendment(std::size_t position) const;
  // What updates of HL7 v2 may not do.
  [[nodiscard]] Step check_amendment(const exchange::WriteEntry& entry,
                                     const ResolvedEntry& slot) const;
  void tell_unknown(const exchange::WriteRequest& request,
                    Resolved& resolved) const;
  // An identifier that another resource bears already.
  Step check_keys(const exchange::WriteEntry& entry, const std::string& owner,
                  const Resolved& resolved);
  // Of what HL7 v2 sends as new.
  [[nodiscard]] static bool completes(const Amendment& sent, Json before,
                                      Json now);
  // Takes what was cancelled before it came, and tells that it stays so.
  // False where it does not complete what is stored.
  bool keep_cancelled(const exchange::WriteEntry& entry, Json before,
                      Resolved& resolved) const;
  Step settle_create(const exchange::WriteEntry& entry, Resolved& resolved);
  Step settle_update(const exchange::WriteEntry& entry, Resolved& resolved);
  Step make_body(const exchange::WriteRequest& request, std::size_t position,
                 Resolved& resolved);
  Step amend(std::size_t position, ResolvedEntry& slot);
  // True where a grant's key shows that an entry has another id than assumed.
  Step follow_grants(const exchange::WriteRequest& request,
                     const std::string& owner, Resolved& resolved);
  Step read_current(const std::string& owner, const fhir::ResourceId& id,
                    ResolvedEntry& entry);

  store::Store& store_;
  Ids& ids_;
  const exchange::Site& site_;
  const KeyTable& keys_;
  Instant now_;
  const MessageTerms* terms_ = nullptr;
};

}  // namespace gateway::server
