#include "store/log_pruner.h"

#include <algorithm>
#include <array>
#include <utility>

#include "store/packed.h"
#include "store/position.h"
#include "store/search_index.h"
#include "store/write_set.h"
#include "store/writer_query.h"

namespace gateway::store {
namespace {

Instant instant_of(std::int64_t micros) {
  return Instant(std::chrono::microseconds(micros));
}

std::int64_t micros(Instant instant) {
  return instant.time_since_epoch().count();
}

constexpr Sequence first_of(std::int64_t segment) {
  return (segment - 1) * kSegment + 1;
}

constexpr std::size_t kBits = 8;

// Place of its bit.
std::size_t place_of(Sequence sequence) {
  return static_cast<std::size_t>(sequence - first_of(segment_of(sequence)));
}

unsigned bit_of(Sequence sequence) {
  return 1U << (place_of(sequence) % kBits);
}

void add(std::string& which, Sequence sequence) {
  auto& byte = which[place_of(sequence) / kBits];
  byte = static_cast<char>(static_cast<unsigned char>(byte) | bit_of(sequence));
}

}  // namespace

bool is_among(std::string_view which, Sequence sequence) {
  const auto place = place_of(sequence) / kBits;
  if (sequence < 1 || place >= which.size()) return false;
  return (static_cast<unsigned char>(which[place]) & bit_of(sequence)) != 0;
}

Result<LogPruner> LogPruner::create(Database& database, const Words& words) {
  LogPruner pruner(database, words);
  const auto prepared = pruner.prepare();
  if (!prepared.ok()) return prepared.error();
  return pruner;
}

Status LogPruner::prepare() {
  const std::array<std::pair<Statement*, const char*>, 11> statements = {{
      {&rows_, writer_query::kSegmentRows},
      {&entry_, writer_query::kDeleteEntry},
      {&answer_, writer_query::kKeepAnswer},
      {&digest_, writer_query::kDeleteDigest},
      {&message_, writer_query::kDeleteMessage},
      {&cut_, writer_query::kCutBody},
      {&body_, writer_query::kDeleteBody},
      {&noted_, writer_query::kPrunedBefore},
      {&note_,
       "INSERT INTO pruned VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9) ON CONFLICT DO "
       "UPDATE SET messages=messages+excluded.messages, "
       "bytes=bytes+excluded.bytes, oldest=min(oldest, excluded.oldest), "
       "newest=max(newest, excluded.newest), which=excluded.which"},
      {&old_digests_, writer_query::kDeleteOldDigests},
      {&old_answers_, writer_query::kDeleteOldAnswers},
  }};
  for (const auto& [statement, sql] : statements) {
    auto prepared = database_->prepare(sql);
    if (!prepared.ok()) return prepared.error();
    *statement = *std::move(prepared);
  }
  return Done{};
}

Result<std::vector<MessageCount>> LogPruner::prune(const PruneOrder& order,
                                                   Sequence newest) {
  std::vector<MessageCount> counts;
  if (order.segment == 0) {
    const auto done = forget_answers(order.answers_since);
    if (!done.ok()) return done.error();
    return counts;
  }
  if (order.segment < 0 || newest <= order.segment * kSegment) {
    return Error{ErrorCode::invalid, "this segment of the log is not closed"};
  }
  const auto rows = rows_of(order);
  if (!rows.ok()) return rows.error();
  std::vector<Part> parts;
  for (const auto& row : *rows) {
    const auto done = take(row, order);
    if (!done.ok()) return done.error();
    auto& part = part_of(parts, row);
    ++part.count.messages;
    part.count.bytes += row.bytes;
    part.count.oldest = std::min(part.count.oldest, instant_of(row.received));
    part.count.newest = std::max(part.count.newest, instant_of(row.received));
    add(part.which, row.sequence);
  }
  for (const auto& part : parts) {
    const auto done = note(part, order);
    if (!done.ok()) return done.error();
    counts.push_back(part.count);
    counts.back().owner = words_->text(part.owner);
  }
  return counts;
}

Result<std::vector<LogPruner::Row>> LogPruner::rows_of(
    const PruneOrder& order) {
  std::vector<Row> found;
  rows_.bind(1, first_of(order.segment)).bind(2, order.segment * kSegment);
  auto more = rows_.step();
  for (; more.ok() && *more; more = rows_.step()) {
    Row row{.sequence = rows_.integer(0),
            .owner = rows_.integer(1),
            .state = static_cast<MessageState>(rows_.integer(2)),
            .received = rows_.integer(3),
            .start = rows_.integer(4),
            .bytes = rows_.integer(5),
            .digest = std::string(rows_.text(6)),
            .control = std::string(rows_.text(7)),
            .keys = std::string(rows_.text(8))};
    const bool wanted = order.states.count(row.state) > 0 &&
                        order.keep.count(row.sequence) == 0;
    if (wanted) found.push_back(std::move(row));
  }
  rows_.reset();
  if (!more.ok()) return more.error();
  return found;
}

Status LogPruner::take(const Row& row, const PruneOrder& order) {
  auto done = take_entries(row);
  if (done.ok()) done = keep_or_forget_answer(row, order);
  if (done.ok()) done = message_.run(row.sequence);
  if (!done.ok()) return done;
  return row.start > 0 ? cut_.run(row.sequence, row.start)
                       : body_.run(row.sequence);
}

Status LogPruner::take_entries(const Row& row) {
  auto done = row.control.empty() ? Status(Done{})
                                  : take_entry(row, kControlId, row.control);
  Unpacker keys(row.keys);
  while (done.ok()) {
    const auto key = keys.text();
    if (!key) break;
    done = take_entry(row, kMessageKey, *key);
  }
  return done;
}

Status LogPruner::take_entry(const Row& row, std::string_view param,
                             std::string_view value) {
  const auto id = words_->find(param);
  if (!id) return Done{};  // no row bears it
  const auto stored = stored_value(value);
  return entry_.run(std::string_view(stored), cluster_number(stored, *id),
                    row.owner, position_of(row.sequence, 0), *id);
}

Status LogPruner::keep_or_forget_answer(const Row& row,
                                        const PruneOrder& order) {
  if (row.digest.empty()) return Done{};
  if (instant_of(row.received) >= order.answers_since) {
    return answer_.run(row.sequence);
  }
  return digest_.run(std::string_view(row.digest), row.owner);
}

LogPruner::Part& LogPruner::part_of(std::vector<Part>& parts, const Row& row) {
  auto known = std::find_if(parts.begin(), parts.end(), [&](const Part& part) {
    return part.owner == row.owner && part.count.state == row.state;
  });
  if (known == parts.end()) {
    Part part{.owner = row.owner,
              .count = {.state = row.state,
                        .oldest = Instant::max(),
                        .newest = Instant::min()},
              .which = std::string(kSegment / kBits, '\0')};
    known = parts.insert(known, std::move(part));
  }
  return *known;
}

// Two prunings of one instant are one.
Status LogPruner::note(Part part, const PruneOrder& order) {
  const auto state = static_cast<std::int64_t>(part.count.state);
  noted_.bind(1, order.segment).bind(2, state).bind(3, part.owner);
  const auto found = noted_.bind(4, micros(order.at)).step();
  if (found.ok() && *found) {
    const auto before = noted_.text(0);
    for (std::size_t i = 0; i < part.which.size() && i < before.size(); ++i) {
      part.which[i] =
          static_cast<char>(static_cast<unsigned char>(before[i]) |
                            static_cast<unsigned char>(part.which[i]));
    }
  }
  noted_.reset();
  if (!found.ok()) return found.error();
  return note_.run(order.segment, state, part.owner, micros(order.at),
                   part.count.messages, part.count.bytes,
                   micros(part.count.oldest), micros(part.count.newest),
                   Blob{part.which});
}

Status LogPruner::forget_answers(Instant before) {
  const auto done = old_digests_.run(micros(before));
  if (!done.ok()) return done;
  return old_answers_.run(micros(before));
}

}  // namespace gateway::store
