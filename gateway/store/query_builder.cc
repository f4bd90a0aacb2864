#include "store/query_builder.h"

#include <algorithm>

#include "store/position.h"
#include "store/search_index.h"
#include "store/sql_text.h"
#include "store/write_set.h"

namespace gateway::store {
namespace {

constexpr std::string_view kResource =
    "SELECT v.position, v.type, v.id, v.version, v.owner, v.case_key, "
    "v.updated, substr(b.bytes, v.start + 1, v.size) FROM ";
constexpr std::string_view kBody =
    " JOIN body b ON b.sequence = v.position / 65536";
static_assert(kMostResources == 65536);

constexpr std::string_view kMessage =
    "SELECT m.sequence, m.owner, m.channel, m.state, m.status, m.received, "
    "m.committed, m.peer, m.request, m.control, m.rule, m.digest, m.headers, "
    "m.keys, substr(b.bytes, m.start + 1, m.content), "
    "substr(b.bytes, m.start + m.content + 1, m.outcome), "
    "substr(b.bytes, m.start + m.content + m.outcome + 1, m.answer), "
    "m.stages, "
    "(SELECT a.at FROM acknowledgment a WHERE a.sequence = m.sequence) FROM ";
constexpr std::string_view kMessageBody =
    " JOIN body b ON b.sequence = m.sequence";

// A Scope in numbers.
struct Owners {
  bool everyone = false;
  std::vector<WordId> ids;
  std::optional<WordId> hidden_type;  // whose drafts are not seen

  [[nodiscard]] bool nobody() const { return !everyone && ids.empty(); }
};

Owners owners_of(const Scope& scope, const Words& words) {
  Owners owners{scope.everything, {}, std::nullopt};
  for (const auto& owner : scope.owners) {
    if (const auto id = words.find(owner)) owners.ids.push_back(*id);
  }
  if (owners.everyone) owners.ids.clear();
  if (scope.hide_draft_claims) owners.hidden_type = words.find("Claim");
  return owners;
}

Sql& and_owned(Sql& sql, std::string_view column, const Owners& owners) {
  if (owners.everyone) return sql;
  sql << " AND ";
  return sql.among(column, owners.ids);
}

// Of the version row `v`.
Sql& and_no_draft(Sql& sql, const Owners& owners) {
  if (!owners.hidden_type) return sql;
  sql << " AND NOT (v.type = ";
  return sql.value(*owners.hidden_type) << " AND v.status = 'draft')";
}

struct Term {
  WordId param = 0;
  std::vector<std::string> values;
};

// How many resources a term is likely to find: an identifier few, a reference
// those of one patient, a code very many.
int breadth(const Term& term, const SearchTerm& asked) {
  if (asked.param == "identifier" && term.values.front().back() != '|') {
    return 0;
  }
  return term.values.front().find('/') == std::string::npos ? 2 : 1;
}

// All terms, the narrowest first. Nothing if one cannot be met.
std::optional<std::vector<Term>> terms_of(const SearchQuery& query,
                                          const Words& words) {
  std::vector<std::pair<int, Term>> ranked;
  for (const auto& asked : query.terms) {
    const auto param = words.find(param_word(query.type, asked.param));
    if (!param || asked.values.empty()) return std::nullopt;
    Term term{*param, {}};
    for (const auto& value : asked.values) {
      term.values.push_back(stored_value(value));
    }
    const int rank = term.values.front().empty() ? 3 : breadth(term, asked);
    ranked.emplace_back(rank, std::move(term));
  }
  std::stable_sort(
      ranked.begin(), ranked.end(),
      [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<Term> terms;
  for (auto& [rank, term] : ranked) terms.push_back(std::move(term));
  return terms;
}

// The entry `name` bears one of the values.
Sql& borne(Sql& sql, const std::string& name, const Term& term) {
  std::vector<std::int64_t> clusters;
  for (const auto& value : term.values) {
    const auto number = cluster_number(value, term.param);
    if (std::find(clusters.begin(), clusters.end(), number) == clusters.end()) {
      clusters.push_back(number);
    }
  }
  sql.among(name + ".value", term.values) << " AND ";
  sql.among(name + ".cluster", clusters) << " AND " << name << ".param = ";
  return sql.value(term.param);
}

// The rows that drive the search, as `e`: those of the named resources, or of
// the narrowest term, or all of the type.
void drive(Sql& sql, const SearchQuery& query, std::vector<Term>& terms,
           WordId type, const Words& words) {
  if (!query.ids.empty()) {
    sql << "head e WHERE e.type = ";
    sql.value(type) << " AND ";
    sql.among("e.id", query.ids);
    return;
  }
  if (terms.empty()) {
    const auto all = words.find(param_word(query.type, kAllParam));
    terms.push_back({all.value_or(0), {""}});
  }
  sql << "entry e WHERE ";
  borne(sql, "e", terms.front());
  terms.erase(terms.begin());
}

void and_terms(Sql& sql, const std::vector<Term>& terms) {
  for (const auto& term : terms) {
    sql << " AND EXISTS (SELECT 1 FROM entry x WHERE ";
    borne(sql, "x", term)
        << " AND x.owner = e.owner AND x.position = e.position)";
  }
}

// Conditions on the version row itself, where there are any.
void and_version(Sql& sql, const Owners& owners, const SearchQuery& query) {
  if (!owners.hidden_type && !query.updated_from && !query.updated_until) {
    return;
  }
  sql << " AND EXISTS (SELECT 1 FROM version v WHERE v.position = e.position";
  and_no_draft(sql, owners);
  if (query.updated_from) {
    sql << " AND v.updated >= ";
    sql.value(std::int64_t{query.updated_from->time_since_epoch().count()});
  }
  if (query.updated_until) {
    sql << " AND v.updated < ";
    sql.value(std::int64_t{query.updated_until->time_since_epoch().count()});
  }
  sql << ")";
}

// SELECT DISTINCT e.position ... : the places of all that match. False if
// nothing can.
bool matches(Sql& sql, const Scope& scope, const SearchQuery& query,
             const Words& words) {
  const auto owners = owners_of(scope, words);
  const auto type = words.find(query.type);
  auto terms = terms_of(query, words);
  if (owners.nobody() || !type || !terms) return false;
  sql << "SELECT DISTINCT e.position FROM ";
  drive(sql, query, *terms, *type, words);
  and_owned(sql, "e.owner", owners);
  and_terms(sql, *terms);
  and_version(sql, owners, query);
  return true;
}

void and_until(Sql& sql, Sequence upto) {
  sql << " AND e.position <= ";
  sql.value(position_of(upto, kLastOrdinal));
}

}  // namespace

OptionalQuery QueryBuilder::read(const Scope& scope,
                                 const fhir::ResourceId& id) const {
  const auto owners = owners_of(scope, words_);
  const auto type = words_.find(id.type);
  if (owners.nobody() || !type) return std::nullopt;
  Sql sql(dialect_);
  sql << kResource << "head h JOIN version v ON v.position = h.position"
      << kBody << " WHERE h.type = ";
  sql.value(*type) << " AND h.id = ";
  sql.value(id.id);
  and_owned(sql, "h.owner", owners);
  and_no_draft(sql, owners) << " ORDER BY h.owner LIMIT 1";
  return sql.take();
}

OptionalQuery QueryBuilder::versions(
    const Scope& scope, const fhir::ResourceId& id,
    std::optional<std::uint32_t> version) const {
  const auto owners = owners_of(scope, words_);
  const auto type = words_.find(id.type);
  if (owners.nobody() || !type) return std::nullopt;
  Sql sql(dialect_);
  sql << "WITH RECURSIVE chain(position) AS (SELECT position FROM (SELECT "
         "position FROM head WHERE type = ";
  sql.value(*type) << " AND id = ";
  sql.value(id.id);
  and_owned(sql, "owner", owners)
      << " ORDER BY owner LIMIT 1) h UNION ALL SELECT p.previous FROM chain c "
         "JOIN version p ON p.position = c.position WHERE p.previous > 0) "
      << kResource << "chain c JOIN version v ON v.position = c.position"
      << kBody << " WHERE v.version ";
  if (version) {
    sql << "= ";
    sql.value(std::int64_t{*version});
  } else {
    sql << "> 0";
  }
  and_no_draft(sql, owners) << " ORDER BY v.position DESC";
  return sql.take();
}

OptionalQuery QueryBuilder::search(const Scope& scope, const SearchQuery& query,
                                   Sequence upto) const {
  Sql sql(dialect_);
  sql << kResource << "(";
  if (!matches(sql, scope, query, words_)) return std::nullopt;
  sql << " AND e.position > ";
  sql.value(position_of(query.after, query.after_ordinal));
  and_until(sql, upto);
  sql << " ORDER BY e.position LIMIT ";
  sql.value(static_cast<std::int64_t>(query.count + 1))
      << ") hit JOIN version v ON v.position = hit.position" << kBody
      << " ORDER BY v.position";
  return sql.take();
}

OptionalQuery QueryBuilder::count(const Scope& scope, const SearchQuery& query,
                                  Sequence upto) const {
  Sql sql(dialect_);
  sql << "SELECT count(*) FROM (";
  if (!matches(sql, scope, query, words_)) return std::nullopt;
  and_until(sql, upto);
  sql << ") hit";
  return sql.take();
}

OptionalQuery QueryBuilder::read_case(const std::string& owner,
                                      const std::string& case_key) const {
  const auto id = words_.find(owner);
  const auto param = words_.find(kCaseParam);
  if (!id || !param) return std::nullopt;
  Sql sql(dialect_);
  sql << kResource << "entry e JOIN version v ON v.position = e.position"
      << kBody << " WHERE ";
  borne(sql, "e", {*param, {stored_value(case_key)}}) << " AND e.owner = ";
  sql.value(*id) << " ORDER BY v.created";
  return sql.take();
}

Query QueryBuilder::written_by(Sequence sequence) const {
  Sql sql(dialect_);
  sql << kResource << "version v" << kBody << " WHERE v.position BETWEEN ";
  sql.value(position_of(sequence, 0)) << " AND ";
  sql.value(position_of(sequence, kLastOrdinal)) << " ORDER BY v.position";
  return sql.take();
}

OptionalQuery QueryBuilder::message(const Scope& scope,
                                    Sequence sequence) const {
  const auto owners = owners_of(scope, words_);
  if (owners.nobody()) return std::nullopt;
  Sql sql(dialect_);
  sql << kMessage << "message m" << kMessageBody << " WHERE m.sequence = ";
  sql.value(sequence);
  and_owned(sql, "m.owner", owners);
  return sql.take();
}

OptionalQuery QueryBuilder::digest(const std::string& owner,
                                   const std::string& digest) const {
  const auto id = words_.find(owner);
  if (!id) return std::nullopt;
  Sql sql(dialect_);
  sql << kMessage << "digest d JOIN message m ON m.sequence = d.sequence"
      << kMessageBody << " WHERE d.digest = ";
  sql.value(digest) << " AND d.owner = ";
  sql.value(*id);
  return sql.take();
}

namespace {

// The messages that bear a key or control id. False if none can.
bool and_found_by(Sql& sql, std::string_view param, const std::string& value,
                  const Words& words) {
  if (value.empty()) return true;
  const auto id = words.find(param);
  if (!id) return false;
  sql << " AND m.sequence IN (SELECT e.position / 65536 FROM entry e WHERE ";
  borne(sql, "e", {*id, {stored_value(value)}}) << ")";
  return true;
}

// Whether a replay of the message was taken; the key of one is no secret, its
// peer no sender can choose.
void and_replayed(Sql& sql, const MessageQuery& query, const Words& words) {
  if (!query.replayed) return;
  const auto text = [](std::string_view prefix) {
    return "'" + std::string(prefix) + "' || CAST(m.sequence AS TEXT)";
  };
  const WordId param = words.find(kMessageKey).value_or(0);
  sql << (*query.replayed ? " AND" : " AND NOT")
      << " EXISTS (SELECT 1 FROM entry x JOIN message r ON r.sequence = "
         "x.position / 65536 WHERE x.value = "
      << text(kReplayOf) << " AND x.cluster = ";
  sql.value(cluster_number(kReplayOf, param)) << " AND x.param = ";
  sql.value(param) << " AND x.owner = m.owner AND r.peer = " << text(kReplayOf)
                   << " AND ";
  sql.among("r.state",
            std::vector<std::int64_t>{
                static_cast<std::int64_t>(MessageState::accepted),
                static_cast<std::int64_t>(MessageState::held)})
      << ")";
}

// The columns of a row that say when what it stands for was received.
struct Received {
  std::string row;
  std::string first;
  std::string last;
};

// What a query says of partner, state and time. False if no row can match.
bool and_asked(Sql& sql, const Received& received, const MessageQuery& query,
               const Words& words) {
  const auto& row = received.row;
  if (!query.partner.empty()) {
    const auto partner = words.find(query.partner);
    if (!partner) return false;
    sql << " AND " << row << ".owner = ";
    sql.value(*partner);
  }
  if (query.state) {
    sql << " AND " << row << ".state = ";
    sql.value(static_cast<std::int64_t>(*query.state));
  }
  if (query.since) {
    sql << " AND " << row << "." << received.last << " >= ";
    sql.value(std::int64_t{query.since->time_since_epoch().count()});
  }
  if (query.until) {
    sql << " AND " << row << "." << received.first << " < ";
    sql.value(std::int64_t{query.until->time_since_epoch().count()});
  }
  return true;
}

}  // namespace

OptionalQuery QueryBuilder::messages(const Scope& scope,
                                     const MessageQuery& query) const {
  const auto owners = owners_of(scope, words_);
  if (owners.nobody()) return std::nullopt;
  Sql sql(dialect_);
  sql << kMessage << "message m" << kMessageBody << " WHERE m.sequence < ";
  sql.value(query.before > 0 ? query.before : INT64_MAX);
  and_owned(sql, "m.owner", owners);
  if (!and_asked(sql, {"m", "received", "received"}, query, words_) ||
      !and_found_by(sql, kControlId, query.control_id, words_) ||
      !and_found_by(sql, kMessageKey, query.key, words_)) {
    return std::nullopt;
  }
  and_replayed(sql, query, words_);
  sql << " ORDER BY m.sequence DESC LIMIT ";
  sql.value(static_cast<std::int64_t>(query.count));
  return sql.take();
}

OptionalQuery QueryBuilder::kept_answer(const std::string& owner,
                                        const std::string& digest) const {
  const auto id = words_.find(owner);
  if (!id) return std::nullopt;
  Sql sql(dialect_);
  sql << "SELECT a.sequence, a.owner, a.state, a.status, a.received, "
         "a.headers, a.bytes FROM digest d JOIN answer a ON "
         "a.sequence = d.sequence WHERE d.digest = ";
  sql.value(digest) << " AND d.owner = ";
  sql.value(*id);
  return sql.take();
}

// A segment is closed when a later message is there.
Query QueryBuilder::segments(Sequence newest) const {
  Sql sql(dialect_);
  sql << "SELECT (m.sequence - 1) / ";
  sql.value(kSegment) << " + 1, m.owner, m.state, count(*), "
                         "sum(m.content + m.outcome + m.answer), "
                         "min(m.received), max(m.received) FROM message m "
                         "WHERE m.sequence <= ";
  sql.value((segment_of(newest) - 1) * kSegment)
      << " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3";
  return sql.take();
}

OptionalQuery QueryBuilder::pruned(const Scope& scope,
                                   const MessageQuery& query) const {
  const auto owners = owners_of(scope, words_);
  if (owners.nobody()) return std::nullopt;
  Sql sql(dialect_);
  sql << "SELECT p.owner, p.state, sum(p.messages), sum(p.bytes), "
         "min(p.oldest), max(p.newest), p.at FROM pruned p WHERE 1 = 1";
  and_owned(sql, "p.owner", owners);
  if (!and_asked(sql, {"p", "oldest", "newest"}, query, words_)) {
    return std::nullopt;
  }
  sql << " GROUP BY p.at, p.owner, p.state ORDER BY p.at DESC, p.owner, "
         "p.state";
  return sql.take();
}

OptionalQuery QueryBuilder::prunings_of(const Scope& scope,
                                        std::int64_t segment) const {
  const auto owners = owners_of(scope, words_);
  if (owners.nobody()) return std::nullopt;
  Sql sql(dialect_);
  sql << "SELECT p.at, p.which FROM pruned p WHERE p.segment = ";
  sql.value(segment);
  and_owned(sql, "p.owner", owners);
  return sql.take();
}

OptionalQuery QueryBuilder::ledger(const std::string& owner,
                                   const std::string& authorization) const {
  const auto id = words_.find(owner);
  if (!id) return std::nullopt;
  Sql sql(dialect_);
  sql << "SELECT entries FROM ledger WHERE authorization = ";
  sql.value(authorization) << " AND owner = ";
  sql.value(*id) << " ORDER BY sequence";
  return sql.take();
}

OptionalQuery QueryBuilder::pulls(const std::string& owner,
                                  const fhir::ResourceId& claim) const {
  const auto id = words_.find(owner);
  const auto type = words_.find(claim.type);
  if (!id || !type) return std::nullopt;
  Sql sql(dialect_);
  sql << "SELECT version, partner, at FROM pull WHERE id = ";
  sql.value(claim.id) << " AND type = ";
  sql.value(*type) << " AND owner = ";
  sql.value(*id) << " ORDER BY sequence, version";
  return sql.take();
}

OptionalQuery QueryBuilder::dependents(const std::string& owner,
                                       const std::string& resource) const {
  const auto id = words_.find(owner);
  if (!id) return std::nullopt;
  Sql sql(dialect_);
  sql << "SELECT case_key FROM dependent WHERE resource = ";
  sql.value(resource) << " AND owner = ";
  sql.value(*id) << " ORDER BY case_key";
  return sql.take();
}

OptionalQuery QueryBuilder::key(const std::string& owner,
                                const std::string& type,
                                const std::string& key) const {
  const auto id = words_.find(owner);
  const auto kind = words_.find(type);
  if (!id || !kind) return std::nullopt;
  Sql sql(dialect_);
  sql << "SELECT resource FROM business_key WHERE key = ";
  sql.value(key) << " AND type = ";
  sql.value(*kind) << " AND owner = ";
  sql.value(*id);
  return sql.take();
}

OptionalQuery QueryBuilder::feed(const Scope& scope, const std::string& topic,
                                 Sequence after, std::size_t count) const {
  const auto owners = owners_of(scope, words_);
  const auto id = words_.find(topic);
  if (owners.nobody() || !id) return std::nullopt;
  Sql sql(dialect_);
  sql << "SELECT f.sequence, f.owner, f.topic, f.type, f.id, f.version "
         "FROM feed f WHERE f.topic = ";
  sql.value(*id);
  and_owned(sql, "f.owner", owners) << " AND f.sequence > ";
  sql.value(after) << " ORDER BY f.sequence LIMIT ";
  sql.value(static_cast<std::int64_t>(count));
  return sql.take();
}

}  // namespace gateway::store
