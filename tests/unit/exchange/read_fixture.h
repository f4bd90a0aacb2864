// A store with two EHRs, a clearinghouse that serves one of them, and a few
// resources of each.

#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "exchange/caller.h"
#include "exchange/search_parameters.h"
#include "exchange/stored_body.h"
#include "unit/exchange/exchange_fixture.h"
#include "unit/store/scratch_store.h"

namespace gateway::exchange {

class ReadFixture : public testing::Test {
 protected:
  void SetUp() override { ASSERT_NE(store_, nullptr); }

  // Stores the text as that version.
  void put(const std::string& owner, const std::string& id,
           const std::string& text, std::uint32_t version = 1) {
    const auto sent = json_of(text);
    auto body = stored_body(
        sent.root(),
        {.id = id, .version = version, .last_updated = store::second(version)});
    const auto document = json_of(body);
    store::ResourceWrite write;
    write.id = {std::string(document.root().get("resourceType").text()), id};
    write.version = version;
    write.owner = owner;
    write.case_key = patient_of(document.root(), site_);
    write.status = status_of(document.root());
    write.index = index_entries(document.root(), site_);
    write.body = std::move(body);
    write.last_updated = store::second(version);
    const auto done =
        store::committed(*store_, store::commit_of(owner, {std::move(write)}));
    ASSERT_TRUE(done.ok()) << done.error().message;
  }

  void put_claim(const std::string& owner, const std::string& id,
                 const std::string& status, std::uint32_t version = 1) {
    put(owner, id,
        R"({"resourceType":"Claim","status":")" + status +
            R"(","use":"claim","patient":{"reference":"Patient/p-)" + owner +
            R"("},"insurance":[{"coverage":{"reference":"Coverage/c-)" + owner +
            R"("}}]})",
        version);
  }

  // A patient with a coverage that a claim names and one that none names.
  void fill(const std::string& owner) {
    put(owner, "p-" + owner, R"({"resourceType":"Patient"})");
    const auto coverage =
        R"({"resourceType":"Coverage","status":"active",
            "beneficiary":{"reference":"Patient/p-)" +
        owner + "\"}}";
    put(owner, "c-" + owner, coverage);
    put(owner, "unnamed-" + owner, coverage);
    put(owner, "o-" + owner, R"({"resourceType":"Organization"})");
    put_claim(owner, "active-" + owner, "active");
    put_claim(owner, "draft-" + owner, "draft");
  }

  store::ScratchFolder folder_;
  std::unique_ptr<store::Store> store_ =
      store::open_or_fail(store::options_for(folder_.path()));
  const Site site_ = test_site();
  const Caller ehr_ = {.partner = "a", .role = Role::ehr, .serves = {}};
  const Caller other_ = {.partner = "b", .role = Role::ehr, .serves = {}};
  const Caller house_ = {
      .partner = "house", .role = Role::clearinghouse, .serves = {"a"}};
  const Caller operator_ = {
      .partner = "op", .role = Role::operator_, .serves = {}};
};

}  // namespace gateway::exchange
