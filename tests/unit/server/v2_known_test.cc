#include "server/v2_known.h"

#include <gtest/gtest.h>

#include <future>

#include "unit/server/scratch_gateway.h"

namespace gateway::server {
namespace {

using store::MessageState;

std::string message(const std::string& sender, const std::string& text) {
  return "MSH|^~\\&|" + sender + "|CLINIC|W|S|20260401||ADT^A04|C1|P|2.5.1\r" +
         text + "\r";
}

class V2KnownTest : public testing::Test {
 protected:
  static parse::Hl7v2Header header(const std::string& content) {
    const auto parsed = parse::Hl7v2Message::parse(content);
    return parsed ? parse::header_of(*parsed) : parse::salvaged_header(content);
  }
  void keep(MessageState state, const std::string& content,
            const std::string& digest, const std::string& rule = "") {
    store::Commit commit;
    commit.message = {.owner = "demo-ehr",
                      .channel = "mllp",
                      .received_at = gateway_.now,
                      .request = "ADT^A04",
                      .control_id = "C1",
                      .digest = digest,
                      .content = content,
                      .state = state,
                      .rule = rule,
                      .answer = "answer to " + content};
    note_name(name_of(header(content)), commit.message);
    std::promise<bool> done;
    gateway_.store().commit(std::move(commit), [&](const auto& receipt) {
      done.set_value(receipt.ok());
    });
    ASSERT_TRUE(done.get_future().get());
  }

  // "free", "refused" or the stored answer.
  std::string asked(const std::string& content,
                    const Edition* edition = demo_edition().get()) {
    const auto named = header(content);
    const auto found =
        objection_to({"demo-ehr", content, named, edition}, gateway_.store());
    if (!found.ok()) return "error";
    if (const auto* known = std::get_if<store::Message>(&*found)) {
      return known->answer;
    }
    return found->index() == 0 ? "free" : "refused";
  }
  static std::string refusal(const std::string& content) {
    return refusal_digest(content, *demo_edition());
  }

  ScratchGateway gateway_;
  const std::string sent_ = message("EHR", "PID|1");
  const std::string other_ = message("EHR", "PID|2");
};

TEST_F(V2KnownTest, AFreeControlIdHasNoObjection) {
  EXPECT_EQ(asked(sent_), "free");
}

TEST_F(V2KnownTest, WhatWasTakenForbidsOtherBytes) {
  keep(MessageState::accepted, sent_, "d1");
  EXPECT_EQ(asked(other_), "refused");
  EXPECT_EQ(asked(message("EHR2", "PID|2")), "free");
}

TEST_F(V2KnownTest, WhatWasRefusedIsAnsweredAlikeByItsEdition) {
  keep(MessageState::rejected, sent_, refusal(sent_));
  EXPECT_EQ(asked(sent_), "answer to " + sent_);
  EXPECT_EQ(asked(other_), "refused");
  Edition other = *demo_edition();
  other.hash = "another";
  EXPECT_EQ(asked(sent_, &other), "free");
  EXPECT_EQ(asked(sent_, nullptr), "free");
}

TEST_F(V2KnownTest, WhatCouldNotBeReadIsAnsweredAlikeToo) {
  keep(MessageState::unparsed, sent_, refusal(sent_));
  EXPECT_EQ(asked(sent_), "answer to " + sent_);
}

TEST_F(V2KnownTest, WhatPassesLeavesTheControlIdFree) {
  keep(MessageState::rejected, sent_, "", "store/full");
  EXPECT_EQ(asked(sent_), "free");
  EXPECT_EQ(asked(other_), "free");
}

TEST_F(V2KnownTest, ARefusalIsFoundWhateverItsBytesAre) {
  const auto sent = message("CL\xc3\x8dNICA", "PID|1");
  keep(MessageState::rejected, sent, refusal(sent));
  EXPECT_EQ(asked(sent), "answer to " + sent);
  EXPECT_EQ(asked(message("CL\xc3\x8dNICA", "PID|2")), "refused");
}

TEST_F(V2KnownTest, AnOldRefusalIsFoundBehindManyOfItsControlId) {
  keep(MessageState::rejected, sent_, refusal(sent_));
  for (int i = 0; i < 21; ++i) {
    keep(MessageState::rejected, message("EHR2", std::to_string(i)),
         "d" + std::to_string(i));
  }
  EXPECT_EQ(asked(sent_), "answer to " + sent_);
}

// One partner with many facilities that all number from 1; and a sender that
// never tires.
TEST_F(V2KnownTest, AnIdIsKnownBehindManyOfOthersAndManyThatWereRefused) {
  keep(MessageState::accepted, sent_, "d0");
  for (int i = 0; i < 25; ++i) {
    const auto n = std::to_string(i);
    keep(MessageState::accepted, message("EHR" + n, "PID|1"), "d" + n + ".");
    const auto changed = message("EHR", "PID|" + n + ".");
    keep(MessageState::rejected, changed, refusal(changed),
         "v2/known-control-id");
  }
  EXPECT_EQ(asked(other_), "refused");
}

TEST_F(V2KnownTest, WhatIsStoredMayChange) {
  int count = 0;
  const auto digest = [&](int status, const char* rule = "rest/no-match") {
    return refusal_digest(exchange::refusal(status, {.rule = rule}), sent_,
                          *demo_edition(), std::to_string(++count));
  };
  EXPECT_EQ(digest(409, "v2/known-control-id"), refusal(sent_));
  EXPECT_EQ(digest(422), refusal(sent_));
  for (const int passes : {429, 500, 507}) EXPECT_EQ(digest(passes), "");
  for (const int conflict : {409, 412}) {
    EXPECT_NE(digest(conflict), digest(conflict));
    keep(MessageState::rejected, sent_, digest(conflict), "rest/no-match");
    EXPECT_EQ(asked(sent_), "free");
    EXPECT_EQ(asked(other_), "refused");
  }
}

// The refused second message does not take the id from the first.
TEST_F(V2KnownTest, TheIdIsThatOfTheFirst) {
  keep(MessageState::rejected, sent_, refusal(sent_), "map/invalid");
  keep(MessageState::rejected, other_, refusal(other_), "v2/known-control-id");
  EXPECT_EQ(asked(sent_), "answer to " + sent_);
  EXPECT_EQ(asked(other_), "answer to " + other_);
  EXPECT_EQ(asked(message("EHR", "PID|3")), "refused");
}

}  // namespace
}  // namespace gateway::server
