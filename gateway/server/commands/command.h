// A command of the binary: its usage, and what it does with its arguments.
// Commands write to stdout what was asked for and to stderr what went wrong.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "fhir/outcome.h"
#include "server/arguments.h"

namespace gateway::server {

struct Command {
  std::string_view name;
  Usage usage;
  int (*run)(const Arguments& arguments);  // an ExitCode
};

// All commands, in the order in which --help lists them.
const std::vector<Command>& commands();

// Writes "workgate NAME: message" to stderr.
int complain(std::string_view command, std::string_view message, int code);

// For whom a command writes: people, or a program that reads one JSON document
// (--json) whatever the outcome.
enum class Form : std::uint8_t { text, json };
Form form_of(const Arguments& arguments);
Form form_of(const std::vector<std::string>& words);

// Complains; a program finds {"error":{"text","exit"},"problems":[]} on stdout
// too.
int fail(Form form, std::string_view command, std::string_view message,
         int code);
// Those members, for commands that have more to say; `problems` is JSON.
void write_failure(JsonWriter& out, std::string_view message, int code,
                   std::string_view problems = "[]");

// Writes a line for each finding to stderr.
void print_findings(const fhir::Outcome& outcome);

Command serve_command();
Command compile_command();
Command validate_command();
Command bill_command();
Command fhirpath_command();
Command tour_command();
Command map_command();
Command v2_command();
Command check_command();
Command guide_command();

}  // namespace gateway::server
