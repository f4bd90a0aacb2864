#include "program/policy_pack.h"

#include <array>
#include <set>

namespace gateway::program {
namespace {

template <typename T>
struct Word {
  std::string_view text;
  T value;
};

template <typename T, std::size_t N>
std::optional<T> find(const std::array<Word<T>, N>& words,
                      std::string_view text) {
  for (const auto& word : words) {
    if (word.text == text) return word.value;
  }
  return std::nullopt;
}

constexpr std::array<Word<Weight>, 4> kWeights{{{"reject", Weight::reject},
                                                {"hold", Weight::hold},
                                                {"warn", Weight::warn},
                                                {"info", Weight::info}}};
constexpr std::array<Word<Kind>, 3> kKinds{
    {{"checked", Kind::checked},
     {"attested", Kind::attested},
     {"informational", Kind::informational}}};
constexpr std::array<Word<Weight>, 2> kGates{
    {{"WARN", Weight::warn}, {"HOLD", Weight::hold}}};
constexpr std::array<Word<fhir::Actor>, 8> kActors{
    {{"nobody", fhir::Actor::nobody},
     {"sender", fhir::Actor::sender},
     {"attending-physician", fhir::Actor::attending_physician},
     {"front-office", fhir::Actor::front_office},
     {"therapist", fhir::Actor::therapist},
     {"biller", fhir::Actor::biller},
     {"payer", fhir::Actor::payer},
     {"operator", fhir::Actor::operator_}}};
constexpr std::array<Word<int>, 6> kTasks{{{"correct-referral", 0},
                                           {"review-referral", 1},
                                           {"obtain-authorization", 2},
                                           {"link-authorization", 3},
                                           {"review-session", 4},
                                           {"review-claim", 5}}};

Error at(const Yaml& place, const std::string& what) {
  return {ErrorCode::invalid, place.place() + ": " + what};
}

// A reader that keeps the first error, so that reading code stays straight.
class PackReader {
 public:
  explicit PackReader(const Overrides& overrides) : overrides_(overrides) {}

  Result<PolicyPack> read(const Yaml& yaml) {
    read_head(yaml);
    read_knobs(yaml.get("knobs"));
    for (const auto& [id, row] : yaml.get("requirements").members()) {
      read_row(id, row);
    }
    apply_gates(yaml);
    if (error_) return *error_;
    return std::move(pack_);
  }

 private:
  void fail(const Yaml& place, const std::string& what) {
    if (!error_) error_ = at(place, what);
  }

  template <typename T, std::size_t N>
  T word(const Yaml& yaml, const std::array<Word<T>, N>& words, T otherwise) {
    if (!yaml.exists()) return otherwise;
    const auto found = find(words, yaml.scalar());
    if (!found) fail(yaml, "'" + yaml.scalar() + "' is not one of the words");
    return found.value_or(otherwise);
  }

  std::optional<LocalDate> date(const Yaml& yaml) {
    if (!yaml.exists()) return std::nullopt;
    const auto parsed = LocalDate::parse(yaml.scalar());
    if (!parsed) fail(yaml, "a date as 2026-01-31 is wanted");
    return parsed;
  }

  void read_head(const Yaml& yaml) {
    static const std::set<std::string, std::less<>> kMembers = {
        "id",         "version",         "title",  "effective",
        "programs",   "stale",           "source", "verified",
        "verifiedBy", "composedIntoAll", "knobs",  "requirements"};
    for (const auto& [key, value] : yaml.members()) {
      if (!kMembers.contains(key.scalar())) {
        fail(key, "unknown member '" + key.scalar() + "'");
      }
    }
    pack_.id = yaml.get("id").scalar();
    pack_.version = yaml.get("version").scalar();
    pack_.title = yaml.get("title").scalar();
    if (pack_.id.empty() || pack_.version.empty()) {
      fail(yaml, "a pack has an id and a version");
    }
    pack_.from = date(yaml.get("effective").get("from"));
    pack_.to = date(yaml.get("effective").get("to"));
    pack_.stale_from = date(yaml.get("stale"));
    pack_.verified_by = yaml.get("verifiedBy").scalar();
    pack_.composed_into_all = yaml.get("composedIntoAll").scalar() == "true";
    read_programs(yaml.get("programs"));
    for (const auto& one : yaml.get("source").items()) {
      pack_.sources.push_back(one.scalar());
    }
  }

  void read_programs(const Yaml& yaml) {
    if (!yaml.exists()) return;
    pack_.work_conditioning = pack_.work_hardening = false;
    for (const auto& one : yaml.items()) {
      if (one.scalar() == "work-conditioning") {
        pack_.work_conditioning = true;
      } else if (one.scalar() == "work-hardening") {
        pack_.work_hardening = true;
      } else {
        fail(one, "a program is work-conditioning or work-hardening");
      }
    }
  }

  void read_knobs(const Yaml& yaml) {
    for (const auto& [name, value] : yaml.members()) {
      auto knob = read_knob(name.scalar(), value);
      if (!knob) {
        if (!error_) error_ = knob.error();
        return;
      }
      pack_.knobs[name.scalar()] = *std::move(knob);
    }
    for (const auto& [name, value] : overrides_) {
      if (name.starts_with("gate.")) continue;
      auto knob = parse_knob(name, value);
      if (!knob) return fail(yaml, "override: " + knob.error().message);
      pack_.knobs[name] = *std::move(knob);
    }
  }

  std::optional<Predicate> predicate(const Yaml& yaml) {
    if (!yaml.exists()) return std::nullopt;
    auto compiled =
        Predicate::compile(yaml.scalar(), [this](std::string_view name) {
          named_.emplace_back(name);
          return constant(name);
        });
    if (!compiled) {
      const auto column = yaml.column() + compiled.error().offset.value_or(0);
      fail(yaml, compiled.error().message + " (column " +
                     std::to_string(column) + ")");
      return std::nullopt;
    }
    return *std::move(compiled);
  }

  std::optional<Constant> constant(std::string_view name) const {
    const auto knob = pack_.knobs.find(name);
    const auto* known = knob_named(name);
    if (knob == pack_.knobs.end() || known == nullptr) return std::nullopt;
    if (known->kind == KnobKind::number) {
      return Constant{FactType::number, knob->second.thousandths};
    }
    if (known->kind == KnobKind::truth) {
      return Constant{FactType::truth, knob->second.thousandths};
    }
    return std::nullopt;
  }

  void read_row(const Yaml& id, const Yaml& yaml) {
    static const std::set<std::string, std::less<>> kMembers = {
        "about",   "severity", "kind",   "gate",   "when",     "require",
        "missing", "leaves",   "actor",  "task",   "path",     "seen",
        "text",    "wanted",   "remedy", "source", "verified", "knobs",
        "warning", "good",     "bad"};
    for (const auto& [key, value] : yaml.members()) {
      if (!kMembers.contains(key.scalar())) {
        fail(key, "unknown member '" + key.scalar() + "'");
      }
    }
    Requirement row;
    row.id = id.scalar();
    row.rule = pack_.id + "/" + row.id;
    const auto about = subject_named(yaml.get("about").scalar());
    if (yaml.get("about").exists() && !about) {
      fail(yaml.get("about"), "unknown subject");
    }
    row.subject = about.value_or(Subject::referral);
    row.weight = word(yaml.get("severity"), kWeights, Weight::info);
    if (yaml.get("gate").exists()) {
      row.gate = word(yaml.get("gate"), kGates, Weight::warn);
    }
    named_.clear();
    row.when = predicate(yaml.get("when"));
    row.require = predicate(yaml.get("require"));
    for (const auto& one : yaml.get("knobs").items()) {
      named_.push_back(one.scalar());
    }
    row.knobs = named_;
    row.kind = word(yaml.get("kind"), kKinds,
                    row.require ? Kind::checked : Kind::informational);
    read_texts(yaml, row);
    if (row.text.empty()) fail(yaml, "a requirement has a text");
    const auto milder = yaml.get("warning");
    auto variant = row;
    pack_.requirements.push_back(std::move(row));
    if (milder.exists()) read_warning(milder, std::move(variant));
  }

  // The milder half of a row: under the same id, but it only warns.
  void read_warning(const Yaml& yaml, Requirement row) {
    row.variant = true;
    row.weight = Weight::warn;
    row.gate.reset();
    row.leaves_encounter_only = false;
    row.task.clear();
    row.good.clear();
    row.bad.clear();
    if (yaml.get("when").exists()) row.when = predicate(yaml.get("when"));
    row.require = predicate(yaml.get("require"));
    read_texts(yaml, row);
    pack_.requirements.push_back(std::move(row));
  }

  static void read_text(const Yaml& yaml, std::string& into) {
    if (yaml.exists()) into = yaml.scalar();
  }

  void read_texts(const Yaml& yaml, Requirement& row) {
    row.missing_is_unmet |= yaml.get("missing").scalar() == "unmet";
    row.leaves_encounter_only |= yaml.get("leaves").scalar() == "encounter";
    row.actor = word(yaml.get("actor"), kActors, row.actor);
    if (yaml.get("task").exists()) word(yaml.get("task"), kTasks, 0);
    if (yaml.get("seen").exists()) {
      const auto* fact = fact_named(yaml.get("seen").scalar());
      if (fact == nullptr) fail(yaml.get("seen"), "unknown fact");
      if (fact != nullptr) row.seen = fact->fact;
    }
    read_text(yaml.get("task"), row.task);
    read_text(yaml.get("path"), row.path);
    read_text(yaml.get("text"), row.text);
    read_text(yaml.get("wanted"), row.wanted);
    read_text(yaml.get("remedy"), row.remedy);
    read_text(yaml.get("source"), row.source);
    row.verified &= yaml.get("verified").scalar() != "false";
    for (const auto& [name, value] : yaml.get("good").members()) {
      row.good.emplace_back(name.scalar(), value.scalar());
    }
    for (const auto& [name, value] : yaml.get("bad").members()) {
      row.bad.emplace_back(name.scalar(), value.scalar());
    }
  }

  // `gate` is set for all evidence of a pack, or for one row as `gate.A27`.
  void apply_gates(const Yaml& yaml) {
    const auto all = pack_.knobs.find("gate");
    for (auto& row : pack_.requirements) {
      if (!row.gate) continue;
      if (all != pack_.knobs.end()) {
        row.gate = find(kGates, all->second.text);
      }
      const auto one = overrides_.find("gate." + row.id);
      if (one == overrides_.end()) continue;
      row.gate = find(kGates, one->second);
      if (!row.gate) fail(yaml, "override gate." + row.id + ": WARN or HOLD");
    }
  }

  const Overrides& overrides_;
  std::vector<std::string> named_;  // knobs of the row that is read
  PolicyPack pack_;
  std::optional<Error> error_;
};

}  // namespace

std::string_view code(Weight weight) {
  return kWeights[static_cast<std::size_t>(weight)].text;
}

std::string_view code(Kind kind) {
  return kKinds[static_cast<std::size_t>(kind)].text;
}

Result<PolicyPack> read_pack(const Yaml& yaml, const Overrides& overrides) {
  return PackReader(overrides).read(yaml);
}

}  // namespace gateway::program
