// What the writer asks about its own rows, and what it deletes of them;
// without a scope, since it names the owner or the commit in each.

#pragma once

namespace gateway::store::writer_query {

// type, id, owner -> version, position, created, entries
extern const char* const kHead;
extern const char* const kLastMessage;
extern const char* const kLastFeed;
extern const char* const kWords;  // id, text

// value, cluster, owner, position, param
extern const char* const kDeleteEntry;

// Retention. from, to -> sequence, owner, state, received, start, bytes,
// digest, control, keys
extern const char* const kSegmentRows;
extern const char* const kKeepAnswer;     // sequence
extern const char* const kDeleteDigest;   // digest, owner
extern const char* const kDeleteMessage;  // sequence
extern const char* const kCutBody;        // sequence, bytes that stay
extern const char* const kDeleteBody;     // sequence
extern const char* const kPrunedBefore;   // segment, state, owner, at -> which
// received before
extern const char* const kDeleteOldDigests;
extern const char* const kDeleteOldAnswers;

}  // namespace gateway::store::writer_query
