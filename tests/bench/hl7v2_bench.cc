// How fast HL7 v2 messages are split, and made into trees, beside a plain copy
// of the same bytes: prints MB/s and ratios. A folder of messages may be named.

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include "parse/hl7v2_tree.h"

namespace {

using Messages = std::vector<std::string>;

Messages sample() {
  std::string text =
      "MSH|^~\\&|EHR|CLINIC|WG|SITE|20260401120000-0500||REF^I12^REF_I12|M1|P|"
      "2.5.1|||AL|AL\r"
      "RF1|A^Accepted^HL70283|R^Routine^HL70280|||O|77^EHR|20260401|20260901\r"
      "AUT|WC|INS1|Acme Insurance|20260401|20260901|A-778^ACME||12|12\r"
      "PRD|RP|Poe^Ed^^^Dr^MD|1 Main St^^Austin^TX^78701||^WPN^PH^^1^512^5550100"
      "||1234567893^NPI\r"
      "PID|1||A1^^^EHR^MR~B2^^^WC^WCN||Doe^Ann^B||19800101|F|||2 Oak St^^Austin"
      "^TX^78702||^PRN^PH^^1^512^5550101\r";
  for (int i = 1; i < 15; ++i) {
    text += "DG1|" + std::to_string(i) +
            "||M54.5^Low back pain^I10|Low back pain \\T\\ strain|20260330|W\r";
  }
  return Messages(200, text);
}

Messages messages_in(const std::filesystem::path& folder) {
  Messages messages;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".hl7") continue;
    std::ifstream in(entry.path(), std::ios::binary);
    messages.emplace_back(std::istreambuf_iterator<char>(in),
                          std::istreambuf_iterator<char>());
  }
  return messages;
}

// MB/s of the best of several runs over all messages.
double rate(const Messages& messages,
            const std::function<std::size_t(const std::string&)>& work) {
  std::size_t bytes = 0;
  for (const auto& message : messages) bytes += message.size();
  double best = 0;
  std::size_t sink = 0;
  for (int run = 0; run < 20; ++run) {
    const auto start = std::chrono::steady_clock::now();
    for (const auto& message : messages) sink += work(message);
    const std::chrono::duration<double, std::micro> took =
        std::chrono::steady_clock::now() - start;
    best = std::max(best, static_cast<double>(bytes) / took.count());
  }
  if (sink == 0) std::puts("nothing was read");
  return best;
}

}  // namespace

int main(int argc, char* argv[]) {
  using gateway::parse::Hl7v2Message;
  const auto messages = argc > 1 ? messages_in(argv[1]) : sample();
  const double copy = rate(messages, [](const std::string& bytes) {
    std::string copied;
    for (const char c : bytes) copied.push_back(c);
    return copied.size();
  });
  const double parse = rate(messages, [](const std::string& bytes) {
    const auto message = Hl7v2Message::parse(bytes);
    return message.ok() ? message->pieces().size() : 0;
  });
  const double tree = rate(messages, [](const std::string& bytes) {
    const auto message = Hl7v2Message::parse(bytes);
    return message.ok() ? gateway::parse::tree_of(*message).node_count() : 0;
  });
  const double write = rate(messages, [](const std::string& bytes) {
    const auto message = Hl7v2Message::parse(bytes);
    return message.ok() ? written(*message).size() : 0;
  });
  std::printf("%zu messages\n", messages.size());
  std::printf("copy byte by byte %8.0f MB/s\n", copy);
  std::printf("parse             %8.0f MB/s  %.2f of the copy\n", parse,
              parse / copy);
  std::printf("parse and tree    %8.0f MB/s  %.2f of the copy\n", tree,
              tree / copy);
  std::printf("parse and write   %8.0f MB/s  %.2f of the copy\n", write,
              write / copy);
  return 0;
}
