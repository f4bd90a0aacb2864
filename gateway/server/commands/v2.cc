// `workgate v2`: what an HL7 v2 message says, with its bytes.

#include <iostream>

#include "base/file.h"
#include "parse/hl7v2.h"
#include "parse/hl7v2_report.h"
#include "server/commands/command.h"

namespace gateway::server {
namespace {

const Usage& usage() {
  static const Usage kUsageText{
      "workgate v2 FILE... [--write]",
      "Prints each HL7 v2 message as JSON, with groups, names and bytes; exit "
      "1 if one cannot be read.",
      {{"write", "", "write the messages again instead, byte for byte"},
       {"json", "", "accepted; the output is JSON already"}}};
  return kUsageText;
}

int run(const Arguments& arguments) {
  // What is written again is no JSON, so nothing is put between.
  const auto form = arguments.has("write") ? Form::text : form_of(arguments);
  if (arguments.rest().empty()) {
    return fail(form, "v2", "name a file", kUsage);
  }
  int exit_code = kDone;
  for (const auto& file : arguments.rest()) {
    auto text = read_file(file, FileKind::any);
    if (!text) return fail(form, "v2", text.error().message, kBroken);
    const auto message = parse::Hl7v2Message::parse(*std::move(text));
    if (!message.ok()) {
      const auto at = message.error().offset;
      exit_code = fail(form, "v2",
                       file + ": " + message.error().message +
                           (at ? " (byte " + std::to_string(*at) + ")" : ""),
                       kNo);
      continue;
    }
    if (arguments.has("write")) {
      std::cout << parse::written(*message);
    } else {
      std::cout << parse::report(*message) << '\n';
    }
  }
  return exit_code;
}

}  // namespace

Command v2_command() { return {.name = "v2", .usage = usage(), .run = run}; }

}  // namespace gateway::server
