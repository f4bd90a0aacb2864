#include "store/write_set.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "base/decimal.h"
#include "store/packed.h"
#include "store/position.h"
#include "store/search_index.h"

namespace gateway::store {
namespace {

// Appends the text and leaves nothing where it was.
Extent move_into(std::string& bytes, std::string& text) {
  const Extent extent{static_cast<std::int64_t>(bytes.size()),
                      static_cast<std::int64_t>(text.size())};
  bytes.append(text);
  text.clear();
  text.shrink_to_fit();
  return extent;
}

std::size_t packed_size(const Commit& commit) {
  std::size_t size = commit.message.content.size() +
                     commit.message.outcome.size() +
                     commit.message.answer.size();
  for (const auto& resource : commit.resources) size += resource.body.size();
  return size;
}

// Looks words up, and remembers those that have no number.
class Numbering {
 public:
  Numbering(const Words& words, std::vector<std::string>& missing)
      : words_(words), missing_(missing) {}

  WordId operator()(std::string_view text) {
    const auto id = words_.find(text);
    if (!id) missing_.emplace_back(text);
    return id.value_or(0);
  }

 private:
  const Words& words_;
  std::vector<std::string>& missing_;
};

void sort_unique(std::vector<PreparedEntry>& entries) {
  std::sort(entries.begin(), entries.end());
  entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
}

std::string pack_entries(const std::vector<PreparedEntry>& entries) {
  std::string packed;
  for (const auto& entry : entries) {
    pack(packed, static_cast<std::uint64_t>(entry.param));
    pack(packed, entry.value);
  }
  return packed;
}

void number_resource(const ResourceWrite& write, PreparedResource& row,
                     Numbering& number) {
  const auto& type = write.id.type;
  row.type = number(type);
  row.owner = number(write.owner);
  row.entries.clear();
  row.entries.push_back({"", number(param_word(type, kAllParam))});
  if (!write.case_key.empty()) {
    row.entries.push_back({stored_value(write.case_key), number(kCaseParam)});
  }
  for (const auto& entry : write.index) {
    row.entries.push_back(
        {stored_value(entry.value), number(param_word(type, entry.param))});
  }
  sort_unique(row.entries);
  row.packed_entries = pack_entries(row.entries);
}

void number_message(const Message& message, PreparedMessage& row,
                    Numbering& number) {
  row.owner = number(message.owner);
  row.channel = number(message.channel);
  row.entries.clear();
  row.packed_keys.clear();
  row.packed_stages = pack_stages(message.stages, message.received_at);
  if (!message.control_id.empty()) {
    row.entries.push_back(
        {stored_value(message.control_id), number(kControlId)});
  }
  for (const auto& key : message.keys) {
    row.entries.push_back({stored_value(key), number(kMessageKey)});
    pack(row.packed_keys, key);
  }
  sort_unique(row.entries);
}

void number_ledger(const LedgerEntry& entry, std::vector<PreparedLedger>& rows,
                   Numbering& number) {
  const WordId owner = number(entry.owner);
  auto row = std::find_if(rows.begin(), rows.end(), [&](const auto& known) {
    return known.authorization == entry.authorization && known.owner == owner;
  });
  if (row == rows.end()) {
    row = rows.insert(row, {owner, entry.authorization, {}});
  }
  pack(row->packed, static_cast<std::uint64_t>(number(entry.account)));
  pack(row->packed, static_cast<std::uint64_t>(number(entry.unit)));
  pack(row->packed, entry.amount);
  pack(row->packed, entry.cause);
  pack(row->packed, static_cast<std::uint64_t>(number(entry.reason)));
}

// A dependency belongs to the owner of the case that is to be decided again,
// who need not be the sender of the message.
const std::string& case_owner(const Commit& commit, const Dependent& one) {
  if (!one.owner.empty()) return one.owner;
  for (const auto& resource : commit.resources) {
    if (resource.case_key == one.case_key) return resource.owner;
  }
  return commit.message.owner;
}

std::optional<Error> unbalanced(const std::vector<LedgerEntry>& ledger) {
  std::map<std::tuple<std::string, std::string, std::string>, Decimal> sums;
  for (const auto& entry : ledger) {
    const auto amount = Decimal::parse(entry.amount);
    auto& sum = sums[{entry.owner, entry.authorization, entry.unit}];
    const auto next = amount ? sum.plus(*amount) : std::nullopt;
    if (!next) return Error{ErrorCode::fault, "a ledger amount is no decimal"};
    sum = *next;
  }
  for (const auto& [account, sum] : sums) {
    if (sum.is_zero()) continue;
    return Error{ErrorCode::fault, "ledger entries of " + std::get<1>(account) +
                                       " (" + std::get<2>(account) +
                                       ") add up to " + sum.text() +
                                       ", not to zero"};
  }
  return std::nullopt;
}

}  // namespace

std::int64_t cluster_number(std::string_view value, WordId param) {
  return cluster_of(value) == Cluster::of_value ? 0 : param;
}

std::optional<Error> broken_promise(const Commit& commit) {
  if (std::ssize(commit.resources) > kMostResources) {
    return Error{ErrorCode::too_large, "a commit has too many resources"};
  }
  for (const auto& resource : commit.resources) {
    if (resource.version == 0) {
      return Error{ErrorCode::fault, "version 0 of a " + resource.id.type};
    }
  }
  return unbalanced(commit.ledger);
}

WriteSet prepare(Commit commit, const Words& words) {
  WriteSet set;
  set.bytes.reserve(packed_size(commit));
  set.commit = std::move(commit);
  set.resources.resize(set.commit.resources.size());
  for (std::size_t i = 0; i < set.resources.size(); ++i) {
    set.resources[i].body = move_into(set.bytes, set.commit.resources[i].body);
  }
  auto& message = set.commit.message;
  set.message.content = move_into(set.bytes, message.content);
  set.message.outcome = move_into(set.bytes, message.outcome);
  set.message.answer = move_into(set.bytes, message.answer);
  number(set, words);
  return set;
}

void number(WriteSet& set, const Words& words) {
  set.missing.clear();
  Numbering id(words, set.missing);
  number_message(set.commit.message, set.message, id);
  for (std::size_t i = 0; i < set.resources.size(); ++i) {
    number_resource(set.commit.resources[i], set.resources[i], id);
  }
  set.keys.clear();
  for (const auto& key : set.commit.keys) {
    set.keys.push_back({id(key.type), id(key.owner)});
  }
  set.ledger.clear();
  for (const auto& entry : set.commit.ledger) {
    number_ledger(entry, set.ledger, id);
  }
  set.feed.clear();
  for (const auto& event : set.commit.feed) {
    set.feed.push_back(
        {id(event.owner), id(event.topic), id(event.resource.type)});
  }
  set.pulls.clear();
  for (const auto& pull : set.commit.pulls) {
    set.pulls.push_back(
        {id(pull.owner), id(pull.claim.type), id(pull.partner)});
  }
  set.dependents.clear();
  for (const auto& one : set.commit.dependents) {
    set.dependents.push_back(id(case_owner(set.commit, one)));
  }
}

std::vector<PreparedEntry> unpack_entries(std::string_view packed) {
  std::vector<PreparedEntry> entries;
  Unpacker unpacker(packed);
  while (!unpacker.at_end()) {
    const auto param = unpacker.number();
    const auto value = unpacker.text();
    if (!param || !value) break;
    entries.push_back({std::string(*value), static_cast<WordId>(*param)});
  }
  return entries;
}

std::string pack_stages(const Stages& stages, Instant received) {
  std::string packed;
  if (!stages.parsed && !stages.mapped && !stages.judged) return packed;
  for (const auto& at : {stages.parsed, stages.mapped, stages.judged}) {
    // A clock that was set back in between makes no stage earlier.
    const auto since = at ? std::max(*at - received, Instant::duration(0)) +
                                Instant::duration(1)
                          : Instant::duration(0);
    pack(packed, static_cast<std::uint64_t>(since.count()));
  }
  return packed;
}

Stages unpack_stages(std::string_view packed, Instant received) {
  Stages stages;
  Unpacker unpacker(packed);
  for (auto* const at : {&stages.parsed, &stages.mapped, &stages.judged}) {
    const auto since = unpacker.number().value_or(0);
    if (since == 0) continue;
    *at = received + Instant::duration(static_cast<std::int64_t>(since) - 1);
  }
  return stages;
}

}  // namespace gateway::store
