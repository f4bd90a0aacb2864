#include "store/sqlite_store.h"

#include <utility>

#include "store/data_directory.h"
#include "store/log_pruner.h"
#include "store/packed.h"
#include "store/position.h"
#include "store/query_builder.h"
#include "store/schema.h"
#include "store/sqlite_reader.h"
#include "store/sqlite_writer.h"
#include "store/words.h"
#include "store/write_set.h"

namespace gateway::store {
namespace {

Instant instant_of(std::int64_t micros) {
  return Instant(std::chrono::microseconds(micros));
}

template <typename T>
Result<std::optional<T>> first_of(Result<std::vector<T>> found) {
  if (!found.ok()) return found.error();
  std::vector<T> rows = *std::move(found);
  if (rows.empty()) return std::optional<T>();
  return std::optional<T>(std::move(rows.front()));
}

class SqliteStore : public Store {
 public:
  explicit SqliteStore(DataDirectory directory)
      : directory_(std::move(directory)) {}

  Status start(SqliteOptions options);

  void commit(Commit commit, CommitDone done) override {
    writer_->commit(std::move(commit), std::move(done));
  }
  void acknowledged(Sequence sequence, Instant at) override {
    writer_->acknowledged(sequence, at);
  }
  Result<std::optional<StoredResource>> read(
      const Scope& scope, const fhir::ResourceId& id,
      std::optional<std::uint32_t> version) override;
  Result<std::vector<StoredResource>> history(
      const Scope& scope, const fhir::ResourceId& id) override;
  Result<SearchPage> search(const Scope& scope,
                            const SearchQuery& query) override;
  Result<std::int64_t> count(const Scope& scope,
                             const SearchQuery& query) override;
  Result<std::vector<StoredResource>> read_case(
      const std::string& owner, const std::string& case_key) override;
  Result<std::vector<StoredResource>> written_by(Sequence sequence) override {
    return resources(queries_.written_by(sequence));
  }
  Result<std::vector<LedgerEntry>> ledger(
      const std::string& owner, const std::string& authorization) override;
  Result<std::vector<Pull>> pulls(const std::string& owner,
                                  const fhir::ResourceId& claim) override;
  Result<std::vector<std::string>> dependents(
      const std::string& owner, const std::string& resource) override;
  Result<std::optional<fhir::ResourceId>> find_key(
      const std::string& owner, const std::string& type,
      const std::string& key) override;
  Result<std::optional<StoredMessage>> find_digest(
      const std::string& owner, const std::string& digest) override;
  Result<std::optional<StoredMessage>> message(const Scope& scope,
                                               Sequence sequence) override;
  Result<std::vector<StoredMessage>> messages(
      const Scope& scope, const MessageQuery& query) override;
  Result<std::vector<SegmentPart>> segments() override;
  void prune(PruneOrder order, PruneDone done) override {
    writer_->prune(std::move(order), std::move(done));
  }
  Result<std::vector<Pruned>> pruned(const Scope& scope,
                                     const MessageQuery& query) override;
  Result<std::optional<Instant>> pruned_at(const Scope& scope,
                                           Sequence sequence) override;
  Result<std::vector<FeedItem>> feed(const Scope& scope,
                                     const std::string& topic, Sequence after,
                                     std::size_t count) override;
  Sequence last_sequence() override { return writer_->last_sequence(); }

 private:
  template <typename T, typename Row>
  Result<std::vector<T>> rows(const OptionalQuery& query, Row row);
  Result<std::vector<StoredResource>> resources(const OptionalQuery& query);
  Result<std::vector<StoredMessage>> messages_of(const OptionalQuery& query);
  [[nodiscard]] StoredResource resource_of(const Statement& row) const;
  [[nodiscard]] StoredMessage message_of(const Statement& row) const;
  [[nodiscard]] MessageCount count_of(const Statement& row, int owner) const;
  [[nodiscard]] LedgerEntry ledger_entry(Unpacker& unpacker) const;

  DataDirectory directory_;
  Words words_;
  QueryBuilder queries_{Dialect::sqlite, words_};
  std::unique_ptr<SqliteWriter> writer_;
  std::unique_ptr<SqliteReader> reader_;  // closed before the writer
};

Status SqliteStore::start(SqliteOptions options) {
  const Database::Place place{directory_.database(), Database::Access::write,
                              options.vfs};
  auto opened = Database::open(place);
  if (!opened.ok()) return opened.error();
  Database database = *std::move(opened);
  auto done = prepare_writer(database, options.writer_cache_bytes);
  if (done.ok()) done = ensure_schema(database);
  if (done.ok()) done = directory_.sync();
  if (!done.ok()) {
    Error error = done.error();
    error.message = place.path + ": " + error.message;
    return error;
  }
  WriterOptions writing;
  writing.clock = std::move(options.clock);
  writing.fatal = std::move(options.fatal);
  writing.most_waiting = options.most_waiting;
  auto writer =
      SqliteWriter::start(std::move(database), words_, std::move(writing));
  if (!writer.ok()) return writer.error();
  writer_ = *std::move(writer);
  auto reader =
      SqliteReader::open(place, {options.readers, options.reader_cache_bytes});
  if (!reader.ok()) return reader.error();
  reader_ = *std::move(reader);
  return Done{};
}

template <typename T, typename Row>
Result<std::vector<T>> SqliteStore::rows(const OptionalQuery& query, Row row) {
  if (writer_->failed()) {
    return Error{ErrorCode::unavailable, "the store has failed"};
  }
  return reader_->rows<T>(query, row);
}

StoredResource SqliteStore::resource_of(const Statement& row) const {
  return {.id = {words_.text(row.integer(1)), std::string(row.text(2))},
          .version = static_cast<std::uint32_t>(row.integer(3)),
          .owner = words_.text(row.integer(4)),
          .case_key = std::string(row.text(5)),
          .sequence = sequence_of(row.integer(0)),
          .last_updated = instant_of(row.integer(6)),
          .body = std::string(row.text(7)),
          .ordinal = ordinal_of(row.integer(0))};
}

StoredMessage SqliteStore::message_of(const Statement& row) const {
  StoredMessage stored;
  stored.sequence = row.integer(0);
  stored.committed_at = instant_of(row.integer(6));
  Message& message = stored.message;
  message.owner = words_.text(row.integer(1));
  message.channel = words_.text(row.integer(2));
  message.state = static_cast<MessageState>(row.integer(3));
  message.status = static_cast<int>(row.integer(4));
  message.received_at = instant_of(row.integer(5));
  message.peer = row.text(7);
  message.request = row.text(8);
  message.control_id = row.text(9);
  message.rule = row.text(10);
  message.digest = row.text(11);
  message.answer_headers = row.text(12);
  Unpacker keys(row.text(13));
  while (const auto key = keys.text()) message.keys.emplace_back(*key);
  message.content = row.text(14);
  message.outcome = row.text(15);
  message.answer = row.text(16);
  message.stages = unpack_stages(row.text(17), message.received_at);
  if (row.integer(18) > 0) stored.acknowledged_at = instant_of(row.integer(18));
  return stored;
}

Result<std::vector<StoredResource>> SqliteStore::resources(
    const OptionalQuery& query) {
  return rows<StoredResource>(
      query, [this](const Statement& row) { return resource_of(row); });
}

Result<std::vector<StoredMessage>> SqliteStore::messages_of(
    const OptionalQuery& query) {
  return rows<StoredMessage>(
      query, [this](const Statement& row) { return message_of(row); });
}

Result<std::optional<StoredResource>> SqliteStore::read(
    const Scope& scope, const fhir::ResourceId& id,
    std::optional<std::uint32_t> version) {
  return first_of(resources(version ? queries_.versions(scope, id, version)
                                    : queries_.read(scope, id)));
}

Result<std::vector<StoredResource>> SqliteStore::history(
    const Scope& scope, const fhir::ResourceId& id) {
  return resources(queries_.versions(scope, id, std::nullopt));
}

Result<SearchPage> SqliteStore::search(const Scope& scope,
                                       const SearchQuery& query) {
  SearchPage page;
  page.snapshot = query.upto.value_or(last_sequence());
  page.last = query.after;
  page.last_ordinal = query.after_ordinal;
  auto found = resources(queries_.search(scope, query, page.snapshot));
  if (!found.ok()) return found.error();
  page.resources = *std::move(found);
  page.more = page.resources.size() > query.count;
  if (page.more) page.resources.pop_back();
  if (!page.resources.empty()) {
    page.last = page.resources.back().sequence;
    page.last_ordinal = page.resources.back().ordinal;
  }
  return page;
}

Result<std::int64_t> SqliteStore::count(const Scope& scope,
                                        const SearchQuery& query) {
  const auto upto = query.upto.value_or(last_sequence());
  auto found =
      rows<std::int64_t>(queries_.count(scope, query, upto),
                         [](const Statement& row) { return row.integer(0); });
  if (!found.ok()) return found.error();
  return found->empty() ? 0 : found->front();
}

Result<std::vector<StoredResource>> SqliteStore::read_case(
    const std::string& owner, const std::string& case_key) {
  return resources(queries_.read_case(owner, case_key));
}

LedgerEntry SqliteStore::ledger_entry(Unpacker& unpacker) const {
  const auto word = [&] {
    return words_.text(static_cast<WordId>(unpacker.number().value_or(0)));
  };
  LedgerEntry entry;
  entry.account = word();
  entry.unit = word();
  entry.amount = unpacker.text().value_or("");
  entry.cause = unpacker.text().value_or("");
  entry.reason = word();
  return entry;
}

Result<std::vector<LedgerEntry>> SqliteStore::ledger(
    const std::string& owner, const std::string& authorization) {
  auto found = rows<std::string>(
      queries_.ledger(owner, authorization),
      [](const Statement& row) { return std::string(row.text(0)); });
  if (!found.ok()) return found.error();
  std::vector<LedgerEntry> entries;
  const std::vector<std::string> packed = *std::move(found);
  for (const auto& row : packed) {
    for (Unpacker unpacker(row); !unpacker.at_end();) {
      entries.push_back(ledger_entry(unpacker));
      entries.back().owner = owner;
      entries.back().authorization = authorization;
    }
  }
  return entries;
}

Result<std::vector<Pull>> SqliteStore::pulls(const std::string& owner,
                                             const fhir::ResourceId& claim) {
  return rows<Pull>(queries_.pulls(owner, claim), [&](const Statement& row) {
    return Pull{.owner = owner,
                .claim = claim,
                .version = static_cast<std::uint32_t>(row.integer(0)),
                .partner = words_.text(row.integer(1)),
                .at = instant_of(row.integer(2))};
  });
}

Result<std::vector<std::string>> SqliteStore::dependents(
    const std::string& owner, const std::string& resource) {
  return rows<std::string>(
      queries_.dependents(owner, resource),
      [](const Statement& row) { return std::string(row.text(0)); });
}

Result<std::optional<fhir::ResourceId>> SqliteStore::find_key(
    const std::string& owner, const std::string& type, const std::string& key) {
  return first_of(rows<fhir::ResourceId>(
      queries_.key(owner, type, key), [&](const Statement& row) {
        return fhir::ResourceId{type, std::string(row.text(0))};
      }));
}

Result<std::optional<StoredMessage>> SqliteStore::find_digest(
    const std::string& owner, const std::string& digest) {
  auto found = first_of(messages_of(queries_.digest(owner, digest)));
  if (!found.ok() || *found) return found;
  return first_of(rows<StoredMessage>(
      queries_.kept_answer(owner, digest), [&](const Statement& row) {
        StoredMessage stored{.sequence = row.integer(0)};
        auto& message = stored.message;
        message.owner = words_.text(row.integer(1));
        message.state = static_cast<MessageState>(row.integer(2));
        message.status = static_cast<int>(row.integer(3));
        message.received_at = instant_of(row.integer(4));
        message.digest = digest;
        message.answer_headers = row.text(5);
        message.answer = row.text(6);
        return stored;
      }));
}

Result<std::optional<StoredMessage>> SqliteStore::message(const Scope& scope,
                                                          Sequence sequence) {
  return first_of(messages_of(queries_.message(scope, sequence)));
}

Result<std::vector<StoredMessage>> SqliteStore::messages(
    const Scope& scope, const MessageQuery& query) {
  return messages_of(queries_.messages(scope, query));
}

// From the owner on: owner, state, messages, bytes, oldest, newest.
MessageCount SqliteStore::count_of(const Statement& row, int owner) const {
  return {.owner = words_.text(row.integer(owner)),
          .state = static_cast<MessageState>(row.integer(owner + 1)),
          .messages = row.integer(owner + 2),
          .bytes = row.integer(owner + 3),
          .oldest = instant_of(row.integer(owner + 4)),
          .newest = instant_of(row.integer(owner + 5))};
}

Result<std::vector<SegmentPart>> SqliteStore::segments() {
  return rows<SegmentPart>(
      queries_.segments(last_sequence()), [this](const Statement& row) {
        return SegmentPart{row.integer(0), count_of(row, 1)};
      });
}

Result<std::vector<Pruned>> SqliteStore::pruned(const Scope& scope,
                                                const MessageQuery& query) {
  return rows<Pruned>(
      queries_.pruned(scope, query), [this](const Statement& row) {
        return Pruned{count_of(row, 0), instant_of(row.integer(6))};
      });
}

Result<std::optional<Instant>> SqliteStore::pruned_at(const Scope& scope,
                                                      Sequence sequence) {
  using Pruning = std::pair<Instant, std::string>;
  const auto prunings = rows<Pruning>(
      queries_.prunings_of(scope, segment_of(sequence)),
      [](const Statement& row) {
        return Pruning{instant_of(row.integer(0)), std::string(row.text(1))};
      });
  if (!prunings.ok()) return prunings.error();
  for (const auto& [at, which] : *prunings) {
    if (is_among(which, sequence)) return std::optional(at);
  }
  return std::optional<Instant>();
}

Result<std::vector<Store::FeedItem>> SqliteStore::feed(const Scope& scope,
                                                       const std::string& topic,
                                                       Sequence after,
                                                       std::size_t count) {
  return rows<FeedItem>(
      queries_.feed(scope, topic, after, count), [this](const Statement& row) {
        return FeedItem{
            row.integer(0),
            {.owner = words_.text(row.integer(1)),
             .topic = words_.text(row.integer(2)),
             .resource = {words_.text(row.integer(3)),
                          std::string(row.text(4))},
             .version = static_cast<std::uint32_t>(row.integer(5))}};
      });
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite(SqliteOptions options) {
  auto directory = DataDirectory::open(options.directory);
  if (!directory.ok()) return directory.error();
  auto store = std::make_unique<SqliteStore>(*std::move(directory));
  const auto started = store->start(std::move(options));
  if (!started.ok()) return started.error();
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace gateway::store
