#include "store/writer_query.h"

namespace gateway::store::writer_query {

const char* const kHead =
    "SELECT h.version, h.position, v.created, v.entries FROM head h "
    "JOIN version v ON v.position = h.position "
    "WHERE h.type = ?1 AND h.id = ?2 AND h.owner = ?3";
const char* const kLastMessage =
    "SELECT coalesce(max(sequence), 0) FROM message";
const char* const kLastFeed = "SELECT coalesce(max(sequence), 0) FROM feed";
const char* const kWords = "SELECT id, text FROM word";

const char* const kDeleteEntry =
    "DELETE FROM entry WHERE value=?1 AND cluster=?2 AND owner=?3 "
    "AND position=?4 AND param=?5";

const char* const kSegmentRows =
    "SELECT sequence, owner, state, received, start, "
    "content + outcome + answer, digest, control, keys FROM message "
    "WHERE sequence BETWEEN ?1 AND ?2 ORDER BY sequence";
const char* const kKeepAnswer =
    "INSERT INTO answer SELECT m.sequence, m.owner, m.digest, m.received, "
    "m.state, m.status, m.headers, "
    "substr(b.bytes, m.start + m.content + m.outcome + 1, m.answer) "
    "FROM message m JOIN body b ON b.sequence = m.sequence "
    "WHERE m.sequence = ?1";
const char* const kDeleteDigest =
    "DELETE FROM digest WHERE digest=?1 AND owner=?2";
const char* const kDeleteMessage = "DELETE FROM message WHERE sequence=?1";
const char* const kCutBody =
    "UPDATE body SET bytes=substr(bytes, 1, ?2) WHERE sequence=?1";
const char* const kDeleteBody = "DELETE FROM body WHERE sequence=?1";
const char* const kPrunedBefore =
    "SELECT which FROM pruned WHERE segment=?1 AND state=?2 AND owner=?3 "
    "AND at=?4";
const char* const kDeleteOldDigests =
    "DELETE FROM digest WHERE (digest, owner) IN "
    "(SELECT digest, owner FROM answer WHERE received < ?1)";
const char* const kDeleteOldAnswers = "DELETE FROM answer WHERE received < ?1";

}  // namespace gateway::store::writer_query
