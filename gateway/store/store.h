// Store keeps what was acknowledged. Everything that one message causes is one
// Commit: it is there as a whole, durable, before `done` is called, or not at
// all. Reads go through a Scope, so that no query can forget whose rows it may
// see.
//
// An I/O error while syncing is fatal: the store calls the fatal handler that
// it was opened with and completes nothing afterwards. A full disk is not
// fatal: commits end as unavailable with `disk_full` until there is room again,
// and reads go on.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/result.h"
#include "fhir/resource.h"
#include "store/retention.h"

namespace gateway::store {

// Whose rows a caller may see. A clearinghouse sees the claims of the partners
// it serves but no drafts; an operator sees all.
struct Scope {
  bool everything = false;
  std::vector<std::string> owners{};
  bool hide_draft_claims = false;

  static Scope all() { return {.everything = true, .owners = {}}; }
  static Scope of(std::string owner) { return {.owners = {std::move(owner)}}; }
};

// When a message passed the stages before its commit; nothing where it did
// not, or has no such stage.
struct Stages {
  std::optional<Instant> parsed{};
  std::optional<Instant> mapped{};
  std::optional<Instant> judged{};  // its findings are known
};

// One message as received, and how it ended.
struct Message {
  std::string owner{};
  std::string channel{};  // "fhir", "mllp", "edge"
  Instant received_at{};
  std::string peer{};
  std::string request{};  // "POST /fhir/Procedure", "REF^I12"; no query values
  std::string control_id{};
  std::string digest{};   // of what makes two messages the same; empty: none
  std::string content{};  // exact bytes
  MessageState state = MessageState::accepted;
  std::string rule{};               // gravest finding, empty if none
  std::string outcome{};            // OperationOutcome, or empty
  int status = 0;                   // HTTP status of the answer
  std::string answer{};             // as sent: for replays of the same message
  std::string answer_headers{};     // "Name: value" lines that a replay repeats
  std::vector<std::string> keys{};  // patient, claim number, authorization ...
  Stages stages{};
};

// A value that a resource can be searched by.
struct IndexEntry {
  std::string param{};  // search parameter, as "patient"
  std::string value{};  // normalized by store/search_index.h
  bool operator==(const IndexEntry&) const = default;
};

struct ResourceWrite {
  fhir::ResourceId id{};
  std::uint32_t version = 1;  // 1 creates; n replaces exactly version n-1
  std::string owner{};
  std::string case_key{};  // all resources of one patient; empty: of no patient
  std::string status{};    // of the resource, empty if it has none
  std::string body{};      // exact text, with id and meta
  std::vector<IndexEntry> index{};  // all of the current version
  Instant last_updated{};
};

// A key that only one resource of an owner and type may bear. Once taken it
// stays with its resource, which may name it again with each version.
struct BusinessKey {
  std::string owner{};
  std::string type{};
  std::string key{};
  fhir::ResourceId resource{};
};

// One side of a double entry: `amount` moves between accounts of an
// authorization; the entries of one commit add up to zero for each of them and
// each unit, else the commit ends as fault. Entries are never changed.
struct LedgerEntry {
  std::string owner{};
  std::string authorization{};  // ClaimResponse id
  std::string
      account{};       // granted, reserved, used, expired, released, remaining
  std::string unit{};  // visits, hours, units
  std::string amount{};  // decimal text, signed
  std::string cause{};   // versioned reference of what caused it
  std::string reason{};  // booked, attended, reversed ...
};

// What a puller must not miss.
struct FeedEvent {
  std::string owner{};
  std::string topic{};  // "claim-available", "task-changed"
  fhir::ResourceId resource{};
  std::uint32_t version = 0;
};

// A claim version whose body went to a clearinghouse. Of several pulls of one
// version by one partner, the first is kept.
struct Pull {
  std::string owner{};
  fhir::ResourceId claim{};
  std::uint32_t version = 0;
  std::string partner{};
  Instant at{};
};

// A case that must be decided again when the resource (a Location, an
// Organization) changes or comes into being.
struct Dependent {
  std::string resource;  // "Location/1"
  std::string case_key;
  // Of the case; empty: that of the commit's first resource of the case, or of
  // its message where the commit writes none.
  std::string owner{};
};

struct Commit {
  Message message{};
  std::vector<ResourceWrite> resources{};
  std::vector<BusinessKey> keys{};
  std::vector<LedgerEntry> ledger{};
  std::vector<FeedEvent> feed{};
  std::vector<Pull> pulls{};
  std::vector<Dependent> dependents{};
};

struct Receipt {
  Sequence sequence = 0;  // also the message's id in the log
};

// Called once, from the store's thread, after the commit is durable or was
// given up; whoever takes long holds up all commits. `conflict`: a key, a
// version or a digest is taken already; nothing of the commit was kept.
// `busy`: too many wait. `unavailable`: see Error::disk_full. A sequence is
// used by durable commits only.
using CommitDone = std::function<void(Result<Receipt>)>;

struct StoredResource {
  fhir::ResourceId id{};
  std::uint32_t version = 0;
  std::string owner{};
  std::string case_key{};
  Sequence sequence = 0;
  Instant last_updated{};
  std::string body{};
  std::int64_t ordinal = 0;  // place within its commit
};

// A message that the log brings once more has its origin as its peer, and as
// one of its keys: "replay of 75", for one that was refused, and "release of
// 75", for one that waited.
constexpr std::string_view kReplayOf = "replay of ";
constexpr std::string_view kReleaseOf = "release of ";

struct StoredMessage {
  Sequence sequence = 0;
  Message message{};
  Instant committed_at{};
  std::optional<Instant> acknowledged_at{};  // where it is known
};

// All terms must hold; the values of one term are alternatives.
struct SearchTerm {
  std::string param{};
  std::vector<std::string> values{};  // normalized like IndexEntry::value
};

struct SearchQuery {
  std::string type{};
  std::vector<SearchTerm> terms{};
  std::vector<std::string> ids{};          // _id; empty: any
  std::optional<Instant> updated_from{};   // inclusive
  std::optional<Instant> updated_until{};  // exclusive
  std::size_t count = 50;
  // Results lie in the order of their last change, oldest first; `after` is
  // the cursor of the page before, `upto` the snapshot of the first page. With
  // both, what changes between two pages leaves this result and is found by a
  // search after the snapshot; nothing appears twice, nothing else vanishes.
  // Without `upto`, it appears again, as what it has become.
  Sequence after = 0;
  std::int64_t after_ordinal = 0;
  std::optional<Sequence> upto{};
};

struct SearchPage {
  std::vector<StoredResource> resources{};
  bool more = false;
  Sequence last = 0;  // cursor for the next page
  std::int64_t last_ordinal = 0;
  Sequence snapshot = 0;
};

struct MessageQuery {
  std::optional<MessageState> state{};
  std::string partner{};
  std::string control_id{};
  std::string key{};
  std::optional<Instant> since{};  // received then or later
  std::optional<Instant> until{};  // received before
  std::optional<bool> replayed{};  // whether a replay of it was taken
  Sequence before = 0;             // newest first; 0: from the newest
  std::size_t count = 50;
};

class Store {
 public:
  virtual ~Store() = default;

  // Enqueues; commits happen in the order of these calls.
  virtual void commit(Commit commit, CommitDone done) = 0;

  // The answer to that message was written then. Kept with a later commit, or
  // soon; a process that ends before forgets it. Safe from any thread.
  virtual void acknowledged(Sequence sequence, Instant at) = 0;

  // The current version, or that version. Nothing if it does not exist or is
  // out of scope: the two cannot be told apart. Ids are each owner's own; where
  // a scope sees several, it is that of one owner, always the same.
  virtual Result<std::optional<StoredResource>> read(
      const Scope& scope, const fhir::ResourceId& id,
      std::optional<std::uint32_t> version) = 0;
  // Newest first.
  virtual Result<std::vector<StoredResource>> history(
      const Scope& scope, const fhir::ResourceId& id) = 0;
  virtual Result<SearchPage> search(const Scope& scope,
                                    const SearchQuery& query) = 0;
  // How many a search finds on all its pages together.
  virtual Result<std::int64_t> count(const Scope& scope,
                                     const SearchQuery& query) = 0;

  // Current versions of all resources of a case, in the order of creation.
  virtual Result<std::vector<StoredResource>> read_case(
      const std::string& owner, const std::string& case_key) = 0;
  // What the commit of that message wrote, as it was then.
  virtual Result<std::vector<StoredResource>> written_by(Sequence sequence) = 0;
  virtual Result<std::vector<LedgerEntry>> ledger(
      const std::string& owner, const std::string& authorization) = 0;
  virtual Result<std::vector<Pull>> pulls(const std::string& owner,
                                          const fhir::ResourceId& claim) = 0;
  virtual Result<std::vector<std::string>> dependents(
      const std::string& owner, const std::string& resource) = 0;

  virtual Result<std::optional<fhir::ResourceId>> find_key(
      const std::string& owner, const std::string& type,
      const std::string& key) = 0;
  // The message of that owner with that digest, whose answer a replay gets. Of
  // a pruned one nothing but state, status, headers and answer are left.
  virtual Result<std::optional<StoredMessage>> find_digest(
      const std::string& owner, const std::string& digest) = 0;

  virtual Result<std::optional<StoredMessage>> message(const Scope& scope,
                                                       Sequence sequence) = 0;
  virtual Result<std::vector<StoredMessage>> messages(
      const Scope& scope, const MessageQuery& query) = 0;

  // What can be pruned, oldest first: the parts of all closed segments.
  virtual Result<std::vector<SegmentPart>> segments() = 0;
  // Behind the commits that wait. `done` as that of a commit.
  virtual void prune(PruneOrder order, PruneDone done) = 0;
  // What was pruned, newest first, a count for each pruning, partner and state;
  // of the query, only state, partner, since and until count.
  virtual Result<std::vector<Pruned>> pruned(const Scope& scope,
                                             const MessageQuery& query) = 0;
  // When that message was pruned. Nothing if it was not, or is out of scope.
  virtual Result<std::optional<Instant>> pruned_at(const Scope& scope,
                                                   Sequence sequence) = 0;

  // Feed events with sequence > after, in order.
  struct FeedItem {
    Sequence sequence = 0;  // dense within the feed: 1, 2, 3 ...
    FeedEvent event{};
  };
  virtual Result<std::vector<FeedItem>> feed(const Scope& scope,
                                             const std::string& topic,
                                             Sequence after,
                                             std::size_t count) = 0;
  virtual Sequence last_sequence() = 0;
};

}  // namespace gateway::store
