// Case is what is known of one patient of one partner: the facts of all
// resources, in whatever order they came. It is the unit of decision.
//
// Records stay where they are while their content is replaced: others may
// point to them.
//
// Nothing is ever removed: a withdrawn session stays, withdrawn. What the
// gateway itself emitted lies here too, so that a case that was read back from
// the store knows everything that it knew before.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "episode/grant.h"
#include "episode/records.h"
#include "fhir/resource.h"

namespace gateway::episode {

template <typename Record>
using Records = std::map<std::string, Record, std::less<>>;

class Case {
 public:
  // `base`: the canonical base of the local code systems and extensions, and
  // the URL below which references are our own.
  explicit Case(std::string base = std::string(kCanonicalBase));

  Case(Case&&) = default;
  Case& operator=(Case&&) = default;
  Case(const Case&) = delete;  // records point to each other
  Case& operator=(const Case&) = delete;

  // Where the facility stands: what is written as an instant is of its day
  // there. REQUIRES: nothing was applied yet.
  void stand_in(const Zone& zone) { zone_ = zone; }

  // Creates or replaces the facts of one resource.
  void apply(const fhir::Resource& resource);
  void apply(Json resource, Source source);
  // A version of a claim went to a clearinghouse.
  struct Pull {
    std::uint32_t version = 0;  // the last that went
    std::string partner;        // that had it first
    std::optional<Instant> at;
  };
  void apply_pull(const std::string& claim, std::uint32_t version,
                  std::string partner = {}, std::optional<Instant> at = {});

  // Keys that something refers to and that are not known yet. Whoever fills
  // the case applies those that exist, and asks again.
  [[nodiscard]] std::vector<std::string> parties() const;
  [[nodiscard]] bool knows(std::string_view key) const;
  // The version of it that is known; null where none is.
  [[nodiscard]] const Source* source_of(std::string_view key) const;

  // From now on, resources of these types are kept whole.
  void keep(const std::vector<std::string>& types);
  // Its root is absent where it is unknown or not kept.
  [[nodiscard]] Body body(std::string_view key) const;
  // What was applied, in order, so that whoever keeps something that follows
  // from the facts can follow. The journal keeps the latest only.
  struct Applied {
    std::string key;
    bool own = false;      // emitted by the gateway
    bool awaited = false;  // something referred to it before it was known
  };
  [[nodiscard]] std::uint64_t applied() const {
    return forgotten_ + journal_.size();
  }
  // Nothing where the journal does not reach back that far.
  [[nodiscard]] std::optional<std::vector<Applied>> applied_since(
      std::uint64_t position) const;
  // How many pulls of claims were applied.
  [[nodiscard]] std::uint64_t pull_count() const { return pull_count_; }

  [[nodiscard]] const std::string& base() const { return base_; }
  [[nodiscard]] const Records<Referral>& referrals() const;
  [[nodiscard]] const Records<Coverage>& coverages() const;
  [[nodiscard]] const Records<Authorization>& authorizations() const;
  [[nodiscard]] const Records<PreauthorizationRequest>& requests() const;
  [[nodiscard]] const Records<Eligibility>& eligibilities() const;
  [[nodiscard]] const Records<Session>& sessions() const;
  [[nodiscard]] const Records<Appointment>& appointments() const;
  [[nodiscard]] const Records<Location>& locations() const;
  [[nodiscard]] const Records<Organization>& organizations() const;
  [[nodiscard]] const Records<Practitioner>& practitioners() const;
  [[nodiscard]] const Records<PractitionerRole>& roles() const;
  [[nodiscard]] const Records<CareRole>& care_roles() const;
  [[nodiscard]] const Records<Evidence>& evidence() const;
  [[nodiscard]] const Records<Emitted>& emitted() const;
  // Emitted resources by the key of the plan, for claims without the number
  // in their chain.
  using Keyed = std::map<std::string, std::vector<const Emitted*>, std::less<>>;
  [[nodiscard]] const Keyed& emitted_by_key() const { return by_key_; }
  // The diagnosis of a Condition, and which version of it.
  struct KnownCondition {
    Source source;
    Diagnosis diagnosis;
    bool stands = true;  // neither refuted nor over
  };
  [[nodiscard]] const Records<KnownCondition>& conditions() const;

  // The sessions that a version of an emitted claim rests on.
  [[nodiscard]] const std::set<std::string>& sessions_of(
      const std::string& claim_version) const;
  [[nodiscard]] bool pulled(std::string_view claim) const;
  [[nodiscard]] const Records<Pull>& pulls() const { return pulls_; }
  // The payer's number for a claim; empty while it is not known.
  [[nodiscard]] std::string_view payer_number(std::string_view claim) const;
  // The payers' latest answers to claims, by claim.
  [[nodiscard]] const Records<PayerAnswer>& answers() const;
  // The state of a resource as the newest Provenance of ours has it
  // ("referral-accepted"); empty if none does. What happens beside its states
  // (a documented session, a tardy one) is recorded and no state.
  [[nodiscard]] std::string_view state_of(std::string_view key) const;
  [[nodiscard]] bool has_recorded(std::string_view key,
                                  std::string_view state) const;
  // Whether no Provenance of ours rests on this version yet, and it is not the
  // first one.
  [[nodiscard]] bool amended_unrecorded(const Source& source) const;
  // The request that an authorization answers, if it was sent.
  [[nodiscard]] const PreauthorizationRequest* request_of(
      const Authorization& authorization) const;
  // Whether a Task's outputs say, or once said, something about an order.
  [[nodiscard]] bool has_correction(std::string_view task) const {
    return corrections_.contains(task);
  }
  // Whether what a Task's outputs say stands: the order was not sent again
  // since.
  [[nodiscard]] bool correction_stands(std::string_view task) const;
  // The order in force: the newest of those that replace `referral`.
  [[nodiscard]] const Referral* in_force(std::string_view referral) const;
  // Key of the first of the orders that lead to this one by replacement, even
  // if it was not sent; its own if another one took its place.
  [[nodiscard]] std::string root_of(const Referral& order) const;

 private:
  [[nodiscard]] const Zone* zone() const { return zone_ ? &*zone_ : nullptr; }
  void read(const Json& resource, const Source& source);
  void read_claim_response(const Json& resource, const Source& source);
  void read_own(const Json& resource, const Source& source);
  void read_provenance(const Json& resource, const Source& source);
  void read_answer(const Json& task, const Source& source);
  void correct(const std::string& referral);
  void refer(const std::string& key, std::vector<std::string> targets);
  void write_down(const Source& source, bool own);

  std::string base_;
  std::optional<Zone> zone_;
  std::set<std::string, std::less<>> kept_;  // types
  Records<Body> bodies_;
  Records<Source> known_;
  Records<Referral> sent_referrals_;  // as the EHR wrote them
  Records<Correction> corrections_;   // by Task
  Records<Referral> referrals_;       // with what was corrected
  Records<Eligibility> eligibilities_;
  Records<Coverage> coverages_;
  Records<Authorization> authorizations_;
  Records<PreauthorizationRequest> requests_;
  Records<Session> sessions_;
  Records<Appointment> appointments_;
  Records<Location> locations_;
  Records<Organization> organizations_;
  Records<Practitioner> practitioners_;
  Records<PractitionerRole> roles_;
  Records<CareRole> care_roles_;
  Records<Evidence> evidence_;
  Records<Emitted> emitted_;
  Records<KnownCondition> conditions_;
  Records<std::string> payer_numbers_;  // by claim
  Records<PayerAnswer> answers_;        // by claim
  struct RecordedStates {
    std::string state;
    Instant recorded;
    std::vector<std::string> all;
  };
  Records<RecordedStates> states_;  // of what Provenances are about
  // Versions of sessions, from the second on, that a Provenance rests on.
  Records<std::uint32_t> recorded_versions_;
  // By versions of claims, as their Provenances name them.
  std::map<std::string, std::set<std::string>> billed_;
  Records<Pull> pulls_;  // by claim
  std::map<std::string, std::vector<std::string>> references_;
  std::map<std::string, std::size_t, std::less<>> missing_;  // uses, by target
  Keyed by_key_;
  std::vector<Applied> journal_;
  std::uint64_t forgotten_ = 0;  // entries that left the journal
  std::uint64_t pull_count_ = 0;
};

}  // namespace gateway::episode
