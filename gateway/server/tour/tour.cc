#include "server/tour/tour.h"

#include <filesystem>
#include <fstream>
#include <iomanip>
#include <iterator>
#include <map>
#include <ostream>
#include <set>
#include <sstream>
#include <vector>

#include "base/decimal.h"
#include "server/tour/partner.h"

namespace gateway::server {
namespace {

namespace fs = std::filesystem;

struct Day {
  std::string date, minutes, amount, claim, warnings;
  std::map<std::string, std::string> units;  // by code
};

struct Balance {
  std::string number, granted, used, remaining;
};

Error failed(const std::string& step, const std::string& why) {
  return {ErrorCode::fault, step + ": " + why};
}

Result<std::string> read_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return failed("reading the sample data", file.string());
  return std::string(std::istreambuf_iterator<char>(in), {});
}

// Dollars with a comma between thousands.
std::string dollars(std::string_view amount) {
  std::string text(amount);
  const auto point = std::min(text.find('.'), text.size());
  for (std::size_t i = point; i > 3; i -= 3) text.insert(i - 3, ",");
  text.insert(text.begin(), '$');
  return text;
}

class Tour {
 public:
  Tour(const TourOptions& options, std::ostream& out)
      : folder_(options.folder),
        ehr_("demo-ehr", options.gateway),
        clearinghouse_("demo-clearinghouse", options.gateway),
        out_(out) {}

  Status take() {
    auto status = send_referral();
    if (status) status = send_sessions();
    if (status) status = show_checklist();
    if (status) status = pull_claims();
    if (status) print_table();
    if (status) status = compare();
    return status;
  }

 private:
  Status send_referral();
  Status send_sessions();
  Status show_checklist();
  Status pull_claims();
  Status explain(Json claim);
  void print_table();
  Status compare();

  fs::path folder_;
  Partner ehr_;
  Partner clearinghouse_;
  std::ostream& out_;
  std::string referral_;
  std::map<std::string, Day> days_;
  Balance balance_;
  Decimal total_;
};

Status Tour::send_referral() {
  auto bundle = read_file(folder_ / "referral.json");
  if (!bundle) return bundle.error();
  const auto answer = ehr_.post("/fhir", *std::move(bundle));
  if (!answer)
    return failed("the EHR sends the referral", answer.error().message);
  for (const Json entry : answer->root().get("entry")) {
    const auto location = std::string(entry.find("response.location").text());
    const auto at = location.find("ServiceRequest/");
    if (at == std::string::npos) continue;
    referral_ = location.substr(at, location.find("/_history") - at);
  }
  if (referral_.empty()) {
    return failed("the EHR sends the referral", "no ServiceRequest came back");
  }
  out_ << "The EHR sent a referral with coverage and authorization: "
       << referral_ << "\n";
  return Done{};
}

Status Tour::send_sessions() {
  std::set<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder_)) {
    const auto name = entry.path().filename().string();
    if (name.substr(0, 8) == "session-") files.insert(entry.path());
  }
  for (const auto& file : files) {
    auto body = read_file(file);
    if (!body) return body.error();
    const auto answer = ehr_.post("/fhir", *std::move(body));
    if (!answer) {
      return failed("the EHR sends " + file.filename().string(),
                    answer.error().message);
    }
  }
  out_ << "The EHR sent " << files.size() << " attended sessions\n\n";
  return Done{};
}

Status Tour::show_checklist() {
  const auto answer = ehr_.get("/fhir/" + referral_ + "/$checklist");
  if (!answer) return failed("the checklist", answer.error().message);
  out_ << "Requirements of the referral\n";
  Json one;
  while ((one = next_parameter(answer->root(), "requirement", one)).exists()) {
    const auto status = part(one, "status");
    out_ << "  " << std::left << std::setw(8) << status << std::setw(34)
         << part(one, "id") << part(one, "text") << "\n";
  }
  out_ << "\n";
  return Done{};
}

Status Tour::pull_claims() {
  const auto found =
      clearinghouse_.get("/fhir/Claim?status=active&use=claim&_count=50");
  if (!found) return failed("the clearinghouse pulls", found.error().message);
  for (const Json entry : found->root().get("entry")) {
    const Json claim = entry.get("resource");
    if (claim.get("resourceType").text() != "Claim") continue;
    if (const auto status = explain(claim); !status) return status;
  }
  if (days_.empty()) {
    return failed("the clearinghouse pulls", "there are no active claims");
  }
  return Done{};
}

Status Tour::explain(Json claim) {
  const auto id = std::string(claim.get("id").text());
  Day day{.date = std::string(claim.find("item.servicedDate").text()),
          .amount = std::string(claim.find("total.value").text()),
          .claim = "Claim/" + id};
  for (const Json item : claim.get("item")) {
    day.units[std::string(item.find("productOrService.coding.code").text())] =
        item.find("quantity.value").text();
  }
  const auto answer = ehr_.get("/fhir/Claim/" + id + "/$explain");
  if (!answer) return failed("the explanation", answer.error().message);
  const Json line = next_parameter(answer->root(), "line");
  day.minutes = part(line, "minutes");
  Json finding;
  while (
      (finding = next_parameter(answer->root(), "finding", finding)).exists()) {
    const auto rule = part(finding, "rule");
    if (!day.warnings.empty()) day.warnings += ", ";
    day.warnings += rule.substr(rule.rfind('/') + 1);
  }
  const Json grant = next_parameter(answer->root(), "authorization");
  balance_ = {.number = std::string(part(grant, "number")),
              .granted = std::string(part(grant, "granted")),
              .used = std::string(part(grant, "used")),
              .remaining = std::string(part(grant, "remaining"))};
  const auto amount = Decimal::parse(day.amount).value_or(Decimal());
  total_ = total_.plus(amount).value_or(total_);
  days_[day.date] = std::move(day);
  return Done{};
}

void Tour::print_table() {
  out_ << "Claims that the clearinghouse pulled\n"
       << "  date        minutes  97545  97546     amount  warnings\n";
  for (const auto& [date, day] : days_) {
    const auto units = [&day](const char* code) {
      const auto found = day.units.find(code);
      return found == day.units.end() ? std::string("0") : found->second;
    };
    out_ << "  " << date << std::right << std::setw(9) << day.minutes
         << std::setw(7) << units("97545") << std::setw(7) << units("97546")
         << std::setw(11) << dollars(day.amount) << "  " << day.warnings
         << "\n";
  }
  out_ << "  total" << std::right << std::setw(39) << dollars(total_.text())
       << "\n"
       << "  authorization " << balance_.number << ": visits " << balance_.used
       << " of " << balance_.granted << "\n";
}

// Holds the figures against those that lie beside the sample data.
Status Tour::compare() {
  const auto text = read_file(folder_ / "expected.json");
  if (!text) return text.error();
  const auto expected = parse_shared(*text);
  if (!expected) return expected.error();
  const Json root = (*expected)->root();
  const auto differs = [](const std::string& what, std::string_view wanted) {
    return failed("the figures", what + " is not " + std::string(wanted));
  };
  if (total_.text() != root.get("total").text()) {
    return differs("the total", root.get("total").text());
  }
  if (balance_.used != root.find("visits.used").text() ||
      balance_.granted != root.find("visits.granted").text()) {
    return differs("the balance of visits", "the expected one");
  }
  for (const Json wanted : root.get("days")) {
    const auto date = std::string(wanted.get("date").text());
    const auto& day = days_[date];
    for (const auto* code : {"97545", "97546"}) {
      const auto found = day.units.find(code);
      const auto units =
          found == day.units.end() ? std::string("0") : found->second;
      if (units != wanted.get(code).text()) {
        return differs("the quantity of " + std::string(code) + " on " + date,
                       wanted.get(code).text());
      }
    }
    if (day.minutes != wanted.get("minutes").text() ||
        day.amount != wanted.get("amount").text()) {
      return differs("a figure of " + date, "the expected one");
    }
  }
  return Done{};
}

}  // namespace

Status take_tour(const TourOptions& options, std::ostream& out) {
  return Tour(options, out).take();
}

}  // namespace gateway::server
