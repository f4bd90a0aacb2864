#include "parse/acknowledgment.h"

#include <array>
#include <utility>

#include "parse/hl7v2_text.h"

namespace gateway::parse {
namespace {

// Writes segments with the sender's delimiters.
class SegmentWriter {
 public:
  explicit SegmentWriter(const Hl7v2Delimiters& delimiters)
      : delimiters_(delimiters) {}

  SegmentWriter& begin(std::string_view name) {
    out_ += name;
    return *this;
  }
  SegmentWriter& raw(std::string_view field) {
    out_ += delimiters_.field;
    out_ += field;
    return *this;
  }
  SegmentWriter& text(std::string_view field) {
    return raw(encoded(field, delimiters_));
  }
  SegmentWriter& components(const std::vector<std::string>& parts,
                            char separator) {
    std::string field;
    for (const auto& part : parts) {
      if (&part != &parts.front()) field += separator;
      field += encoded(part, delimiters_);
    }
    while (!field.empty() && field.back() == separator) field.pop_back();
    return raw(field);
  }
  // Trailing separators say nothing.
  void end() {
    while (out_.ends_with(delimiters_.field)) out_.pop_back();
    out_ += '\r';
  }
  void line(std::string_view segment) {
    out_ += segment;
    out_ += '\r';
  }

  [[nodiscard]] const Hl7v2Delimiters& delimiters() const {
    return delimiters_;
  }
  std::string take() { return std::move(out_); }

 private:
  const Hl7v2Delimiters& delimiters_;
  std::string out_;
};

bool is_before(std::string_view version, std::string_view limit) {
  return !version.empty() && version < limit;
}

// YYYYMMDDHHMMSS+0000.
std::string timestamp(Instant at) {
  std::string digits;
  for (const char c : utc_text(at).substr(0, 19)) {
    if (c >= '0' && c <= '9') digits.push_back(c);
  }
  return digits + "+0000";
}

std::string encoding_characters(const Hl7v2Delimiters& delimiters) {
  std::string all{delimiters.component, delimiters.repetition,
                  delimiters.escape, delimiters.subcomponent};
  if (delimiters.truncation != '\0') all.push_back(delimiters.truncation);
  return all;
}

void write_header(SegmentWriter& out, const Hl7v2Header& message,
                  const std::vector<std::string>& type, const AckStamp& stamp) {
  out.begin("MSH")
      .raw(encoding_characters(message.delimiters))
      .raw(message.receiving_application)
      .raw(message.receiving_facility)
      .raw(message.sending_application)
      .raw(message.sending_facility)
      .raw(timestamp(stamp.at))
      .raw("")
      .components(type, message.delimiters.component)
      .text(stamp.control_id)
      .text(message.processing_id.empty() ? "P" : message.processing_id)
      .text(message.version.empty() ? "2.5.1" : message.version);
  for (int field = 13; field <= 17; ++field) out.raw("");
  out.raw(message.character_set).end();
}

void write_msa(SegmentWriter& out, const Hl7v2Header& message,
               const Acknowledgment& answer) {
  out.begin("MSA").raw(code(answer.code));
  // As received, but where its own delimiters could not be read.
  const auto& id = message.control_id;
  if (id.find(message.delimiters.field) == std::string::npos) {
    out.raw(id);
  } else {
    out.text(id);
  }
  if (is_before(message.version, "2.5") && !answer.errors.empty()) {
    constexpr std::size_t kLongestText = 80;  // MSA-3 before 2.5
    out.text(
        std::string_view(answer.errors.front().text).substr(0, kLongestText));
  }
  out.end();
}

std::string number(std::uint32_t value) {
  return value == 0 ? std::string() : std::to_string(value);
}

std::string_view meaning(std::string_view condition) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 14>
      kMeanings{{{"0", "accepted"},
                 {"100", "segment sequence"},
                 {"101", "required field missing"},
                 {"102", "data type"},
                 {"103", "table value not found"},
                 {"104", "value too long"},
                 {"198", "cardinality"},
                 {"200", "unsupported message type"},
                 {"201", "unsupported event"},
                 {"202", "unsupported processing id"},
                 {"203", "unsupported version"},
                 {"204", "unknown key"},
                 {"205", "duplicate key"},
                 {"206", "record locked"}}};
  for (const auto& [known, text] : kMeanings) {
    if (known == condition) return text;
  }
  return condition == "207" ? "internal" : "other";
}

void write_error(SegmentWriter& out, const Hl7v2Error& error) {
  const auto& at = error.location;
  const char component = out.delimiters().component;
  const bool somewhere = !at.segment.empty();
  out.begin("ERR").raw("");
  out.components(
      {at.segment, somewhere ? number(at.sequence) : "", number(at.field),
       number(at.repetition), number(at.component), number(at.subcomponent)},
      component);
  out.components(
      {error.condition, std::string(meaning(error.condition)), "HL70357"},
      component);
  out.raw(std::string(1, error.severity));
  out.components({error.rule, "", error.rule.empty() ? "" : "L"}, component);
  out.raw("").raw("").text(error.text).end();
}

// ELD: segment, its sequence, field, and the code as a CE of subcomponents.
void write_old_errors(SegmentWriter& out,
                      const std::vector<Hl7v2Error>& errors) {
  if (errors.empty()) return;
  const auto& delimiters = out.delimiters();
  std::string all;
  for (const auto& error : errors) {
    if (!all.empty()) all += delimiters.repetition;
    const bool somewhere = !error.location.segment.empty();
    all += error.location.segment;
    all += delimiters.component;
    all += somewhere ? number(error.location.sequence) : "";
    all += delimiters.component;
    all += number(error.location.field);
    all += delimiters.component;
    all += error.condition;
    all += delimiters.subcomponent;
    all += encoded(meaning(error.condition), delimiters);
    all += delimiters.subcomponent;
    all += "HL70357";
  }
  out.begin("ERR").raw(all).end();
}

void write_errors(SegmentWriter& out, const Hl7v2Header& message,
                  const Acknowledgment& answer) {
  if (is_before(message.version, "2.5")) {
    return write_old_errors(out, answer.errors);
  }
  for (const auto& error : answer.errors) write_error(out, error);
}

void write_copies(SegmentWriter& out, const Hl7v2Message& message,
                  std::string_view name) {
  for (const auto& segment : message.segments()) {
    if (message.name(segment) != name) continue;
    out.line(
        std::string_view(message.source())
            .substr(segment.span.begin, segment.span.end - segment.span.begin));
  }
}

void write_referral(SegmentWriter& out, const Hl7v2Message& message,
                    std::string_view status) {
  const auto* segment = message.find("RF1");
  if (segment == nullptr) return;
  std::string_view rest =
      std::string_view(message.source())
          .substr(segment->span.begin, segment->span.end - segment->span.begin);
  const char field = message.delimiters().field;
  const auto first = rest.find(field);
  const auto second =
      first == std::string_view::npos ? first : rest.find(field, first + 1);
  rest = second == std::string_view::npos ? "" : rest.substr(second);
  out.begin("RF1").text(status);
  out.line(rest);
}

// Only NE asks for silence: what is no code of table 0155 is answered.
bool asks(std::string_view condition, bool good) {
  if (condition.empty() || condition == "NE") return false;
  if (condition == "ER") return !good;
  return condition != "SU" || good;
}

}  // namespace

std::string_view code(AckCode code) {
  constexpr std::array<std::string_view, 6> kCodes{"AA", "AE", "AR",
                                                   "CA", "CE", "CR"};
  return kCodes[static_cast<std::size_t>(code)];
}

std::string acknowledgment(const Hl7v2Header& message,
                           const Acknowledgment& answer,
                           const AckStamp& stamp) {
  SegmentWriter out(message.delimiters);
  std::vector<std::string> type{"ACK", message.trigger_event};
  if (!is_before(message.version, "2.3.1")) type.emplace_back("ACK");
  write_header(out, message, type, stamp);
  write_msa(out, message, answer);
  write_errors(out, message, answer);
  return out.take();
}

std::string referral_response(const Hl7v2Message& message,
                              const Acknowledgment& answer,
                              std::string_view status, const AckStamp& stamp) {
  const auto header = header_of(message);
  SegmentWriter out(message.delimiters());
  write_header(out, header, {"RRI", header.trigger_event, "RRI_I12"}, stamp);
  write_msa(out, header, answer);
  write_errors(out, header, answer);
  write_referral(out, message, status);
  for (const auto* name : {"AUT", "PRD", "PID"}) {
    write_copies(out, message, name);
  }
  return out.take();
}

// HL7 v2.5.1, 2.9.2.1: type, version and processing id reject; others err.
Acknowledgment refusal(const std::vector<Hl7v2HeaderDefect>& defects) {
  Acknowledgment answer{.code = AckCode::AE, .errors = {}};
  for (const auto& defect : defects) {
    const bool rejects = defect.condition >= "200" && defect.condition <= "203";
    if (rejects) answer.code = AckCode::AR;
    answer.errors.push_back(
        {.location = {.segment = "MSH", .field = defect.field},
         .condition = defect.condition,
         .severity = 'E',
         .rule = defect.rule,
         .text = defect.text});
  }
  return answer;
}

Acknowledgment refusal(const Error& error) {
  std::string text = error.message;
  if (error.offset) text += " (byte " + std::to_string(*error.offset) + ")";
  const bool large = error.code == ErrorCode::too_large;
  Hl7v2Location location;
  if (text.find("MSH-18") != std::string::npos) {
    location = {.segment = "MSH", .field = 18};
  }
  const char* const condition = large                      ? "104"
                                : location.segment.empty() ? "199"
                                                           : "103";
  return {.code = AckCode::AR,
          .errors = {{.location = location,
                      .condition = condition,
                      .severity = 'F',
                      .rule = large ? "v2/too-large" : "v2/unreadable",
                      .text = std::move(text)}}};
}

bool is_enhanced(const Hl7v2Header& message) {
  return !message.accept_ack.empty() || !message.application_ack.empty();
}

AckDemand demanded(const Hl7v2Header& message, AckCode application_code) {
  if (!is_enhanced(message)) return {.accept = false, .application = true};
  const bool good = application_code == AckCode::AA;
  return {.accept = asks(message.accept_ack, good),
          .application = asks(message.application_ack, good)};
}

AckCode accept_code(AckCode application_code) {
  switch (application_code) {
    case AckCode::AA:
    case AckCode::CA:
      return AckCode::CA;
    case AckCode::AE:
    case AckCode::CE:
      return AckCode::CE;
    case AckCode::AR:
    case AckCode::CR:
      return AckCode::CR;
  }
  return AckCode::CR;
}

}  // namespace gateway::parse
