#include "exchange/measure_report.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

#include "base/decimal.h"
#include "base/json_writer.h"
#include "exchange/search_parameters.h"

namespace gateway::exchange {
namespace {

using fhir::IssueType;
using store::StoredResource;

constexpr std::string_view kPopulationSystem =
    "http://terminology.hl7.org/CodeSystem/measure-population";
constexpr std::string_view kUcum = "http://unitsofmeasure.org";
constexpr std::string_view kJobMatch = "job-match-percent";
constexpr std::string_view kWorkStatus = "work-status";
constexpr std::string_view kEmployment = "74165-2";  // LOINC, the same
constexpr std::size_t kPage = 500;

Refusal bad_period(std::string_view name, std::string_view seen) {
  const bool missing = seen.empty();
  return refusal(
      400,
      {.rule = missing ? "measure/no-period" : "measure/bad-period",
       .type = missing ? IssueType::required : IssueType::value,
       .text = "the report needs a first and a last day: " + std::string(name) +
               (missing ? " is missing" : " is no date"),
       .wanted = "periodStart and periodEnd as FHIR dates, "
                 "such as 2026-04-01 or 2026-04",
       .remedy = "send both parameters"});
}

// The first and the last day that a FHIR date stands for.
std::optional<MeasurePeriod> days_of(std::string_view text) {
  const auto read = DateTime::parse(text);
  if (!read || read->has_time()) return std::nullopt;
  const auto first = LocalDate::from(read->year, read->month, read->day);
  if (!first) return std::nullopt;
  std::chrono::year_month_day last = first->ymd();
  if (read->precision == DatePrecision::year) {
    last = last.year() / std::chrono::December / 31;
  } else if (read->precision == DatePrecision::month) {
    last = last.year() / last.month() / std::chrono::last;
  }
  return MeasurePeriod{*first, LocalDate(std::chrono::local_days(last))};
}

// When something was: an instant late in the evening is of the site's day.
struct When {
  LocalDate date;
  std::optional<Instant> at;
  auto operator<=>(const When&) const = default;
};
std::optional<When> when_of(Json text, Zone zone) {
  const auto read = DateTime::parse(text.text());
  if (!read) return std::nullopt;
  if (read->has_time()) {
    const auto at = read->instant();
    if (at) return When{zone.date(*at), *at};
  }
  const auto date = read->date();
  return date ? std::optional(When{*date, std::nullopt}) : std::nullopt;
}

std::optional<LocalDate> date_of(Json text, Zone zone) {
  const auto when = when_of(text, zone);
  return when ? std::optional(when->date) : std::nullopt;
}

// What was measured, and is not taken back.
bool stands(Json observation) {
  constexpr std::array<std::string_view, 4> kStanding = {
      "final", "amended", "corrected", "preliminary"};
  const auto status = observation.get("status").text();
  return std::find(kStanding.begin(), kStanding.end(), status) !=
         kStanding.end();
}

// A code, display or text of a concept is one of some words.
template <std::size_t N>
bool says_any(Json codeable, const std::array<std::string_view, N>& words) {
  const auto is_one = [&](std::string_view text) {
    std::string plain(text);
    for (auto& c : plain) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
      if (c == '-' || c == '_') c = ' ';
    }
    return std::find(words.begin(), words.end(), plain) != words.end();
  };
  bool found = is_one(codeable.get("text").text());
  for (const Json coding : codeable.get("coding")) {
    found |= is_one(coding.get("code").text());
    found |= is_one(coding.get("display").text());
  }
  return found;
}

// Whether a work status says full duty or less; to be employed says neither.
std::optional<bool> full_duty(Json value) {
  if (says_any(value, std::array<std::string_view, 1>{"full duty"})) {
    return true;
  }
  constexpr std::array<std::string_view, 8> kLess = {
      "modified duty", "light duty", "restricted duty", "not working",
      "off work",      "unemployed", "not employed",    "la17956 6"};
  if (says_any(value, kLess)) return false;
  return std::nullopt;
}

bool has_code(Json codeable, std::string_view code) {
  for (const Json coding : codeable.get("coding")) {
    if (coding.get("code").text() == code) return true;
  }
  return false;
}

struct Count {
  std::string_view population;
  std::int64_t count = 0;
};

// What one report is made of.
struct Score {
  std::vector<Count> counts;
  std::optional<Decimal> percent;  // nothing where nobody was counted
};

class Measurement {
 public:
  Measurement(const MeasurePeriod& period, const Caller& caller,
              store::Store& store, const Site& site)
      : period_(period), caller_(caller), store_(store), site_(site) {}

  Result<Score> return_to_work();
  Result<Score> job_match();

 private:
  struct Seen {
    When when;
    std::string key;  // breaks ties, so that a report is always the same
    auto operator<=>(const Seen&) const = default;
  };
  // All that is known of the end of one referral's episode.
  struct Ended {
    std::string patient;
    std::string referral;
    std::string reason;
    std::optional<LocalDate> start;
    std::optional<LocalDate> end;    // as an episode says
    std::optional<LocalDate> heard;  // when we heard of it first
    bool of_program = false;
  };
  using Work = std::map<Seen, bool>;  // at full duty, by date

  // Calls `take` for each resource of the type that the caller may see.
  template <typename Take>
  Status each(std::string_view type, std::vector<store::SearchTerm> terms,
              const Take& take);
  Result<std::map<std::string, Ended>> ended();
  Result<bool> orders_program(const std::string& referral) const;
  [[nodiscard]] bool returned(const Ended& episode, const Work& work) const;
  void take_ended(const StoredResource& stored, Json episode,
                  std::map<std::string, Ended>& found) const;
  Status read_work();
  [[nodiscard]] bool within(LocalDate date) const {
    return period_.start <= date && date <= period_.end;
  }

  const MeasurePeriod& period_;
  const Caller& caller_;
  store::Store& store_;
  const Site& site_;
  // What was said of each patient's duty, up to the end of the period.
  std::map<std::string, Work> work_;
};

template <typename Take>
Status Measurement::each(std::string_view type,
                         std::vector<store::SearchTerm> terms,
                         const Take& take) {
  store::SearchQuery query;
  query.type = type;
  query.terms = std::move(terms);
  query.count = kPage;
  bool more = true;
  while (more) {
    const auto page = store_.search(scope_of(caller_), query);
    if (!page) return page.error();
    for (const auto& stored : page->resources) {
      const auto seen = may_see(caller_, stored, store_, site_);
      if (!seen) return seen.error();
      const auto document = JsonDocument::parse(stored.body);
      if (*seen && document) take(stored, document->root());
    }
    query.after = page->last;
    query.after_ordinal = page->last_ordinal;
    if (!query.upto) query.upto = page->snapshot;
    more = page->more;
  }
  return Done{};
}

std::string discharge_reason(Json episode, const Site& site) {
  const auto url = site.canonical + "/StructureDefinition/discharge-reason";
  for (const Json one : episode.get("extension")) {
    if (one.get("url").text() != url) continue;
    const auto code = one.get("valueCode").text();
    if (!code.empty()) return std::string(code);
    return std::string(one.find("valueCodeableConcept.coding.code").text());
  }
  return {};
}

bool names_program(Json codeable, const Site& site) {
  const auto system = site.canonical + "/CodeSystem/program";
  for (const Json coding : codeable.get("coding")) {
    if (coding.get("system").text() == system) return true;
  }
  return false;
}

// An EHR may send an episode of its own beside ours: a referral counts once,
// with what either says of its end.
void Measurement::take_ended(const StoredResource& stored, Json episode,
                             std::map<std::string, Ended>& found) const {
  auto referral = reference_key(
      episode.get("referralRequest").first().get("reference").text(), site_);
  if (referral.empty()) return;  // of other therapy
  auto& known = found[stored.owner + " " + referral];
  known.patient = stored.case_key;
  known.referral = std::move(referral);
  const auto heard = period_.zone.date(stored.last_updated);
  known.heard = std::min(known.heard.value_or(heard), heard);
  if (known.reason.empty()) known.reason = discharge_reason(episode, site_);
  if (!known.start)
    known.start = date_of(episode.find("period.start"), period_.zone);
  if (!known.end) known.end = date_of(episode.find("period.end"), period_.zone);
  for (const Json type : episode.get("type")) {
    known.of_program |= names_program(type, site_);
  }
}

// Where no episode says so, the order does.
Result<bool> Measurement::orders_program(const std::string& referral) const {
  const auto slash = referral.find('/');
  if (slash == std::string::npos) return false;
  const auto order = store_.read(
      scope_of(caller_),
      {referral.substr(0, slash), referral.substr(slash + 1)}, std::nullopt);
  if (!order) return order.error();
  if (!*order) return false;
  const auto document = JsonDocument::parse((*order)->body);
  return document && names_program(document->root().get("code"), site_);
}

Result<std::map<std::string, Measurement::Ended>> Measurement::ended() {
  std::map<std::string, Ended> found;
  const auto done = each("EpisodeOfCare", {{"status", {"finished"}}},
                         [&](const StoredResource& stored, Json episode) {
                           take_ended(stored, episode, found);
                         });
  if (!done) return done.error();
  for (auto entry = found.begin(); entry != found.end();) {
    const auto& episode = entry->second;
    bool counts = within(episode.end.value_or(*episode.heard));
    if (counts && !episode.of_program) {
      const auto ordered = orders_program(episode.referral);
      if (!ordered) return ordered.error();
      counts = *ordered;
    }
    entry = counts ? std::next(entry) : found.erase(entry);
  }
  return found;
}

Status Measurement::read_work() {
  return each("Observation", {}, [&](const StoredResource& stored, Json item) {
    const auto when = when_of(item.get("effectiveDateTime"), period_.zone);
    const auto code = item.get("code");
    const bool tells =
        has_code(code, kWorkStatus) || has_code(code, kEmployment);
    if (!when || when->date > period_.end || !tells || !stands(item)) return;
    const auto full = full_duty(item.get("valueCodeableConcept"));
    if (!full) return;
    work_[stored.owner + " " + stored.case_key].insert_or_assign(
        {*when, stored.id.id}, *full);
  });
}

// What is known since the discharge counts most, then why it was; before it,
// only that somebody was at full duty already.
bool Measurement::returned(const Ended& episode, const Work& work) const {
  std::optional<bool> before;
  std::optional<bool> since;
  const auto end = episode.end.value_or(*episode.heard);
  for (const auto& [seen, full] : work) {
    if (episode.start && seen.when.date < *episode.start) continue;
    (seen.when.date < end ? before : since) = full;
  }
  if (since) return *since;
  return episode.reason == "return-to-work" || before == true;
}

Result<Score> Measurement::return_to_work() {
  const auto found = ended();
  if (!found) return found.error();
  if (auto status = read_work(); !status) return status.error();
  std::int64_t excluded = 0;
  std::int64_t numerator = 0;
  for (const auto& [key, episode] : *found) {
    if (episode.reason == "medical-change" ||
        episode.reason == "non-compliance") {
      ++excluded;
      continue;
    }
    const auto owner = key.substr(0, key.find(' '));
    if (returned(episode, work_[owner + " " + episode.patient])) ++numerator;
  }
  const auto all = static_cast<std::int64_t>(found->size());
  Score score;
  score.counts = {{"initial-population", all},
                  {"denominator", all},
                  {"denominator-exclusion", excluded},
                  {"numerator", numerator}};
  score.percent =
      Decimal(numerator * 100).divided_by(Decimal(all - excluded), 1);
  return score;
}

Result<Score> Measurement::job_match() {
  std::map<std::string, std::pair<Seen, Decimal>> last;
  std::int64_t all = 0;
  const auto done =
      each("Observation", {}, [&](const StoredResource& stored, Json item) {
        const auto when = when_of(item.get("effectiveDateTime"), period_.zone);
        const auto value =
            Decimal::parse(item.find("valueQuantity.value").raw());
        if (!when || !value || !within(when->date) ||
            !has_code(item.get("code"), kJobMatch) || !stands(item)) {
          return;
        }
        ++all;
        // No job has more demands than all.
        if (value->is_negative() || Decimal(100) < *value) return;
        const Seen seen{*when, stored.id.id};
        const auto [known, fresh] = last.try_emplace(
            stored.owner + " " + stored.case_key, seen, *value);
        if (!fresh && known->second.first < seen) {
          known->second = {seen, *value};
        }
      });
  if (!done) return done.error();
  std::optional<Decimal> sum = Decimal(0);
  for (const auto& [patient, one] : last) {
    if (sum) sum = sum->plus(one.second);
  }
  const auto patients = static_cast<std::int64_t>(last.size());
  Score score;
  score.counts = {{"initial-population", all},
                  {"measure-population", patients}};
  if (sum) score.percent = sum->divided_by(Decimal(patients), 1);
  return score;
}

void write_group(JsonWriter& out, const Score& score) {
  out.key("group").begin_array().begin_object().key("population").begin_array();
  for (const auto& one : score.counts) {
    out.begin_object()
        .key("code")
        .begin_object()
        .key("coding")
        .begin_array()
        .begin_object()
        .member("system", kPopulationSystem)
        .member("code", one.population)
        .end_object()
        .end_array()
        .end_object()
        .key("count")
        .integer(one.count)
        .end_object();
  }
  out.end_array();
  if (score.percent) {
    out.key("measureScore")
        .begin_object()
        .key("value")
        .raw(score.percent->normalized().text())
        .member("unit", "%")
        .member("system", kUcum)
        .member("code", "%")
        .end_object();
  }
  out.end_object().end_array();
}

}  // namespace

OrRefusal<MeasurePeriod> measure_period(
    const std::vector<QueryParameter>& query, Zone zone) {
  const auto start = value_of(query, "periodStart");
  const auto end = value_of(query, "periodEnd");
  const auto first = days_of(start);
  if (!first) return bad_period("periodStart", start);
  const auto last = days_of(end);
  if (!last) return bad_period("periodEnd", end);
  if (last->end < first->start) {
    return refusal(400, {.rule = "measure/bad-period",
                         .type = IssueType::value,
                         .text = "the period ends before it begins",
                         .seen = std::string(start) + " to " + std::string(end),
                         .wanted = "periodEnd at or after periodStart"});
  }
  return MeasurePeriod{first->start, last->end, zone};
}

OrRefusal<std::string> measure_report(const MeasureDefinition& measure,
                                      const MeasurePeriod& period,
                                      const Caller& caller, store::Store& store,
                                      const Site& site) {
  Measurement measurement(period, caller, store, site);
  const auto score = measure.id == "job-match" ? measurement.job_match()
                                               : measurement.return_to_work();
  if (!score) return refusal_of(score.error());
  JsonWriter out;
  out.begin_object()
      .member("resourceType", "MeasureReport")
      .member("status", "complete")
      .member("type", "summary")
      .member("measure", measure_url(measure, site))
      .key("period")
      .begin_object()
      .member("start", period.start.text())
      .member("end", period.end.text())
      .end_object();
  write_group(out, *score);
  out.end_object();
  return out.take();
}

}  // namespace gateway::exchange
