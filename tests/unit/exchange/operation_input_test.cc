#include "exchange/operation_input.h"

#include <gtest/gtest.h>

#include <array>

#include "unit/exchange/operations.h"

namespace gateway::exchange {
namespace {

constexpr std::array<std::string_view, 2> kNames = {"url", "count"};

OrRefusal<OperationInput> input(const std::string& target,
                                const std::string& body = {},
                                transport::Headers headers = fhir_content()) {
  return read_operation_input(asked("POST", target, body, std::move(headers)),
                              body, KeyTable::none(), kNames);
}

constexpr const char* kTarget = "/fhir/ValueSet/$expand";

TEST(OperationInputTest, TheBodyCountsBeforeTheQuery) {
  const auto both =
      taken(input(std::string(kTarget) + "?url=a&count=3",
                  R"({"resourceType":"Parameters","parameter":[{"name":"url",)"
                  R"("valueUri":"b"}]})"));
  EXPECT_EQ(both.text("url"), "b");
  EXPECT_EQ(both.text("count"), "3");
  EXPECT_EQ(both.text("filter"), "");
  EXPECT_EQ(both.place("url"), "Parameters.parameter[0]");
  EXPECT_EQ(both.place("count"), "count");
  EXPECT_EQ(taken(number_parameter(both, "count")), 3U);
  EXPECT_EQ(taken(number_parameter(both, "offset")), std::nullopt);
}

TEST(OperationInputTest, RefusesWhatIsWrongWithItsPlace) {
  EXPECT_EQ(refusal_text(input(std::string(kTarget) + "?url=a&url=b")),
            "400 operation/bad-parameter");
  EXPECT_EQ(refusal_text(input(kTarget, "[]")), "400 operation/no-resource");
  EXPECT_EQ(refusal_text(input(kTarget, "no")), "400 rest/invalid");
  for (const auto* number : {"x", "-1", "1.5", "99999999999"}) {
    const auto read = taken(input(std::string(kTarget) + "?count=" + number));
    EXPECT_EQ(refusal_text(number_parameter(read, "count")),
              "400 operation/bad-parameter")
        << number;
  }
}

TEST(OperationInputTest, UnknownNamesAreRefusedWhereHandlingIsStrict) {
  const auto target = std::string(kTarget) + "?urll=a";
  EXPECT_EQ(refusal_text(input(target)), "ok");
  auto strict = fhir_content();
  strict.emplace_back("prefer", "handling=strict");
  const auto refused = input(target, {}, strict);
  ASSERT_EQ(refusal_text(refused), "400 operation/unknown-parameter");
  EXPECT_EQ(std::get<Refusal>(refused).outcome.findings().front().remedy,
            "did you mean url?");
}

}  // namespace
}  // namespace gateway::exchange
