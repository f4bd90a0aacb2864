#include "server/parked_tasks.h"

#include <algorithm>
#include <future>
#include <memory>
#include <utility>

#include "billing/task_step.h"
#include "server/patient_numbers.h"

namespace gateway::server {
namespace {

Status write_task(const Parts& parts, const ParkedMessage& message,
                  std::uint32_t version, std::string body,
                  store::Commit& commit) {
  const auto document = parse_shared(body, parts.keys);
  if (!document) return document.error();
  const Json task = (*document)->root();
  commit.resources.push_back(
      {.id = message.task,
       .version = version,
       .owner = message.owner,
       .case_key = {},
       .status = std::string(task.get("status").text()),
       .body = body,
       .index = exchange::index_entries(task, parts.site),
       .last_updated = parts.clock()});
  commit.feed.push_back({message.owner, "task-changed", message.task, version});
  return Done{};
}

struct StoredTask {
  store::StoredResource stored;
  SharedDocument document;
  [[nodiscard]] Json root() const { return document->root(); }
};

Result<StoredTask> read_task(const Parts& parts, const std::string& owner,
                             const fhir::ResourceId& id) {
  auto stored = parts.store.read(store::Scope::of(owner), id, std::nullopt);
  if (!stored) return stored.error();
  if (!*stored) return Error{ErrorCode::not_found, "there is no such Task"};
  auto document = parse_shared((*stored)->body, parts.keys);
  if (!document) return document.error();
  return StoredTask{**std::move(stored), *std::move(document)};
}

Status committed(const Parts& parts, store::Commit commit) {
  auto end = std::make_shared<std::promise<Status>>();
  parts.store.commit(
      std::move(commit), [end](const Result<store::Receipt>& receipt) {
        end->set_value(receipt ? Status(Done{}) : Status(receipt.error()));
      });
  return end->get_future().get();
}

// The log's own word that something became of a Task.
store::Commit note_of(const ParkedMessage& message, const std::string& what,
                      Instant now) {
  store::Commit commit;
  commit.message.owner = message.owner;
  commit.message.channel = "timer";
  commit.message.received_at = now;
  commit.message.request = what + " " + message.task.text();
  commit.message.state = store::MessageState::held;
  return commit;
}

}  // namespace

fhir::ResourceId add_task(const Parts& parts, const Parked& parked,
                          const Hold& hold, store::Commit& commit) {
  const auto now = parts.clock();
  const ParkedMessage message{.owner = parked.partner,
                              .task = {"Task", parts.ids.next()}};
  auto body = parking_task(parked, hold,
                           {.id = message.task.id,
                            .version = 1,
                            .authored = utc_text(now),
                            .now = now});
  // Our own text can be read.
  (void)write_task(parts, message, 1, std::move(body), commit);
  commit.dependents.push_back({kParkedKey, message.task.text()});
  return message.task;
}

Status complete_task(const Parts& parts, const ParkedMessage& message,
                     store::Commit& commit) {
  const auto task = read_task(parts, message.owner, message.task);
  if (!task) return task.error();
  if (!is_open(task->root())) {
    return Error{ErrorCode::invalid, "somebody else closed the Task"};
  }
  const auto version = task->stored.version + 1;
  return write_task(parts, message, version,
                    completed_task(task->root(), version, parts.clock()),
                    commit);
}

Result<TaskState> task_state(const Parts& parts, const ParkedMessage& message) {
  const auto task = read_task(parts, message.owner, message.task);
  if (!task) return task.error();
  return is_open(task->root()) ? TaskState::open : TaskState::closed;
}

Status escalate_task(const Parts& parts, const ParkedMessage& message,
                     const program::Programs& programs) {
  const auto task = read_task(parts, message.owner, message.task);
  if (!task) return task.error();
  const Json root = task->root();
  if (!is_open(root) || is_escalated(root)) return Done{};
  const auto now = parts.clock();
  const auto turn = billing::escalation_of(
      {.id = {},
       .status = std::string(root.get("status").text()),
       .authored = std::string(root.get("authoredOn").text()),
       .modified = {}},
      nullptr, programs, now);
  if (turn.lead == nullptr) return Done{};
  const auto version = task->stored.version + 1;
  auto commit = note_of(message, "escalates", now);
  auto body = escalated_task(
      root, {.base = parts.site.canonical}, *turn.lead,
      {.id = message.task.id, .version = version, .authored = {}, .now = now});
  if (auto done = write_task(parts, message, version, std::move(body), commit);
      !done) {
    return done;
  }
  return committed(parts, std::move(commit));
}

Result<TaskState> renew_task(const Parts& parts, const ParkedMessage& message,
                             const Parked& parked, const Hold& hold) {
  const auto task = read_task(parts, message.owner, message.task);
  if (!task) return task.error();
  if (!is_open(task->root())) return TaskState::closed;
  if (!says_otherwise(task->root(), parked, hold)) return TaskState::open;
  const auto now = parts.clock();
  const auto version = task->stored.version + 1;
  auto commit = note_of(message, "waits", now);
  auto body = with_owner_of(
      task->root(),
      parking_task(
          parked, hold,
          {.id = message.task.id,
           .version = version,
           .authored = std::string(task->root().get("authoredOn").text()),
           .now = now}));
  if (auto done = write_task(parts, message, version, std::move(body), commit);
      !done) {
    return done.error();
  }
  if (auto done = committed(parts, std::move(commit)); !done) {
    return done.error();
  }
  return TaskState::open;
}

Result<std::vector<ParkedMessage>> parked_before(const Parts& parts,
                                                 const std::string& partner) {
  const auto tasks = parts.store.dependents(partner, kParkedKey);
  if (!tasks) return tasks.error();
  std::vector<ParkedMessage> messages;
  for (const auto& reference : *tasks) {
    const fhir::ResourceId id{"Task",
                              reference.substr(reference.find('/') + 1)};
    const auto task = read_task(parts, partner, id);
    if (!task) return task.error();
    if (!is_open(task->root())) continue;
    const std::string digest(
        task->root().get("identifier").first().get("value").text());
    const auto message = parts.store.find_digest(partner, digest);
    if (!message) return message.error();
    if (!*message) continue;
    const auto& keys = (*message)->message.keys;
    messages.push_back(
        {.sequence = (*message)->sequence,
         .owner = partner,
         .digest = digest,
         .task = id,
         .keys = {keys.begin(), keys.end()},
         .is_looked_at = task->root().find("reasonCode.coding.code").text() ==
                         kSeveralPatients});
  }
  std::sort(messages.begin(), messages.end(),
            [](const auto& one, const auto& other) {
              return one.sequence < other.sequence;
            });
  return messages;
}

}  // namespace gateway::server
