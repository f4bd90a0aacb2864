// Durable HL7 v2 referrals per second, over MLLP against the real binary: 16
// connections, each REF^I12 of 20 segments parsed, mapped, validated, decided
// and committed before its acknowledgment. Twice: with all parties new, and
// with patient, payer and providers known and unchanged: each message is then
// about a patient of its own, who has one earlier referral. Beside each, in the
// same run, what a bare writer makes of the gateway's own recorded rows.

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "bench/recorded_writes.h"
#include "folders.h"
#include "integration/running_gateway.h"
#include "transport/mllp_client.h"

namespace gateway::bench {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using integration::RunningGateway;

constexpr int kConnections = 16;

// Which of the parties a message is about, and which message it is.
struct Referral {
  int party = 0;
  int number = 0;
};

// Ten digits of which the last is the check digit of an NPI.
std::string npi(int number) {
  auto digits = std::to_string(100'000'000 + number);
  int sum = 24;  // of the prefix 80840
  for (std::size_t i = 0; i < digits.size(); ++i) {
    int digit = digits[digits.size() - 1 - i] - '0';
    if (i % 2 == 0) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return digits + std::to_string((10 - sum % 10) % 10);
}

std::string parties(const std::string& id, int party) {
  return "PRD|RP^Referring provider^HL70286|Poe^Edith^^^Dr^MD|1 Main St^^"
         "Houston^TX^77002||^WPN^PH^^1^713^5550100||" +
         npi(2 * party) +
         "^NPI\r"
         "PRD|RT^Referred to provider^HL70286|Roe^Sam^^^^PT|||||" +
         npi(2 * party + 1) +
         "^NPI\r"
         "PID|1||P-" +
         id +
         "^^^EHR^MR||Doe^Janet^Q^^^^L||19840217|F|||2 Oak St^^Houston^TX^77003"
         "^USA^H||^PRN^PH^^1^713^5550101\r"
         "NK1|1|Doe^John|SPO|2 Oak St^^Houston^TX^77003|^PRN^PH^^1^713^5550102"
         "\r"
         "IN1|1|WC1^Gulf WC|INS" +
         id +
         "^^^GULF^NIIP|Gulf Casualty|PO Box 9^^Houston^TX^77001||"
         "^WPN^PH^^^800^5550102||||Bayou Works|20250101|||WC||||||||||||||||||"
         "|||WC-2026-" +
         id + "\r";
}

std::string message(const Referral& referral) {
  const auto number = std::to_string(referral.number);
  const auto id = std::to_string(referral.party);
  auto text =
      "MSH|^~\\&|EHR|CLINIC|WG|SITE|20260401090000-0500||REF^I12^REF_I12|B" +
      number +
      "|P|2.5.1\r"
      "RF1|A^Accepted^HL70283|R^Routine^HL70280|WC^Work conditioning^L||"
      "O^Outpatient^HL70284|R-" +
      number +
      "^EHR|20260401|20260901|20260401|M54^Back pain^I10\r"
      "AUT|WC|INS" +
      id + "^Gulf Casualty^L|Gulf Casualty|20260405|20260705|A-" + number +
      "^GULF||12|12|20260403\r" + parties(id, referral.party) +
      "IN2|1||||||||||||||||||||||||||||||||||||||||||||||||||||||||||||W7\r"
      "ACC|20260310080000-0600|||TX|Y\r";
  for (int i = 1; i <= 4; ++i) {
    text += "DG1|" + std::to_string(i) +
            "||S39.012A^Strain of lower back^I10|Strain of lower back|20260311|"
            "W\r";
  }
  return text +
         "PR1|1||97545^Work conditioning^C4\r"
         "OBR|1|||WC^Work conditioning^L\r"
         "NTE|1||Lifts up to 50 pounds at work.\r"
         "PV1|1|O|||||1234567893^Poe^Edith\r"
         "NTE|1||Call before the first visit.\r"
         "ZWC|1|x\r";
}

// Each connection sends `each` messages and waits for each answer, each about
// parties of its own. `round`: how many came before about the same parties.
double referrals_per_second(RunningGateway& gateway, int each, int round) {
  std::atomic<int> failed = 0;
  std::vector<std::thread> senders;
  const auto start = Clock::now();
  for (int i = 0; i < kConnections; ++i) {
    senders.emplace_back([&, i] {
      transport::MllpClient client(
          {.target = {.host = "127.0.0.1", .port = gateway.mllp_port()}});
      for (int n = 0; n < each; ++n) {
        const int party = i * each + n;
        const auto answer = client.exchange(
            message({party, round * kConnections * each + party}));
        const bool taken =
            answer && answer->find("MSA|AA|B") != std::string::npos;
        if (!taken && failed++ == 0) {
          std::fprintf(
              stderr, "not taken: %s\n",
              answer ? answer->c_str() : answer.error().message.c_str());
        }
      }
    });
  }
  for (auto& sender : senders) sender.join();
  const std::chrono::duration<double> took = Clock::now() - start;
  if (failed > 0) std::exit(1);
  return each * kConnections / took.count();
}

std::int64_t count(const std::string& database, const std::string& what) {
  BareDatabase opened(database);
  sqlite3_stmt* const row = opened.prepare("SELECT count(*) FROM " + what);
  sqlite3_step(row);
  const auto found = sqlite3_column_int64(row, 0);
  sqlite3_finalize(row);
  return found;
}

void measure(const char* name, int each, int earlier) {
  const fs::path folder =
      fs::path(GATEWAY_BINARY_DIR) / ("mllp_bench." + std::to_string(getpid()));
  fs::create_directories(folder);
  RunningGateway gateway;
  for (int i = 0; i < earlier; ++i) referrals_per_second(gateway, each, i);
  const auto rate = referrals_per_second(gateway, each, earlier);
  gateway.terminate();
  const auto database = gateway.directory() + "/data/workgate.db";
  const auto recorded = recorded_commits(database);
  const double bare =
      BareReplay(database, (folder / "bare").string())
          .rate(recorded, kConnections,
                static_cast<std::size_t>(earlier * each * kConnections));
  const auto commits = static_cast<double>(recorded.commits.size());
  std::printf(
      "%s (%d patients, each with %d earlier referrals): %.0f referrals/s, "
      "bare replay %.0f/s: %.0f %% (goal 50)\n"
      "  a message: %.1f rows, of them %.1f index entries, %.0f bytes; new "
      "versions of what was there: %lld\n",
      name, each * kConnections, earlier, rate, bare, 100 * rate / bare,
      static_cast<double>(recorded.rows) / commits,
      static_cast<double>(recorded.entries) / commits,
      static_cast<double>(recorded.bytes) / commits,
      static_cast<long long>(count(database, "version WHERE version > 1")));
  fs::remove_all(folder);
}

}  // namespace
}  // namespace gateway::bench

int main(int count, char** words) {
  const int each = count > 1 ? std::atoi(words[1]) : 60;
  gateway::bench::measure("all parties new", each, 0);
  gateway::bench::measure("all parties known", each, 1);
}
