#include "billing/plan_of_care.h"

#include <algorithm>
#include <initializer_list>

namespace gateway::billing {
namespace {

using program::Fact;
using program::PlanOfCare;

// What is said of one performer: what they did that day; else what they are.
std::vector<std::string> taxonomies(const episode::Case& known,
                                    const episode::Performer& performer) {
  if (!performer.function.empty()) return {performer.function};
  auto person = performer.actor;
  const auto role = known.roles().find(person);
  if (role != known.roles().end()) {
    if (!role->second.taxonomies.empty()) return role->second.taxonomies;
    person = role->second.practitioner;
  }
  const auto found = known.practitioners().find(person);
  if (found == known.practitioners().end()) return {};
  return found->second.taxonomies;
}

bool is_of(const PlanOfCare& plan, const std::vector<std::string>& codes) {
  return std::any_of(codes.begin(), codes.end(), [&](const auto& code) {
    return std::any_of(
        plan.taxonomies.begin(), plan.taxonomies.end(),
        [&](const auto& begin) { return code.starts_with(begin); });
  });
}

// The one plan that performers of this kind belong to.
template <typename Counts>
std::vector<const PlanOfCare*> plans(const episode::Case& known,
                                     const Visit& visit, Counts counts) {
  std::vector<const PlanOfCare*> found;
  for (const auto& performer : visit.performers) {
    if (!counts(performer)) continue;
    const auto codes = taxonomies(known, performer);
    for (const auto& plan : visit.policy->rules.plans_of_care) {
      if (!is_of(plan, codes)) continue;
      if (std::find(found.begin(), found.end(), &plan) == found.end()) {
        found.push_back(&plan);
      }
    }
  }
  return found;
}

// Of the therapist who renders; of the others who treated, where nobody says
// what that therapist is: assistants work under the plan of a therapist.
const PlanOfCare* plan_of(const episode::Case& known, const Visit& visit) {
  const auto renders = [&](const auto& one) {
    return !visit.rendering.empty() && one.actor == visit.rendering;
  };
  auto found = plans(known, visit, renders);
  if (found.empty()) {
    const bool said = std::any_of(
        visit.performers.begin(), visit.performers.end(), [&](const auto& one) {
          return renders(one) && !taxonomies(known, one).empty();
        });
    if (said) return nullptr;
    found = plans(known, visit, [](const auto&) { return true; });
  }
  return found.size() == 1 ? found.front() : nullptr;
}

// Modifiers that these codes cannot bear (rows C6 and C7 of their pages).
std::int64_t forbidden(const Visit& visit,
                       std::initializer_list<std::string_view> never) {
  const auto is = [&](const std::string& one) {
    return std::find(never.begin(), never.end(), one) != never.end();
  };
  const auto& always = visit.policy->rules.modifiers;
  const bool by_plan =
      visit.plan_of_care != nullptr && is(visit.plan_of_care->modifier);
  return std::count_if(always.begin(), always.end(), is) + (by_plan ? 1 : 0);
}

}  // namespace

void set_modifiers(const episode::Case& known, Visit& visit) {
  const auto& rules = visit.policy->rules;
  visit.plan_of_care = plan_of(known, visit);
  auto& facts = visit.facts;
  facts.set_count(Fact::session_component_modifiers,
                  forbidden(visit, {"26", "TC"}));
  facts.set_count(Fact::session_surgical_modifiers,
                  forbidden(visit, {"50", "51", "62", "66", "80", "82"}));
  facts.set(Fact::session_wants_plan_of_care, !rules.plans_of_care.empty());
  facts.set(Fact::session_has_plan_of_care, visit.plan_of_care != nullptr);
}

}  // namespace gateway::billing
