#include "program/guide.h"

#include <algorithm>
#include <array>
#include <set>

namespace gateway::program {
namespace {

// What several messages of one kind are, with the first of them.
std::string series(std::string_view name, const std::string& count) {
  if (name == "absences") {
    return count +
           " times `Appointment` with `{\"status\": \"noshow\", \"basedOn\": "
           "[{\"reference\": \"ServiceRequest/r1\"}]}` and no "
           "`cancelationReason` that excuses it, on different days";
  }
  const std::string days = name == "week" ? " days of one week, a Saturday with"
                                            " them where there are six"
                                          : " working days, one after another";
  return "`Procedure`, as that of the case, on " + count + days +
         ", each with its own `identifier`, activity sheet and daily note";
}

// An example in words that a partner can act on: which resource to send, with
// which members.
std::string example(const std::string& name, const std::string& text) {
  if (name == "set") {
    return "by the site, not by a partner: the setting `" + text + "`";
  }
  if (name == "program") return "in a case of the program `" + text + "`";
  if (name == "repeat" || name == "week" || name == "absences") {
    return series(name, text);
  }
  if (name == "without") return "all but `" + text + "`";
  if (name.starts_with("add") || name == "extension") {
    return "also `" + text + "`";
  }
  return "`" + name + "` with `" + text + "`";
}

void write_example(std::string& out, std::string_view label,
                   const std::vector<std::pair<std::string, std::string>>& of) {
  for (const auto& [name, text] : of) {
    out += "  - " + std::string(label) + ": " + example(name, text) + "\n";
  }
}

void write_row(std::string& out, const Requirement& row) {
  out += "### " + row.id + (row.variant ? " (warning)" : "") + "\n";
  out += row.text + ".\n\n";
  out += "- severity: " + std::string(code(row.weight));
  if (row.gate) {
    out += ", at this site " + std::string(code(row.effective_weight()));
  }
  out += "; " + std::string(code(row.kind)) + "\n";
  if (!row.path.empty()) out += "- where: `" + row.path + "`\n";
  if (!row.wanted.empty()) out += "- wanted: " + row.wanted + "\n";
  if (!row.remedy.empty()) out += "- what to do: " + row.remedy + "\n";
  if (row.work_conditioning != row.work_hardening) {
    out += std::string("- only for ") +
           (row.work_hardening ? "work hardening" : "work conditioning") + "\n";
  }
  if (!row.source.empty()) out += "- source: " + row.source + "\n";
  if (!row.verified) out += "- not verified by its source\n";
  write_example(out, "good", row.good);
  write_example(out, "bad", row.bad);
  out += "\n";
}

std::string value_text(const Knob& knob) {
  std::string value = knob.text;
  for (const auto& item : knob.list) value += item + " ";
  for (const auto& [key, item] : knob.table) value += key + ": " + item + " ";
  return value;
}

void write_knobs(std::string& out, const PolicyPack& pack) {
  out += "| setting | value | source | verified |\n|---|---|---|---|\n";
  for (const auto& [name, knob] : pack.knobs) {
    auto value = value_text(knob);
    if (pack.for_hardening != nullptr && knob.by_program) {
      value += "; work hardening " +
               value_text(pack.for_hardening->knobs.find(name)->second);
    }
    out += "| " + name + " | " + value + " | " + knob.source + " | " +
           (knob.verified ? "yes" : "no") + " |\n";
  }
  out += "\n";
}

std::string_view word(FactType type) {
  switch (type) {
    case FactType::truth:
      return "truth";
    case FactType::number:
      return "number";
    case FactType::text:
      return "text";
    case FactType::date:
      return "date";
  }
  return "";
}

std::string range(const KnobEntry& knob) {
  switch (knob.kind) {
    case KnobKind::number:
      return std::to_string(knob.least) + " to " + std::to_string(knob.most);
    case KnobKind::truth:
      return "true, false";
    case KnobKind::choice:
      return std::string(knob.choices);
    case KnobKind::text:
      return "text";
    case KnobKind::list:
      return "list";
    case KnobKind::table:
      return "table";
  }
  return "";
}

void write_attesting(std::string& out, const Programs& programs) {
  const auto system = programs.site().canonical_base + "/CodeSystem/rule";
  out +=
      "## What a person attests\n\n"
      "Requirements of the kind `attested` are met by a person's word. Any of "
      "these counts, with a coding of the system `" +
      system +
      "` whose code is the requirement's id: an Observation (its `code`), a "
      "Communication (`reasonCode` or `topic`), a DocumentReference "
      "(`category`), or a QuestionnaireResponse with an item whose `linkId` is "
      "the id and whose answer is a `valueBoolean`. The last word counts; "
      "`valueBoolean` false says that it is not so. Until then `$checklist` "
      "calls the requirement unknown.\n\n"
      "- good: `Observation` with `{\"status\": \"final\", \"code\": "
      "{\"coding\": [{\"system\": \"" +
      system +
      "\", \"code\": \"clinic-work-conditioning/A21\"}]}, "
      "\"valueBoolean\": true}`\n\n";
}

}  // namespace

std::string reference_markdown() {
  std::string out =
      "## Facts\n\n| fact | type | about | meaning | read from |\n"
      "|---|---|---|---|---|\n";
  for (const auto& fact : fact_table()) {
    out += "| `" + std::string(fact.name) + "` | " +
           std::string(word(fact.type)) + " | " +
           std::string(name(fact.subject)) + " | " + std::string(fact.meaning) +
           " | " + std::string(fact.read_from) + " |\n";
  }
  out += "\n## Knobs\n\n| knob | may be | effect |\n|---|---|---|\n";
  for (const auto& knob : knob_table()) {
    out += "| `" + std::string(knob.name) + "` | " + range(knob) + " | " +
           std::string(knob.effect) + " |\n";
  }
  return out;
}

std::string guide_markdown(const Programs& programs) {
  std::string out = "# What to send\n\n";
  out +=
      "A referral, its coverage, the authorization and each session are judged "
      "by the packs below. What is not met is held, with one Task that says "
      "why; it is released by itself when the cause is gone. The examples are "
      "changes to a complete case, `config/demo/complete-case.json`: the "
      "members that differ, `null` for one that is left out.\n\n"
      "## Sessions, parts of a day and breaks\n\n"
      "A session is a `Procedure` with `performedPeriod`, both times with "
      "their "
      "offset. Parts of a day are Procedures of their own; the minutes between "
      "them do not count. A break within one part is sent by an `Encounter` "
      "that stands for the session: `statusHistory` with `status` `onleave` "
      "and "
      "the `period` of the break, which is taken off.\n\n"
      "- good: `Encounter` with `{\"status\": \"finished\", \"period\": "
      "{\"start\": \"2026-04-14T08:00:00-05:00\", \"end\": "
      "\"2026-04-14T13:15:00-05:00\"}, \"statusHistory\": [{\"status\": "
      "\"onleave\", \"period\": {\"start\": \"2026-04-14T10:20:00-05:00\", "
      "\"end\": \"2026-04-14T11:05:00-05:00\"}}]}`: 270 minutes\n\n";
  write_attesting(out, programs);
  for (const auto& pack : programs.packs()) {
    out +=
        "## " + pack->title + " (" + pack->id + " " + pack->version + ")\n\n";
    if (pack->from) out += "In force from " + pack->from->text() + ". ";
    if (pack->stale_from) {
      out +=
          "Past its own review date since " + pack->stale_from->text() + ". ";
    }
    out += "\n\n";
    write_knobs(out, *pack);
    for (const auto& row : pack->requirements) write_row(out, row);
  }
  return out;
}

std::string test_of(std::string_view pack, std::string_view row) {
  // What is measured of all cases is no matter of one.
  if (row == "T7") {
    return "MeasureReportTest.CountsWhoCompletedAndReturnedToFullDuty";
  }
  if (row == "T8")
    return "MeasureReportTest.JobMatchIsTheMeanOfEachPatientsLast";
  std::string name = "Rows/RowTest.FailsItsOwnRule/" + std::string(pack) + "_" +
                     std::string(row);
  std::replace(name.begin() + 29, name.end(), '-', '_');
  return name;
}

std::vector<MatrixRow> matrix(const Programs& programs) {
  std::vector<MatrixRow> rows;
  for (const auto& pack : programs.packs()) {
    for (const auto& row : pack->requirements) {
      if (row.variant) continue;
      rows.push_back({row.id, pack->id, row.effective_weight(), row.kind,
                      test_of(pack->id, row.id)});
    }
  }
  return rows;
}

std::string matrix_text(const Programs& programs) {
  std::string out;
  const auto pad = [](std::string text, std::size_t width) {
    text.resize(std::max(width, text.size() + 1), ' ');
    return text;
  };
  for (const auto& row : matrix(programs)) {
    out += pad(row.row, 5) + pad(row.pack, 27) +
           pad(std::string(code(row.weight)), 7) +
           pad(std::string(code(row.kind)), 14) + row.test + "\n";
  }
  for (const auto& row : missing_rows(programs)) {
    out += pad(row, 5) + "MISSING\n";
  }
  return out;
}

std::vector<std::string> missing_rows(const Programs& programs) {
  struct Series {
    char letter;
    int last;
  };
  constexpr std::array<Series, 4> kSeries{
      {{'A', 40}, {'O', 36}, {'C', 16}, {'T', 12}}};
  std::set<std::string> known;
  for (const auto& row : matrix(programs)) known.insert(row.row);
  std::vector<std::string> missing;
  for (const auto& series : kSeries) {
    for (int number = 1; number <= series.last; ++number) {
      auto row = series.letter + std::to_string(number);
      if (!known.contains(row)) missing.push_back(std::move(row));
    }
  }
  return missing;
}

}  // namespace gateway::program
