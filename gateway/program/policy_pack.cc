#include "program/policy_pack.h"

#include <algorithm>
#include <memory>

#include "program/pack_words.h"
#include "program/predicate_compiler.h"
#include "program/row_checks.h"

namespace gateway::program {
namespace {

constexpr std::pair<std::string_view, std::string_view> kBounds[] = {
    {"minSessionMinutes", "maxMinutesPerDay"},
    {"preferredMinutesPerDay", "maxMinutesPerDay"},
    {"minDaysPerWeek", "maxDaysPerWeek"},
    {"minWeeks", "maxWeeks"},
    {"minVisits", "maxVisits"},
    {"evaluationWarnDays", "evaluationDays"},
};

Error at(const Yaml& place, const std::string& what) {
  return {ErrorCode::invalid, place.place() + ": " + what};
}

using Members = std::vector<std::string_view>;
using Examples = decltype(Requirement::good);

const Members& pack_members() {
  static const Members kMembers = {
      "id",    "version", "title",       "effective",  "programs",
      "stale", "source",  "verified",    "verifiedBy", "composedIntoAll",
      "knobs", "define",  "requirements"};
  return kMembers;
}

const Members& row_members() {
  static const Members kMembers = {
      "about",   "severity",  "kind",     "gate",        "when",
      "require", "missing",   "leaves",   "actor",       "task",
      "path",    "seen",      "text",     "wanted",      "remedy",
      "source",  "verified",  "knobs",    "warning",     "good",
      "bad",     "effective", "eachDate", "contradicts", "programs"};
  return kMembers;
}

std::vector<std::string_view> fact_names() {
  std::vector<std::string_view> names;
  for (const auto& one : fact_table()) names.push_back(one.name);
  return names;
}

// A reader that keeps the first error, so that reading code stays straight.
class PackReader final : public Names {
 public:
  PackReader(const Overrides& overrides, const fhir::TypeModel* model,
             bool hardening)
      : overrides_(overrides), model_(model), hardening_(hardening) {}

  Result<PolicyPack> read(const Yaml& yaml) {
    read_head(yaml);
    read_knobs(yaml.get("knobs"));
    definitions_ = yaml.get("define");
    for (const auto& [name, text] : definitions_.members()) define(name, text);
    for (const auto& [id, row] : yaml.get("requirements").members()) {
      read_row(id, row);
    }
    apply_gates(yaml);
    check_sources(yaml);
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
    if (!found) {
      std::vector<std::string_view> known;
      for (const auto& one : words) known.push_back(one.text);
      fail(yaml, "'" + yaml.scalar() + "' is not one of the words" +
                     suggestion(yaml.scalar(), known));
    }
    return found.value_or(otherwise);
  }

  // "no" and "'false'" are no truth values: a pack must not pass for verified
  // because a word was not understood.
  bool truth(const Yaml& yaml, bool otherwise) {
    if (!yaml.exists()) return otherwise;
    const auto found = find(kTruths, yaml.scalar());
    if (!found || yaml.quoted()) fail(yaml, "true or false is wanted");
    return found.value_or(otherwise);
  }

  std::vector<Yaml> list(const Yaml& yaml) {
    if (yaml.exists() && yaml.kind() != Yaml::Kind::sequence) {
      fail(yaml, "a list is wanted");
    }
    return yaml.items();
  }

  std::optional<LocalDate> date(const Yaml& yaml) {
    if (!yaml.exists()) return std::nullopt;
    const auto parsed = LocalDate::parse(yaml.scalar());
    if (!parsed) fail(yaml, "a date as 2026-01-31 is wanted");
    return parsed;
  }

  void read_head(const Yaml& yaml) {
    check_members(yaml, pack_members());
    pack_.place = yaml.place();
    pack_.id = yaml.get("id").scalar();
    pack_.version = yaml.get("version").scalar();
    pack_.title = yaml.get("title").scalar();
    if (pack_.id.empty() || pack_.version.empty()) {
      fail(yaml, "a pack has an id and a version");
    }
    read_period(yaml.get("effective"), pack_.from, pack_.to);
    pack_.stale_from = date(yaml.get("stale"));
    pack_.verified_by = yaml.get("verifiedBy").scalar();
    pack_.composed_into_all = truth(yaml.get("composedIntoAll"), false);
    verified_ = truth(yaml.get("verified"), true);
    read_programs(yaml.get("programs"), pack_);
    for (const auto& one : list(yaml.get("source"))) {
      pack_.sources.push_back(one.scalar());
    }
  }

  void check_members(const Yaml& yaml, const Members& known) {
    for (const auto& [key, value] : yaml.members()) {
      if (std::find(known.begin(), known.end(), key.scalar()) != known.end()) {
        continue;
      }
      fail(key, "unknown member '" + key.scalar() + "'" +
                    suggestion(key.scalar(), known));
    }
  }

  void read_period(const Yaml& yaml, std::optional<LocalDate>& from,
                   std::optional<LocalDate>& to) {
    from = date(yaml.get("from"));
    to = date(yaml.get("to"));
    if (from && to && *to < *from)
      fail(yaml, "the period ends before it begins");
  }

  // Of a pack, or of one of its rows.
  template <typename Serving>
  void read_programs(const Yaml& yaml, Serving& serving) {
    if (!yaml.exists()) return;
    serving.work_conditioning = serving.work_hardening = false;
    for (const auto& one : list(yaml)) {
      if (one.scalar() == "work-conditioning") {
        serving.work_conditioning = true;
      } else if (one.scalar() == "work-hardening") {
        serving.work_hardening = true;
      } else {
        fail(one, "a program is work-conditioning or work-hardening");
      }
    }
  }

  void read_knobs(const Yaml& yaml) {
    for (const auto& [name, value] : yaml.members()) {
      auto knob = read_knob(name.scalar(), value, hardening_);
      if (!knob) {
        if (!error_) error_ = knob.error();
        return;
      }
      auto& kept = pack_.knobs[name.scalar()] = *std::move(knob);
      kept.verified &= verified_ || value.get("verified").exists();
      places_[name.scalar()] = value;
    }
    for (const auto& [name, value] : overrides_) {
      if (name.starts_with("gate.")) continue;
      auto knob = parse_knob(name, value);
      if (!knob) return fail(yaml, "override: " + knob.error().message);
      pack_.knobs[name] = *std::move(knob);
    }
    for (const auto& [least, most] : kBounds) check_bounds(least, most);
  }

  void check_bounds(std::string_view least, std::string_view most) {
    const auto low = pack_.knobs.find(least);
    const auto high = pack_.knobs.find(most);
    if (low == pack_.knobs.end() || high == pack_.knobs.end()) return;
    if (low->second.thousandths <= high->second.thousandths) return;
    auto place = places_.find(least);
    if (place == places_.end()) place = places_.find(most);
    fail(place == places_.end() ? definitions_ : place->second,
         "knob " + low->first + " is " + low->second.text + ", more than " +
             high->first + ", which is " + high->second.text);
  }

  // At the end: what is wrong with a row or knob is said before.
  void check_sources(const Yaml& yaml) {
    for (const auto& [name, value] : yaml.get("knobs").members()) {
      const auto knob = pack_.knobs.find(name.scalar());
      if (knob == pack_.knobs.end() || !knob->second.source.empty()) continue;
      fail(value, "knob " + name.scalar() +
                      " has no source; {value: ..., source: ...} is wanted");
    }
    for (const auto& [id, row] : yaml.get("requirements").members()) {
      if (row.get("source").scalar().empty()) {
        fail(row, "a requirement has a source");
      }
    }
  }

  void fail_if(const Yaml& place, const std::string& fault) {
    if (!fault.empty()) fail(place, fault);
  }

  std::optional<Predicate> predicate(const Yaml& yaml) {
    if (!yaml.exists()) return std::nullopt;
    auto compiled = Predicate::compile(yaml.scalar(), *this, model_);
    if (!compiled) {
      fail_within(yaml, compiled.error());
      return std::nullopt;
    }
    return *std::move(compiled);
  }

  // At the byte of the expression, where it stands on one line.
  void fail_within(const Yaml& yaml, const Error& error) {
    if (error_) return;
    const auto here = yaml.place();
    const auto column =
        yaml.column() + error.offset.value_or(0) + (yaml.quoted() ? 1U : 0U);
    error_ = Error{ErrorCode::invalid, here.substr(0, here.rfind(':') + 1) +
                                           std::to_string(column) + ": " +
                                           error.message};
  }

  // A condition that the pack names, so that several rows can share it.
  void define(const Yaml& name, const Yaml& text) {
    const auto& key = name.scalar();
    if (defined_.contains(key)) return;
    if (key.empty() || key[0] < 'a' || key[0] > 'z' ||
        knob_named(key) != nullptr) {
      return fail(name, "'" + key +
                            "' is a knob, or does not begin with a "
                            "small letter");
    }
    const auto outer = std::move(named_);
    named_.clear();
    open_.push_back(key);
    auto compiled = predicate(text);
    open_.pop_back();
    Defined made{nullptr, std::move(named_)};
    named_ = outer;
    if (!compiled) return;
    made.condition = std::make_shared<const Predicate>(*std::move(compiled));
    defined_[key] = std::move(made);
  }

  std::shared_ptr<const Predicate> defined(std::string_view wanted) override {
    for (const auto& [name, text] : definitions_.members()) {
      if (name.scalar() != wanted) continue;
      if (std::find(open_.begin(), open_.end(), wanted) != open_.end()) {
        std::string circle;
        for (const auto& one : open_) circle += one + " -> ";
        fail(name, "a cycle: " + circle + std::string(wanted));
        return nullptr;
      }
      define(name, text);
      const auto& [condition, knobs] = defined_[name.scalar()];
      named_.insert(named_.end(), knobs.begin(), knobs.end());
      return condition;
    }
    return nullptr;
  }

  [[nodiscard]] std::vector<std::string_view> known() const override {
    std::vector<std::string_view> names;
    for (const auto& [name, knob] : pack_.knobs) names.push_back(name);
    for (const auto& [name, text] : definitions_.members()) {
      names.push_back(name.scalar());
    }
    return names;
  }

  std::optional<Constant> constant(std::string_view name) override {
    const auto knob = pack_.knobs.find(name);
    const auto* known = knob_named(name);
    if (knob == pack_.knobs.end() || known == nullptr) return std::nullopt;
    named_.emplace_back(name);
    if (known->kind == KnobKind::number) {
      return Constant{FactType::number, knob->second.thousandths};
    }
    if (known->kind == KnobKind::truth) {
      return Constant{FactType::truth, knob->second.thousandths};
    }
    return std::nullopt;
  }

  void read_row(const Yaml& id, const Yaml& yaml) {
    check_members(yaml, row_members());
    Requirement row;
    row.verified = verified_;
    row.id = id.scalar();
    row.rule = pack_.id + "/" + row.id;
    const auto about = subject_named(yaml.get("about").scalar());
    if (yaml.get("about").exists() && !about) {
      fail(yaml.get("about"),
           "unknown subject '" + yaml.get("about").scalar() + "'");
    }
    row.subject = about.value_or(Subject::referral);
    row.weight = word(yaml.get("severity"), kWeights, Weight::info);
    if (yaml.get("gate").exists()) {
      row.gate = word(yaml.get("gate"), kGates, Weight::warn);
    }
    row.each_date = truth(yaml.get("eachDate"), false);
    if (row.each_date && row.subject != Subject::referral) {
      fail(yaml.get("eachDate"),
           "only a row about the referral is judged again");
    }
    named_.clear();
    row.when = predicate(yaml.get("when"));
    row.require = predicate(yaml.get("require"));
    for (const auto& one : list(yaml.get("knobs"))) {
      if (knob_named(one.scalar()) == nullptr) {
        fail(one, "unknown knob " + one.scalar());
      }
      named_.push_back(one.scalar());
    }
    row.knobs = named_;
    read_programs(yaml.get("programs"), row);
    for (const auto& one : list(yaml.get("contradicts"))) {
      row.contradicts.push_back({one.scalar(), one.place()});
    }
    read_period(yaml.get("effective"), row.from, row.to);
    row.kind = word(yaml.get("kind"), kKinds,
                    row.require ? Kind::checked : Kind::informational);
    read_texts(yaml, row);
    if (row.text.empty()) fail(yaml, "a requirement has a text");
    fail_if(yaml.get(row.require ? "require" : "when"), fact_fault(row));
    fail_if(yaml, task_fault(row));
    if (row.kind == Kind::checked && !row.require) {
      fail(yaml, "a checked requirement has an expression to require");
    }
    if (row.kind != Kind::checked && row.require) {
      fail(yaml.get("kind"),
           "what is required is checked, not " + std::string(code(row.kind)));
    }
    const auto milder = yaml.get("warning");
    auto variant = row;
    pack_.requirements.push_back(std::move(row));
    if (milder.exists()) read_warning(milder, std::move(variant));
  }

  // The milder half of a row: under the same id, but it only warns.
  void read_warning(const Yaml& yaml, Requirement row) {
    row.variant = true;
    row.weight = Weight::warn;
    // What only asks earlier for the same document stays evidence.
    const bool same = !yaml.get("require").exists();
    if (!same) row.gate.reset();
    if (row.gate) row.gate = Weight::warn;
    row.leaves_encounter_only = false;
    row.task.clear();
    row.good.clear();
    row.bad.clear();
    if (yaml.get("when").exists()) row.when = predicate(yaml.get("when"));
    if (!same) row.require = predicate(yaml.get("require"));
    read_texts(yaml, row);
    fail_if(yaml.get(same ? "when" : "require"), fact_fault(row));
    pack_.requirements.push_back(std::move(row));
  }

  static void read_text(const Yaml& yaml, std::string& into) {
    if (yaml.exists()) into = yaml.scalar();
  }

  void read_texts(const Yaml& yaml, Requirement& row) {
    row.missing_is_unmet |= word(yaml.get("missing"), kMissing, false);
    row.leaves_encounter_only |= word(yaml.get("leaves"), kLeaves, false);
    row.actor = word(yaml.get("actor"), kActors, row.actor);
    if (yaml.get("task").exists()) word(yaml.get("task"), kTasks, 0);
    if (yaml.get("seen").exists()) {
      const auto* fact = fact_named(yaml.get("seen").scalar());
      if (fact == nullptr) {
        fail(yaml.get("seen"),
             "unknown fact '" + yaml.get("seen").scalar() + "'" +
                 suggestion(yaml.get("seen").scalar(), fact_names()));
      }
      if (fact != nullptr) row.seen = fact->fact;
    }
    read_text(yaml.get("task"), row.task);
    read_text(yaml.get("path"), row.path);
    read_text(yaml.get("text"), row.text);
    read_text(yaml.get("wanted"), row.wanted);
    read_text(yaml.get("remedy"), row.remedy);
    read_text(yaml.get("source"), row.source);
    row.verified = truth(yaml.get("verified"), row.verified);
    if (model_ != nullptr && yaml.get("path").exists()) {
      fail_if(yaml.get("path"), path_fault(*model_, row.path));
    }
    read_examples(yaml.get("good"), row.good);
    read_examples(yaml.get("bad"), row.bad);
  }

  void read_examples(const Yaml& yaml, Examples& examples) {
    for (const auto& [name, value] : yaml.members()) {
      fail_if(value, example_fault(name.scalar(), value.scalar()));
      examples.emplace_back(name.scalar(), value.scalar());
    }
  }

  // `gate` is set for all evidence of a pack, or for one row as `gate.A27`.
  void apply_gates(const Yaml& yaml) {
    const auto all = pack_.knobs.find("gate");
    for (auto& row : pack_.requirements) {
      if (!row.gate || row.variant) continue;
      if (all != pack_.knobs.end()) {
        row.gate = find(kGates, all->second.text);
      }
      const auto one = overrides_.find("gate." + row.id);
      if (one == overrides_.end()) continue;
      row.gate = find(kGates, one->second);
      if (!row.gate) fail(yaml, "override gate." + row.id + ": WARN or HOLD");
    }
  }

  struct Defined {
    std::shared_ptr<const Predicate> condition;
    std::vector<std::string> knobs;
  };

  const Overrides& overrides_;
  const fhir::TypeModel* model_;
  bool hardening_;  // of knobs, those of work hardening
  Yaml definitions_;
  bool verified_ = true;  // what says nothing of its own
  std::map<std::string, Yaml, std::less<>> places_;  // of the pack's knobs
  std::map<std::string, Defined, std::less<>> defined_;
  std::vector<std::string> open_;   // definitions that are being read
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

Result<PolicyPack> read_pack(const Yaml& yaml, const Overrides& overrides,
                             const fhir::TypeModel* model) {
  auto read = PackReader(overrides, model, false).read(yaml);
  if (!read) return read;
  auto pack = *std::move(read);
  const auto differs = [&overrides](const auto& knob) {
    return knob.second.by_program && !overrides.contains(knob.first);
  };
  if (std::any_of(pack.knobs.begin(), pack.knobs.end(), differs)) {
    auto hardening = PackReader(overrides, model, true).read(yaml);
    if (!hardening) return hardening;
    pack.for_hardening =
        std::make_shared<const PolicyPack>(*std::move(hardening));
  }
  return pack;
}

}  // namespace gateway::program
