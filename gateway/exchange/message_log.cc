#include "exchange/message_log.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/utf8.h"

namespace gateway::exchange {
namespace {

using fhir::IssueType;
using store::MessageState;

constexpr std::array kStates = {MessageState::accepted, MessageState::held,
                                MessageState::rejected, MessageState::unparsed,
                                MessageState::refused};
constexpr std::size_t kDefaultMessages = 50;
constexpr std::size_t kMostMessages = 500;

Refusal bad_value(std::string_view name, std::string wanted) {
  return refusal(400, {.rule = "rest/bad-value",
                       .type = IssueType::value,
                       .text = "the value of " + printable_name(name) +
                               " is not understood",
                       .wanted = std::move(wanted)});
}

template <typename Number>
bool read_number(std::string_view text, Number& number) {
  const auto [end, failed] =
      std::from_chars(text.data(), text.data() + text.size(), number);
  return failed == std::errc() && end == text.data() + text.size() &&
         number > 0;
}

std::optional<Refusal> apply(const QueryParameter& parameter,
                             store::MessageQuery& query) {
  const auto& name = parameter.name;
  const auto& value = parameter.value;
  if (name == "partner") {
    query.partner = value;
  } else if (name == "control-id") {
    query.control_id = value;
  } else if (name == "key") {
    query.key = value;
  } else if (name == "state") {
    const auto* const state =
        std::find_if(kStates.begin(), kStates.end(),
                     [&](MessageState s) { return store::name(s) == value; });
    if (state == kStates.end()) {
      return bad_value(name, "accepted, held, rejected, unparsed or refused");
    }
    query.state = *state;
  } else if (name == "since") {
    query.since = parse_instant(value);
    if (!query.since) return bad_value(name, "an instant with its offset");
  } else if (name == "until") {
    query.until = parse_instant(value);
    if (!query.until) return bad_value(name, "an instant with its offset");
  } else if (name == "replayed") {
    if (value != "true" && value != "false") {
      return bad_value(name, "true or false");
    }
    query.replayed = value == "true";
  } else if (name == "before") {
    if (!read_number(value, query.before)) return bad_value(name, "an id");
  } else if (name == "_count") {
    if (!read_number(value, query.count)) {
      return bad_value(name, "a whole number from 1 upward");
    }
    query.count = std::min(query.count, kMostMessages);
  } else {
    return refusal(400, {.rule = "rest/unknown-parameter",
                         .type = IssueType::not_supported,
                         .text = "the message log has no parameter " +
                                 printable_name(name),
                         .wanted = "state, partner, control-id, key, since, "
                                   "until, replayed, before or _count"});
  }
  return std::nullopt;
}

// Of those that came of it. Each has its kind from its peer.
void write_later(JsonWriter& out, std::string_view name,
                 std::string_view origin,
                 const std::vector<store::StoredMessage>& later) {
  bool any = false;
  for (const auto& one : later) {
    if (!one.message.peer.starts_with(origin)) continue;
    if (!any) out.key(name).begin_array();
    any = true;
    out.begin_object()
        .key("id")
        .integer(one.sequence)
        .member("receivedAt", utc_text(one.message.received_at))
        .member("state", store::name(one.message.state))
        .member_if("rule", one.message.rule)
        .end_object();
  }
  if (any) out.end_array();
}

void write_summary(JsonWriter& out, const store::StoredMessage& stored,
                   const LaterMessages& all) {
  const auto& message = stored.message;
  out.key("id")
      .integer(stored.sequence)
      .member("receivedAt", utc_text(message.received_at))
      .member("committedAt", utc_text(stored.committed_at))
      .member_if("partner", message.owner)
      .member("channel", message.channel)
      .member_if("peer", message.peer)
      .member_if("request", message.request)
      .member_if("controlId", message.control_id)
      .member("state", store::name(message.state))
      .key("status")
      .integer(message.status)
      .member_if("rule", message.rule)
      .key("bytes")
      .integer(static_cast<long long>(message.content.size()));
  const auto later = all.find(stored.sequence);
  if (later != all.end()) {
    write_later(out, "replayedAs", store::kReplayOf, later->second);
    write_later(out, "releasedAs", store::kReleaseOf, later->second);
  }
  if (message.keys.empty()) return;
  out.key("keys").begin_array();
  for (const auto& key : message.keys) out.string(key);
  out.end_array();
}

// How far the message came, and when. A step that it did not pass says by
// which rule it ended there.
class LaneWriter {
 public:
  LaneWriter(JsonWriter& out, const store::StoredMessage& stored)
      : out_(out), stored_(stored), message_(stored.message) {}

  void write();

 private:
  LaneWriter& step(std::string_view name, std::optional<Instant> at);
  void outcome(bool passed);
  void acknowledged();
  // Of the findings: what they made of the message.
  [[nodiscard]] std::string_view verdict() const;
  // What was refused before it was read has no time of that. What the gateway
  // notes by itself has nothing to read.
  [[nodiscard]] bool was_parsed() const {
    return message_.stages.parsed || message_.state == MessageState::accepted ||
           message_.state == MessageState::held;
  }

  JsonWriter& out_;
  const store::StoredMessage& stored_;
  const store::Message& message_;
};

LaneWriter& LaneWriter::step(std::string_view name, std::optional<Instant> at) {
  out_.begin_object().member("step", name);
  if (at) out_.member("at", utc_text(*at));
  return *this;
}

void LaneWriter::outcome(bool passed) {
  out_.member("outcome", passed ? "passed" : "ended");
  if (!passed) out_.member_if("rule", message_.rule);
  out_.end_object();
}

std::string_view LaneWriter::verdict() const {
  if (message_.state == MessageState::held) return "held";
  if (message_.state != MessageState::accepted) return "ended";
  return message_.rule.empty() ? "passed" : "told";
}

void LaneWriter::write() {
  const auto& stages = message_.stages;
  const bool parsed = was_parsed();
  const bool maps = parsed && message_.channel == "mllp";
  // What was taken may wait there still, for a row of a table; and what no map
  // takes ends there too.
  const bool mapped = !maps || stages.mapped;
  out_.key("lane").begin_array();
  step("bytes", message_.received_at).outcome(true);
  step("parsed", stages.parsed).outcome(parsed);
  if (maps) {
    step("mapped", mapped ? stages.mapped : stages.judged).outcome(mapped);
  }
  if (parsed && (mapped || stages.judged)) {
    step("findings", stages.judged);
    out_.member_if("worst", message_.rule).member("outcome", verdict());
    if (verdict() == "ended") out_.member_if("rule", message_.rule);
    out_.end_object();
  }
  step("committed", stored_.committed_at).outcome(true);
  if (!message_.answer.empty()) acknowledged();
  out_.end_array();
}

// Of an answer to HL7 v2 it is known when it was written, and as long as that
// is not known it did not pass.
void LaneWriter::acknowledged() {
  step("acknowledged", stored_.acknowledged_at);
  if (message_.channel != "mllp" || stored_.acknowledged_at) {
    return outcome(true);
  }
  out_.end_object();
}

// NUL is no text: few who read JSON take it.
bool is_text(std::string_view bytes) {
  return first_invalid_utf8(bytes) == std::string_view::npos &&
         bytes.find('\0') == std::string_view::npos;
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      bits <<= 8U;
      if (at + i < bytes.size()) {
        bits |= static_cast<unsigned char>(bytes[at + i]);
      }
    }
    for (std::size_t i = 0; i < 4; ++i) {
      const bool padding = at + i > bytes.size();
      out += padding ? '=' : kDigits[(bits >> (18U - 6U * i)) & 63U];
    }
  }
  return out;
}

}  // namespace

OrRefusal<store::MessageQuery> parse_message_query(
    const std::vector<QueryParameter>& parameters) {
  store::MessageQuery query;
  query.count = kDefaultMessages;
  for (const auto& parameter : parameters) {
    if (parameter.value.empty()) continue;
    if (auto refused = apply(parameter, query)) return std::move(*refused);
  }
  return query;
}

bool was_taken(const store::StoredMessage& message) {
  return message.message.state == MessageState::accepted ||
         message.message.state == MessageState::held;
}

Result<LaterMessages> later_messages(
    const std::vector<store::StoredMessage>& messages,
    const store::Scope& scope, store::Store& store) {
  LaterMessages all;
  for (const auto& message : messages) {
    if (message.message.state == MessageState::accepted) continue;
    const bool waited = message.message.state == MessageState::held;
    const auto origin =
        std::string(waited ? store::kReleaseOf : store::kReplayOf) +
        std::to_string(message.sequence);
    auto found = store.messages(scope, {.key = origin});
    if (!found) return found.error();
    auto later = *std::move(found);
    std::erase_if(later, [&origin](const store::StoredMessage& one) {
      return one.message.peer != origin;
    });
    if (!later.empty()) all.emplace(message.sequence, std::move(later));
  }
  return all;
}

void write_count(JsonWriter& out, const store::MessageCount& count) {
  out.member_if("partner", count.owner)
      .member("state", store::name(count.state))
      .key("messages")
      .integer(count.messages)
      .key("bytes")
      .integer(count.bytes)
      .member("receivedFrom", utc_text(count.oldest))
      .member("receivedUntil", utc_text(count.newest));
}

Refusal pruned_message(Instant at) {
  return refusal(410, {.rule = "log/pruned",
                       .type = IssueType::not_found,
                       .text = "the message was pruned on " + utc_text(at),
                       .remedy = "what it caused is kept; how long messages "
                                 "are, messageLog in the configuration says"});
}

namespace {

void write_messages(JsonWriter& out, const FoundMessages& found) {
  out.key("messages").begin_array();
  for (const auto& message : found.messages) {
    out.begin_object();
    write_summary(out, message, found.later);
    out.end_object();
  }
  out.end_array();
}

// Where there may be more of them, behind which.
std::optional<store::Sequence> next_page(const FoundMessages& found,
                                         const store::MessageQuery& query) {
  const auto& messages = found.messages;
  if (messages.empty() || messages.size() < query.count) return std::nullopt;
  return messages.back().sequence;
}

void write_pruned(JsonWriter& out, const FoundMessages& found) {
  if (!found.pruned.empty()) out.key("pruned").begin_array();
  for (const auto& pruned : found.pruned) {
    out.begin_object().member("prunedOn", utc_text(pruned.at));
    write_count(out, pruned.count);
    out.end_object();
  }
  if (!found.pruned.empty()) out.end_array();
}

}  // namespace

std::string message_list(const FoundMessages& found,
                         const std::vector<QueryParameter>& parameters,
                         const store::MessageQuery& query) {
  JsonWriter out;
  out.begin_object();
  write_messages(out, found);
  if (const auto before = next_page(found, query)) {
    auto next = parameters;
    std::erase_if(next, [](const auto& p) { return p.name == "before"; });
    next.push_back({"before", std::to_string(*before)});
    out.member("next", "/log/messages?" + query_text(next));
  }
  write_pruned(out, found);
  out.end_object();
  return out.take();
}

std::string search_list(const FoundMessages& found,
                        const store::MessageQuery& query) {
  JsonWriter out;
  out.begin_object();
  write_messages(out, found);
  if (const auto before = next_page(found, query)) {
    out.key("before").integer(*before);
  }
  write_pruned(out, found);
  out.end_object();
  return out.take();
}

std::string message_detail(const store::StoredMessage& stored,
                           const LaterMessages& later) {
  const auto& message = stored.message;
  JsonWriter out;
  out.begin_object();
  write_summary(out, stored, later);
  if (is_text(message.content)) {
    out.member_if("content", message.content);
  } else {
    out.member("contentBase64", base64(message.content));
  }
  if (!message.outcome.empty()) out.key("outcome").raw(message.outcome);
  LaneWriter(out, stored).write();
  if (is_text(message.answer)) {
    out.member_if("answer", message.answer);
  } else {
    out.member("answerBase64", base64(message.answer));
  }
  out.end_object();
  return out.take();
}

}  // namespace gateway::exchange
