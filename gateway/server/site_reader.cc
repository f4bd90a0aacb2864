#include "server/site_reader.h"

#include <algorithm>
#include <filesystem>

#include "program/load.h"

namespace gateway::server {
namespace {

namespace fs = std::filesystem;

Error wrong(const Yaml& node, const std::string& what) {
  return {ErrorCode::invalid, node.place() + ": " + what};
}

using Fees = std::map<std::string, Decimal>;

std::optional<Error> read_fees(const Yaml& yaml, Fees& fees) {
  for (const auto& [code, value] : yaml.members()) {
    if (!program::is_procedure_code(code.scalar())) {
      return wrong(code,
                   "a fee is for a code of five characters, as \"97545\"");
    }
    if (!program::is_price(value.scalar())) {
      return wrong(value,
                   "a fee is dollars and cents above zero, as \"210.00\"");
    }
    fees[code.scalar()] = *Decimal::parse(value.scalar());
  }
  return std::nullopt;
}

std::optional<Error> read_policies(const Yaml& yaml,
                                   program::Policies& policies,
                                   program::Site& site) {
  for (const auto& [name, value] : yaml.members()) {
    const auto program = episode::program_of(name.scalar());
    if (program == program::Program::none) {
      return wrong(name, "a program is work-conditioning or work-hardening");
    }
    auto& packs = policies[program];
    packs.clear();
    const auto add = [&packs, &site, &name = name](const Yaml& pack) {
      packs.push_back(pack.scalar());
      site.places.emplace("programs " + name.scalar() + " " + pack.scalar(),
                          pack.place());
    };
    if (value.kind() == Yaml::Kind::scalar) add(value);
    for (const auto& pack : value.items()) add(pack);
    if (packs.empty()) return wrong(value, "the id of a pack is wanted");
  }
  return std::nullopt;
}

std::optional<Error> read_program_of_97545(
    const Yaml& yaml, std::optional<program::Program>& out) {
  const auto node = yaml.get("programOf97545");
  if (!node.exists()) return std::nullopt;
  out = episode::program_of(node.scalar());
  if (*out == program::Program::none) {
    return wrong(node, "a program is work-conditioning or work-hardening");
  }
  return std::nullopt;
}

std::optional<Error> read_truth(const Yaml& node, bool& out) {
  if (!node.exists()) return std::nullopt;
  if (node.quoted() || (node.scalar() != "true" && node.scalar() != "false")) {
    return wrong(node, "true or false is wanted");
  }
  out = node.scalar() == "true";
  return std::nullopt;
}

// A payer differs in these; knobs are the whole site's.
std::optional<Error> check_payer(const Yaml& entry) {
  for (const auto& [key, value] : entry.members()) {
    const auto& name = key.scalar();
    if (name == "overrides") {
      return wrong(key,
                   "knobs are set for the whole site: write overrides beside "
                   "payers, or a pack for this payer");
    }
    if (name != "matches" && name != "programs" && name != "fees" &&
        name != "programOf97545") {
      return wrong(key,
                   "a payer has matches, programs, fees and programOf97545");
    }
  }
  return std::nullopt;
}

std::optional<Error> read_payers(const Yaml& yaml, program::Site& site) {
  for (const auto& [name, entry] : yaml.members()) {
    if (auto error = check_payer(entry)) return error;
    program::PayerRule rule;
    rule.matches.push_back(name.scalar());
    for (const auto& also : entry.get("matches").items()) {
      rule.matches.push_back(also.scalar());
    }
    if (auto error =
            read_policies(entry.get("programs"), rule.policies, site)) {
      return error;
    }
    if (auto error = read_fees(entry.get("fees"), rule.fees)) return error;
    if (auto error = read_program_of_97545(entry, rule.program_of_97545)) {
      return error;
    }
    site.payers.push_back(std::move(rule));
  }
  return std::nullopt;
}

// A list or table as --set writes it: a,b or key:value,key:value.
std::string joined(const Yaml& value) {
  std::string text = value.scalar();
  const auto add = [&text](const std::string& item) {
    text += (text.empty() ? "" : ",") + item;
  };
  for (const auto& item : value.items()) add(item.scalar());
  for (const auto& [key, item] : value.members()) {
    add(key.scalar() + ":" + item.scalar());
  }
  return text;
}

// A knob as a scalar, or in the form that packs write it in. Its source is the
// site, so that it is given bare.
std::optional<Error> check_override(const std::string& knob,
                                    const Yaml& value) {
  if (value.kind() == Yaml::Kind::scalar) {
    const auto checked = program::check_override(knob, value.scalar());
    if (!checked) return wrong(value, checked.error().message);
    return std::nullopt;
  }
  if (value.get("value").exists()) {
    return wrong(value,
                 "an override is the bare value; its source is the site");
  }
  const auto read = program::read_knob(knob, value);
  if (!read) return read.error();
  return std::nullopt;
}

std::optional<Error> read_overrides(const Yaml& yaml, program::Site& site) {
  for (const auto& [pack, knobs] : yaml.members()) {
    if (knobs.kind() != Yaml::Kind::map) {
      return wrong(knobs, "a table of knobs is wanted");
    }
    site.places.emplace("overrides " + pack.scalar(), pack.place());
    for (const auto& [knob, value] : knobs.members()) {
      const auto& name = knob.scalar();
      if (auto error = check_override(name, value)) return error;
      site.overrides[pack.scalar()][name] = joined(value);
    }
  }
  return std::nullopt;
}

std::optional<Error> read_facility(const Yaml& yaml, program::Site& site) {
  if (yaml.get("timezone").exists()) {
    site.zone = yaml.get("timezone").scalar();
    if (!Zone::named(site.zone)) {
      return wrong(yaml.get("timezone"),
                   "the tz database has no such zone; use an IANA name");
    }
  }
  if (yaml.get("placeOfService").exists()) {
    site.place_of_service = yaml.get("placeOfService").scalar();
    if (!episode::is_place_of_service(site.place_of_service) ||
        site.place_of_service == "24") {
      return wrong(yaml.get("placeOfService"),
                   "a place of service is a code of two digits, as \"11\", and "
                   "not that of a surgical center");
    }
  }
  return std::nullopt;
}

std::optional<Error> read_escalation(const Yaml& yaml, program::Site& site) {
  if (!yaml.exists()) return std::nullopt;
  const auto days = yaml.get("afterBusinessDays");
  const auto count = Decimal::parse(days.scalar());
  const auto whole = count ? count->truncated() : std::nullopt;
  if (!whole || !count->is_integer() || *whole < 1 || *whole > 260) {
    return wrong(days.exists() ? days : yaml,
                 "afterBusinessDays is a whole number from 1 to 260");
  }
  program::Escalation escalation;
  escalation.after_business_days = *whole;
  escalation.lead = yaml.get("lead").scalar();
  escalation.name = yaml.get("name").scalar();
  escalation.source = yaml.get("source").scalar();
  if (escalation.lead.empty() || escalation.source.empty()) {
    return wrong(yaml, "lead and source are wanted");
  }
  site.escalation = std::move(escalation);
  return std::nullopt;
}

std::optional<Error> read_all(const Yaml& root, program::Site& site) {
  site.canonical_base = root.get("canonicalBase").scalar();
  const auto referrals = root.get("referrals");
  std::optional<Error> error = read_facility(root.get("facility"), site);
  if (!error) error = read_policies(root.get("programs"), site.policies, site);
  if (!error) error = read_payers(root.get("payers"), site);
  if (!error) error = read_fees(root.get("fees"), site.fees);
  if (!error) {
    error = read_truth(root.get("acceptUnverified"), site.accept_unverified);
  }
  if (!error) {
    error = read_truth(referrals.get("requesterIsAttending"),
                       site.requester_is_attending);
  }
  if (!error) error = read_program_of_97545(referrals, site.program_of_97545);
  if (!error) error = read_escalation(root.get("escalation"), site);
  if (!error) error = read_overrides(root.get("overrides"), site);
  return error;
}

}  // namespace

Result<program::Site> read_site(const Yaml& root) {
  program::Site site;
  if (auto error = read_all(root, site)) return *error;
  return site;
}

Result<program::Programs> read_programs(const std::string& configuration_file,
                                        const program::Site& site,
                                        const fhir::TypeModel* model) {
  const auto folder = fs::path(configuration_file).parent_path() / "policies";
  return program::load_programs(folder.string(), site, model);
}

}  // namespace gateway::server
