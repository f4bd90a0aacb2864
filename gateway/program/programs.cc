#include "program/programs.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "base/text.h"
#include "program/contradictions.h"
#include "program/row_checks.h"

namespace gateway::program {
namespace {

bool equal_ignoring_case(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](unsigned char a, unsigned char b) {
                      return std::tolower(a) == std::tolower(b);
                    });
}

bool matches(const PayerRule& rule, const PayerName& payer) {
  for (const auto& text : rule.matches) {
    if (text == payer.key) return true;
    if (equal_ignoring_case(text, payer.name)) return true;
    if (std::find(payer.identifiers.begin(), payer.identifiers.end(), text) !=
        payer.identifiers.end()) {
      return true;
    }
  }
  return false;
}

// A pack, or one of its rows.
template <typename Serving>
bool serves(const Serving& one, Program program) {
  return program == Program::work_hardening ? one.work_hardening
                                            : one.work_conditioning;
}

using PackPointer = std::shared_ptr<const PolicyPack>;

const PackPointer& as_for(const PackPointer& pack, Program program) {
  const bool differs =
      program == Program::work_hardening && pack->for_hardening != nullptr;
  return differs ? pack->for_hardening : pack;
}

bool overlap(const PolicyPack& left, const PolicyPack& right) {
  const bool left_first = left.to && right.from && *left.to < *right.from;
  const bool right_first = right.to && left.from && *right.to < *left.from;
  return !left_first && !right_first;
}

// The knob of the pack that decides: the last that has it.
struct Found {
  const Knob* knob = nullptr;
  const PolicyPack* pack = nullptr;
};

class Composer {
 public:
  explicit Composer(Policy& policy) : policy_(policy) {}

  void compose() {
    auto& rules = policy_.rules;
    read_units();
    rules.auth_required = any_requires_authorization();
    rules.visits_without_auth = count("visitsWithoutAuth");
    rules.days_without_auth = count("daysWithoutAuth");
    rules.verified_before = truth("verifiedBeforeFirstVisit", false);
    rules.retro_auth_allowed = truth("retroAuthAllowed", false);
    rules.aggregate_limit_minutes = count("aggregateLimitMinutes");
    rules.timely_filing_days = count("timelyFilingDays");
    read_extra_codes();
    rules.tardies_per_absence = count("tardiesPerAbsence");
    rules.tardy_tolerance_minutes = count("tardyToleranceMinutes");
    if (const auto half = find("pnAtFraction"); half.knob != nullptr) {
      rules.half_of_visits = half.knob->thousandths;
    }
    rules.one_program_per_injury = text("maxProgrammesPer") == "INJURY";
    rules.region_rules = text("regionRules");
    rules.diagnosis_dates = text("diagnosisDates");
    const auto basis = text("authBasis");
    if (basis == "HOURS") rules.auth_basis = AuthBasis::hours;
    if (basis == "UNITS") rules.auth_basis = AuthBasis::units;
    const auto scope = text("visitCountScope");
    if (scope == "CLAIM") rules.count_scope = CountScope::claim;
    if (scope == "INJURY") rules.count_scope = CountScope::injury;
    read_modifiers();
    read_rates();
    read_mue();
    const auto grouping = text("claimGrouping");
    rules.grouping = grouping == "WEEK" ? Grouping::week : Grouping::day;
    const auto start = text("weekStart");
    if (start == "SUNDAY") rules.week_start = std::chrono::Sunday;
    if (start == "SATURDAY") rules.week_start = std::chrono::Saturday;
  }

 private:
  Found find(std::string_view name) const {
    const auto& packs = policy_.packs;
    Found found;
    for (const auto& pack : packs) {
      const auto knob = pack->knobs.find(name);
      if (knob == pack->knobs.end()) continue;
      // Packs composed into all give way to those that a site names.
      if (pack->composed_into_all && found.knob != nullptr) continue;
      found = {&knob->second, pack.get()};
    }
    return found;
  }

  // As find, and notes a knob that bills without a verified source.
  Found billing(std::string_view name) {
    const auto found = find(name);
    if (found.knob != nullptr && !found.knob->verified) {
      policy_.rules.unverified.push_back(found.pack->id + "/" +
                                         std::string(name));
    }
    return found;
  }

  std::string_view text(std::string_view name) const {
    const auto found = find(name);
    return found.knob == nullptr ? std::string_view() : found.knob->text;
  }

  bool truth(std::string_view name, bool otherwise) const {
    const auto found = find(name);
    return found.knob == nullptr ? otherwise : found.knob->thousandths != 0;
  }

  std::int64_t count(std::string_view name) const {
    const auto found = find(name);
    return found.knob == nullptr ? 0 : found.knob->thousandths / 1000;
  }

  void read_units() {
    auto& rules = policy_.rules;
    const auto rule = billing("unitRule");
    if (rule.knob != nullptr) {
      const auto& word = rule.knob->text;
      rules.unit_rule = word == "COMPLETED" ? UnitRule::completed
                        : word == "STARTED" ? UnitRule::started
                        : word == "QUARTER" ? UnitRule::quarter
                        : word == "NEAREST" ? UnitRule::nearest
                                            : UnitRule::midpoint;
      rules.unit_rule_pack = rule.pack->id;
      rules.unit_rule_source = rule.knob->source;
    }
    const auto tie = billing("tie");
    if (tie.knob != nullptr && tie.knob->text == "HOLD") rules.tie = Tie::hold;
    const auto under = billing("underMinimum");
    if (under.knob != nullptr) {
      const auto& word = under.knob->text;
      rules.under_minimum = word == "REJECT"     ? UnderMinimum::reject
                            : word == "MIDPOINT" ? UnderMinimum::midpoint
                            : word == "MOD52"    ? UnderMinimum::mod52
                                                 : UnderMinimum::hold;
    }
    read_minimum();
    read_maximum();
  }

  // The strictest of all packs, since a gate that one sets holds for all.
  void read_minimum() {
    auto& least = policy_.rules.min_session_minutes;
    for (const auto& pack : policy_.packs) {
      const auto knob = pack->knobs.find("minSessionMinutes");
      if (knob == pack->knobs.end()) continue;
      least = std::max(least, knob->second.thousandths / 1000);
    }
  }

  void read_maximum() {
    auto& most = policy_.rules.max_session_minutes;
    for (const auto& pack : policy_.packs) {
      const auto knob = pack->knobs.find("maxMinutesPerDay");
      if (knob == pack->knobs.end()) continue;
      const auto own = knob->second.thousandths / 1000;
      most = most == 0 ? own : std::min(most, own);
    }
  }

  // Of any pack: who waits for an authorization is the stricter.
  bool any_requires_authorization() const {
    bool said = false;
    for (const auto& pack : policy_.packs) {
      const auto knob = pack->knobs.find("authRequired");
      if (knob == pack->knobs.end()) continue;
      if (knob->second.thousandths != 0) return true;
      said = true;
    }
    return !said;
  }

  // Only what every pack allows, since the stricter gate holds.
  void read_extra_codes() {
    bool first = true;
    auto& allowed = policy_.rules.allowed_extra_codes;
    for (const auto& pack : policy_.packs) {
      const auto knob = pack->knobs.find("allowedExtraCodes");
      if (knob == pack->knobs.end()) continue;
      const auto& list = knob->second.list;
      if (first) allowed = list;
      first = false;
      allowed.erase(std::remove_if(allowed.begin(), allowed.end(),
                                   [&](const std::string& code) {
                                     return std::find(list.begin(), list.end(),
                                                      code) == list.end();
                                   }),
                    allowed.end());
    }
  }

  // The program's modifier, then that of an accredited facility, then those
  // that always stand, then the plan of care's: the order in which payers read
  // them. What an assistant did is said last.
  void read_modifiers() {
    const auto found = billing("modifiers");
    if (found.knob == nullptr) return;
    const auto& table = found.knob->table;
    const auto add = [&](const std::string& name) {
      const auto modifier = table.find(name);
      if (modifier == table.end() || modifier->second.empty()) return;
      policy_.rules.modifiers.push_back(modifier->second);
    };
    add(std::string(episode::code(policy_.program)));
    if (truth("accredited", false)) add("accredited");
    add("always");
    read_plans_of_care(found);
  }

  // Which professions there are is said once, which modifier they bear by who
  // pays.
  void read_plans_of_care(const Found& modifiers) {
    const auto professions = find("professions");
    if (professions.knob == nullptr) return;
    for (const auto& [profession, taxonomies] : professions.knob->table) {
      const auto modifier = modifiers.knob->table.find(profession);
      if (modifier == modifiers.knob->table.end()) continue;
      if (modifier->second.empty()) continue;
      PlanOfCare plan{profession, {}, modifier->second, {}};
      for (const auto begin : split(taxonomies, ' ')) {
        if (!begin.empty()) plan.taxonomies.emplace_back(begin);
      }
      for (const auto& from : {professions, modifiers}) {
        const bool bare = from.knob == professions.knob && !from.knob->verified;
        if (!bare && !from.knob->unverified.contains(profession)) continue;
        plan.unverified =
            from.pack->id +
            (from.knob == professions.knob ? "/professions." : "/modifiers.") +
            profession;
      }
      policy_.rules.plans_of_care.push_back(std::move(plan));
    }
  }

  void read_rates() {
    auto& rules = policy_.rules;
    rules.assistant_modifier = text("assistantModifier");
    if (const auto share = find("assistantPercent"); share.knob != nullptr) {
      rules.assistant_percent = share.knob->thousandths;
    }
    const auto rates = billing("rates");
    if (rates.knob == nullptr) return;
    const auto rate =
        rates.knob->table.find(std::string(code(policy_.program)));
    if (rate == rates.knob->table.end()) return;
    auto hourly = Decimal::parse(rate->second);
    const auto share = find("notAccreditedPercent");
    if (hourly && share.knob != nullptr && !truth("accredited", false)) {
      // Thousandths of a per cent.
      hourly = hourly->times(Decimal(share.knob->thousandths, 5));
    }
    if (hourly) rules.hourly_rate = *hourly;
  }

  void read_mue() {
    auto& rules = policy_.rules;
    if (const auto found = find("mue"); found.knob != nullptr) {
      for (const auto& [code, units] : found.knob->table) {
        const auto number = Decimal::parse(units);
        if (number) rules.mue[code] = number->truncated().value_or(0);
      }
    }
    const auto action = text("mueAction");
    if (action == "OFF") rules.mue_action = MueAction::off;
    if (action == "HOLD") rules.mue_action = MueAction::hold;
  }

  Policy& policy_;
};

// The days on which the set of packs in force changes, but the first.
std::set<LocalDate> changes(
    const std::vector<std::shared_ptr<const PolicyPack>>& packs) {
  std::set<LocalDate> days;
  for (const auto& pack : packs) {
    if (pack->from) days.insert(*pack->from);
    if (pack->to) days.insert(pack->to->plus_days(1));
    for (const auto& row : pack->requirements) {
      if (row.from) days.insert(*row.from);
      if (row.to) days.insert(row.to->plus_days(1));
    }
  }
  return days;
}

}  // namespace

Policy compose(std::vector<std::shared_ptr<const PolicyPack>> packs,
               Program program, std::optional<LocalDate> day) {
  Policy policy;
  policy.program = program;
  policy.packs = std::move(packs);
  Composer(policy).compose();
  policy.contradictions = contradictions(policy);
  for (const auto& pack : policy.packs) {
    for (const auto& row : pack->requirements) {
      if (!serves(row, program) || (day && !row.in_force(*day))) continue;
      policy.rows[static_cast<std::size_t>(row.subject)].push_back(
          {pack.get(), &row, row.source + otherwise(policy, *pack, row)});
    }
  }
  return policy;
}

Result<Programs> Programs::make(std::vector<PolicyPack> packs, Site site) {
  const auto zone = Zone::named(site.zone);
  if (!zone) return zone.error();
  Programs programs(std::move(site), *zone);
  for (auto& pack : packs) {
    for (const auto& other : programs.packs_) {
      if (other->id == pack.id && overlap(*other, pack)) {
        return Error{ErrorCode::invalid,
                     pack.place + ": packs " + pack.id + " " + other->version +
                         " (" + other->place + ") and " + pack.version +
                         " are in force on the same days"};
      }
    }
    programs.packs_.push_back(
        std::make_shared<const PolicyPack>(std::move(pack)));
  }
  for (const auto& [id, overrides] : programs.site_.overrides) {
    const auto known = [&id = id](const auto& pack) { return pack->id == id; };
    if (!overrides.empty() &&
        std::none_of(programs.packs_.begin(), programs.packs_.end(), known)) {
      return programs.fault("overrides " + id, "overrides name " + id +
                                                   ", which is no policy pack");
    }
  }
  const auto named = check_contradicts(programs.packs_);
  if (!named) return named.error();
  const auto composed = programs.compose_all();
  if (!composed) return composed.error();
  return programs;
}

Status Programs::compose_all() {
  auto composed = compose(site_.policies);
  for (const auto& payer : site_.payers) {
    if (composed) composed = compose(payer.policies);
  }
  return composed;
}

Status Programs::compose(const Policies& policies) {
  for (const auto& [program, ids] : policies) {
    std::vector<std::shared_ptr<const PolicyPack>> candidates;
    for (const auto& id : ids) {
      const auto named =
          "programs " + std::string(episode::code(program)) + " " + id;
      bool exists = false;
      for (const auto& pack : packs_) {
        if (pack->id != id) continue;
        if (!serves(*pack, program)) {
          return fault(named, "the policy pack " + id + " is not for " +
                                  std::string(episode::code(program)));
        }
        exists = true;
        candidates.push_back(as_for(pack, program));
      }
      if (!exists) {
        return fault(named, "there is no policy pack " + id);
      }
    }
    for (const auto& pack : packs_) {
      if (!pack->composed_into_all || !serves(*pack, program)) continue;
      const auto& own = as_for(pack, program);
      if (std::find(candidates.begin(), candidates.end(), own) ==
          candidates.end()) {
        candidates.push_back(own);
      }
    }
    auto& slices = policies_[{ids, program}];
    slices.clear();
    auto days = changes(candidates);
    days.insert(*LocalDate::from(9999, 12, 31));
    LocalDate from = *LocalDate::from(1, 1, 1);
    for (const auto day : days) {
      std::vector<std::shared_ptr<const PolicyPack>> in_force;
      for (const auto& pack : candidates) {
        if (pack->in_force(from)) in_force.push_back(pack);
      }
      auto policy = program::compose(std::move(in_force), program, from);
      if (auto known = check_tables(policy); !known) return known;
      policy.until = day.plus_days(-1);
      slices.push_back(std::move(policy));
      from = day;
    }
    slices.back().until.reset();
  }
  return Done{};
}

Error Programs::fault(std::string_view named, const std::string& what) const {
  const auto place = site_.places.find(named);
  const bool known = place != site_.places.end();
  return {ErrorCode::invalid, (known ? place->second + ": " : "") + what};
}

Status Programs::check_tables(const Policy& policy) const {
  for (const auto& pack : policy.packs) {
    const auto check = [&](std::string_view name,
                           const auto& tables) -> Status {
      const auto knob = pack->knobs.find(name);
      if (knob == pack->knobs.end() || knob->second.text.empty() ||
          tables.contains(knob->second.text)) {
        return Done{};
      }
      // What a site overrides stands where its overrides do.
      const auto& place = knob->second.place;
      const auto what = "knob " + std::string(name) + ": there is no table " +
                        knob->second.text + " beside the packs";
      if (place.empty()) return fault("overrides " + pack->id, what);
      return Error{ErrorCode::invalid, place + ": " + what};
    };
    auto known = check("regionRules", site_.regions);
    if (known) known = check("diagnosisDates", site_.diagnosis_dates);
    if (!known) return known;
  }
  return Done{};
}

std::vector<std::string> Programs::resource_types() const {
  std::set<std::string> types;
  for (const auto& pack : packs_) {
    for (const auto& row : pack->requirements) {
      for (const auto* one : {&row.when, &row.require}) {
        if (!*one) continue;
        const auto& read = (*one)->resources();
        types.insert(read.begin(), read.end());
      }
    }
  }
  return {types.begin(), types.end()};
}

const PayerRule* Programs::payer(const PayerName& payer) const {
  for (const auto& rule : site_.payers) {
    if (matches(rule, payer)) return &rule;
  }
  return nullptr;
}

const Policy& Programs::policy(const PayerRule* payer, Program program,
                               LocalDate day) const {
  const auto find = [&](const Policies& policies) -> const Policy* {
    const auto ids = policies.find(program);
    if (ids == policies.end()) return nullptr;
    const auto slices = policies_.find(KeyView(ids->second, program));
    if (slices == policies_.end()) return nullptr;
    for (const auto& slice : slices->second) {
      if (!slice.until || day <= *slice.until) return &slice;
    }
    return nullptr;
  };
  const Policy* found = payer == nullptr ? nullptr : find(payer->policies);
  if (found == nullptr) found = find(site_.policies);
  return found == nullptr ? nothing_ : *found;
}

std::optional<Decimal> Programs::fee(const PayerRule* payer,
                                     std::string_view code) const {
  const std::string key(code);
  if (payer != nullptr) {
    const auto own = payer->fees.find(key);
    if (own != payer->fees.end()) return own->second;
  }
  const auto fee = site_.fees.find(key);
  if (fee == site_.fees.end()) return std::nullopt;
  return fee->second;
}

}  // namespace gateway::program
