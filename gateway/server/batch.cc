#include "server/batch.h"

#include <memory>
#include <utility>

#include "server/turn.h"

namespace gateway::server {
namespace {

class Batch : public std::enable_shared_from_this<Batch> {
 public:
  Batch(const Parts& parts, Incoming incoming, exchange::WriteRequest request,
        Answer answer)
      : parts_(parts),
        mark_(parts.under_way),
        incoming_(std::move(incoming)),
        request_(std::move(request)),
        answer_(std::move(answer)),
        answers_(request_.entries.size()) {}

  void next() {
    if (done_ == request_.order.size()) return finish();
    const auto position = request_.order[done_++];
    const auto& entry = request_.entries[position];
    if (entry.refusal) {
      answers_[position].refusal = entry.refusal;
      return next();
    }
    if (!exchange::writes(entry.interaction.action)) {
      answers_[position] =
          read_in_bundle(parts_, incoming_.caller, entry.interaction);
      return next();
    }
    write(position);
  }

 private:
  void write(std::size_t position) {
    const auto& entry = request_.entries[position];
    Incoming one = incoming_;
    one.interaction = entry.interaction;
    one.interaction.prefer = incoming_.interaction.prefer;
    one.body = std::string(entry.resource.raw());
    one.once.clear();  // it names the whole batch
    std::make_shared<Turn>(
        parts_, std::move(one),
        [self = shared_from_this(), position](transport::Response response) {
          self->answers_[position].response = std::move(response);
          self->next();
        })
        ->begin();
  }

  void finish() {
    auto response = exchange::bundle_answer(
        request_.kind, answers_, incoming_.interaction.prefer, parts_.site);
    store::Commit commit;
    commit.message = received(incoming_);
    ended(commit.message, store::MessageState::accepted, {}, response);
    parts_.store.commit(
        std::move(commit),
        [self = shared_from_this(), response = std::move(response)](
            const Result<store::Receipt>& receipt) {
          self->answer_(receipt
                            ? response
                            : unavailable(receipt.error(), self->parts_.site));
        });
  }

  const Parts& parts_;
  UnderWay::Mark mark_;
  Incoming incoming_;
  exchange::WriteRequest request_;
  Answer answer_;
  std::vector<exchange::EntryAnswer> answers_;
  std::size_t done_ = 0;
};

}  // namespace

exchange::EntryAnswer read_in_bundle(const Parts& parts,
                                     const exchange::Caller& caller,
                                     const exchange::Interaction& asked) {
  auto read = exchange::read_answer(asked, caller, parts.store, parts.site,
                                    here(parts));
  if (read.pulls.empty()) return {.response = std::move(read.response)};
  return {.response = exchange::refusal_answer(
              exchange::refusal(
                  400, {.rule = "rest/pull-alone",
                        .type = fhir::IssueType::not_supported,
                        .text = "a claim is not pulled inside a Bundle, since "
                                "each pull is recorded by itself",
                        .remedy = "read the claim by a GET of its own"}),
              parts.site)};
}

void write_batch(const Parts& parts, Incoming incoming,
                 exchange::WriteRequest request, Answer answer) {
  std::make_shared<Batch>(parts, std::move(incoming), std::move(request),
                          std::move(answer))
      ->next();
}

}  // namespace gateway::server
