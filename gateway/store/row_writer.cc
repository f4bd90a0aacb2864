#include "store/row_writer.h"

#include <array>
#include <utility>

#include "store/position.h"
#include "store/writer_query.h"

namespace gateway::store {
namespace {

std::int64_t micros(Instant instant) {
  return instant.time_since_epoch().count();
}

std::int64_t cluster(const PreparedEntry& entry) {
  return cluster_number(entry.value, entry.param);
}

// A broken constraint in words that the caller can pass on.
Status named_conflict(Status status, std::string_view what) {
  if (status.ok() || status.error().code != ErrorCode::conflict) return status;
  return Error{ErrorCode::conflict, std::string(what)};
}

Error version_conflict(const ResourceWrite& write) {
  return {ErrorCode::conflict, "version " + std::to_string(write.version) +
                                   " of this " + write.id.type +
                                   " does not follow the stored one"};
}

}  // namespace

Result<RowWriter> RowWriter::create(Database& database) {
  RowWriter writer(database);
  const auto prepared = writer.prepare();
  if (!prepared.ok()) return prepared.error();
  return writer;
}

Status RowWriter::prepare() {
  const std::array<std::pair<Statement*, const char*>, 15> statements = {{
      {&word_, "INSERT INTO word VALUES(?1,?2)"},
      {&body_, "INSERT INTO body VALUES(?1,?2)"},
      {&message_,
       "INSERT INTO message VALUES"
       "(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,"
       "?19)"},
      {&version_,
       "INSERT INTO version "
       "VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13)"},
      {&head_, writer_query::kHead},
      {&head_insert_, "INSERT INTO head VALUES(?1,?2,?3,?4,?5)"},
      {&head_update_,
       "UPDATE head SET version=?4, position=?5 "
       "WHERE type=?1 AND id=?2 AND owner=?3 AND version=?4-1"},
      {&entry_, "INSERT INTO entry VALUES(?1,?2,?3,?4,?5)"},
      {&entry_delete_, writer_query::kDeleteEntry},
      {&key_,
       "INSERT INTO business_key VALUES(?1,?2,?3,?4) ON CONFLICT DO UPDATE "
       "SET resource=excluded.resource WHERE resource=excluded.resource"},
      {&digest_, "INSERT INTO digest VALUES(?1,?2,?3)"},
      {&ledger_, "INSERT INTO ledger VALUES(?1,?2,?3,?4)"},
      {&feed_, "INSERT INTO feed VALUES(?1,?2,?3,?4,?5,?6)"},
      {&pull_,
       "INSERT INTO pull VALUES(?1,?2,?3,?4,?5,?6,?7) ON CONFLICT DO NOTHING"},
      {&dependent_,
       "INSERT INTO dependent VALUES(?1,?2,?3) ON CONFLICT DO NOTHING"},
  }};
  for (const auto& [statement, sql] : statements) {
    auto prepared = database_->prepare(sql);
    if (!prepared.ok()) return prepared.error();
    *statement = *std::move(prepared);
  }
  return Done{};
}

// What can be refused comes first, so that a refusal costs little.
Status RowWriter::write(const WriteSet& set, Instant now, Counters& counters) {
  const Sequence sequence = ++counters.message;
  auto done = write_digest(set, sequence);
  if (done.ok()) done = write_keys(set);
  for (std::size_t i = 0; done.ok() && i < set.resources.size(); ++i) {
    done = write_resource(set, i, sequence);
  }
  if (done.ok()) done = body_.run(sequence, Blob{set.bytes});
  if (done.ok()) done = write_message(set, now, sequence);
  if (done.ok()) done = write_ledger(set, sequence);
  if (done.ok()) done = write_feed(set, counters);
  if (done.ok()) done = write_pulls(set, sequence);
  if (done.ok()) done = write_dependents(set);
  return done;
}

Status RowWriter::write_word(WordId id, std::string_view text) {
  return word_.run(id, text);
}

Status RowWriter::write_digest(const WriteSet& set, Sequence sequence) {
  const auto& digest = set.commit.message.digest;
  if (digest.empty()) return Done{};
  return named_conflict(
      digest_.run(std::string_view(digest), set.message.owner, sequence),
      "this message was committed before");
}

// A key that its own resource bears already stays as it is.
Status RowWriter::write_keys(const WriteSet& set) {
  for (std::size_t i = 0; i < set.keys.size(); ++i) {
    const auto& key = set.commit.keys[i];
    const auto done =
        key_.run(std::string_view(key.key), set.keys[i].type, set.keys[i].owner,
                 std::string_view(key.resource.id));
    if (!done.ok()) return done;
    if (database_->changes() == 0) {
      return Error{ErrorCode::conflict,
                   "the business key of this " + key.type + " is taken"};
    }
  }
  return Done{};
}

Result<RowWriter::Origin> RowWriter::place_head(const ResourceWrite& write,
                                                const PreparedResource& row,
                                                std::int64_t position) {
  const std::string_view id = write.id.id;
  const std::int64_t version = write.version;
  if (version == 1) {
    const auto done =
        head_insert_.run(row.type, id, row.owner, version, position);
    if (done.ok()) return Origin{0, position};
    if (done.error().code != ErrorCode::conflict) return done.error();
    return version_conflict(write);
  }
  head_.bind(1, row.type).bind(2, id).bind(3, row.owner);
  const auto found = head_.step();
  if (!found.ok()) {
    head_.reset();
    return found.error();
  }
  const bool follows = *found && head_.integer(0) == version - 1;
  const Origin origin{head_.integer(1), head_.integer(2)};
  const std::string entries(head_.text(3));
  head_.reset();
  if (!follows) return version_conflict(write);
  auto done = head_update_.run(row.type, id, row.owner, version, position);
  if (!done.ok()) return done.error();
  if (database_->changes() == 0) return version_conflict(write);
  done = remove_entries(entries, row.owner, origin.previous);
  if (!done.ok()) return done.error();
  return origin;
}

Status RowWriter::remove_entries(std::string_view packed, WordId owner,
                                 std::int64_t position) {
  for (const auto& entry : unpack_entries(packed)) {
    const auto done =
        entry_delete_.run(std::string_view(entry.value), cluster(entry), owner,
                          position, entry.param);
    if (!done.ok()) return done;
  }
  return Done{};
}

Status RowWriter::write_resource(const WriteSet& set, std::size_t index,
                                 Sequence sequence) {
  const auto& write = set.commit.resources[index];
  const auto& row = set.resources[index];
  const auto position = position_of(sequence, static_cast<std::int64_t>(index));
  const auto origin = place_head(write, row, position);
  if (!origin.ok()) return origin.error();
  const auto done = version_.run(
      position, row.type, std::string_view(write.id.id), row.owner,
      std::int64_t{write.version}, origin->previous, origin->created,
      micros(write.last_updated), std::string_view(write.status),
      std::string_view(write.case_key), row.body.start, row.body.size,
      Blob{row.packed_entries});
  if (!done.ok()) return done;
  return write_entries(row.entries, row.owner, position);
}

Status RowWriter::write_entries(const std::vector<PreparedEntry>& entries,
                                WordId owner, std::int64_t position) {
  for (const auto& entry : entries) {
    const auto done = entry_.run(std::string_view(entry.value), cluster(entry),
                                 owner, position, entry.param);
    if (!done.ok()) return done;
  }
  return Done{};
}

Status RowWriter::write_message(const WriteSet& set, Instant now,
                                Sequence sequence) {
  const auto& message = set.commit.message;
  const auto& row = set.message;
  const auto done = message_.run(
      sequence, row.owner, row.channel,
      static_cast<std::int64_t>(message.state), std::int64_t{message.status},
      micros(message.received_at), micros(now), std::string_view(message.peer),
      std::string_view(message.request), std::string_view(message.control_id),
      std::string_view(message.rule), std::string_view(message.digest),
      std::string_view(message.answer_headers), Blob{row.packed_keys},
      row.content.start, row.content.size, row.outcome.size, row.answer.size,
      Blob{row.packed_stages});
  if (!done.ok()) return done;
  return write_entries(row.entries, row.owner, position_of(sequence, 0));
}

Status RowWriter::write_ledger(const WriteSet& set, Sequence sequence) {
  for (const auto& row : set.ledger) {
    const auto done = ledger_.run(std::string_view(row.authorization),
                                  row.owner, sequence, Blob{row.packed});
    if (!done.ok()) return done;
  }
  return Done{};
}

Status RowWriter::write_feed(const WriteSet& set, Counters& counters) {
  for (std::size_t i = 0; i < set.feed.size(); ++i) {
    const auto& row = set.feed[i];
    const auto& event = set.commit.feed[i];
    const auto done = feed_.run(++counters.feed, row.topic, row.owner, row.type,
                                std::string_view(event.resource.id),
                                std::int64_t{event.version});
    if (!done.ok()) return done;
  }
  return Done{};
}

Status RowWriter::write_pulls(const WriteSet& set, Sequence sequence) {
  for (std::size_t i = 0; i < set.pulls.size(); ++i) {
    const auto& row = set.pulls[i];
    const auto& pull = set.commit.pulls[i];
    const auto done = pull_.run(std::string_view(pull.claim.id), row.type,
                                row.owner, std::int64_t{pull.version},
                                row.partner, micros(pull.at), sequence);
    if (!done.ok()) return done;
  }
  return Done{};
}

Status RowWriter::write_dependents(const WriteSet& set) {
  for (std::size_t i = 0; i < set.dependents.size(); ++i) {
    const auto& [resource, case_key, owner] = set.commit.dependents[i];
    const auto done =
        dependent_.run(std::string_view(resource), set.dependents[i],
                       std::string_view(case_key));
    if (!done.ok()) return done;
  }
  return Done{};
}

}  // namespace gateway::store
