// Validation touches no heap for definitions: how often it allocates depends on
// the resource and what is found in it, neither on how many profiles are loaded
// nor on how often it ran. Every allocation of this program is counted.

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <new>

#include "unit/validate/core.h"

namespace {

// Per thread: what other threads do is none of the test's business.
thread_local std::size_t allocations = 0;

void* counted(std::size_t size) {
  ++allocations;
  return std::malloc(size == 0 ? 1 : size);  // NOLINT
}

}  // namespace

void* operator new(std::size_t size) {
  void* const made = counted(size);
  if (made == nullptr) std::abort();
  return made;
}
void operator delete(void* what) noexcept { std::free(what); }  // NOLINT
void operator delete(void* what, std::size_t) noexcept {
  std::free(what);  // NOLINT
}

namespace gateway::validate {
namespace {

struct Counts {
  std::size_t first = 0;  // invariants that are met are compiled here
  std::size_t second = 0;
  std::size_t hundredth = 0;
};

Counts count(const std::string& resource,
             const fhir::SharedDefinitions& definitions) {
  const Validator validator(definitions);
  const auto document = parse_shared(resource, definitions->keys());
  EXPECT_TRUE(document.ok());
  Counts counts;
  for (int i = 1; i <= 100; ++i) {
    const auto before = allocations;
    EXPECT_TRUE(validator.validate(**document).acceptable());
    const auto made = allocations - before;
    if (i == 1) counts.first = made;
    if (i == 2) counts.second = made;
    counts.hundredth = made;
  }
  return counts;
}

fhir::SharedDefinitions with_profiles(int number) {
  std::vector<std::string> texts;
  for (int i = 0; i < number; ++i) {
    texts.push_back(profile_text("more-" + std::to_string(i), "Patient",
                                 R"([{"path":"Patient.name","min":1}])"));
  }
  return with(texts);
}

const std::string kPatient =
    R"({"resourceType":"Patient","active":true,"gender":"female",)"
    R"("text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/)"
    R"(1999/xhtml\">A</div>"},)"
    R"("birthDate":"1984-05-12","name":[{"family":"Okafor","given":["Dana"]}],)"
    R"("contact":[{"name":{"text":"A"},"telecom":[{"system":"phone",)"
    R"("value":"1"}]}],"identifier":[{"system":"urn:x","value":"1"}]})";

TEST(HeapTest, CountsWhatIsAllocated) {
  const auto before = allocations;
  const auto document = parse_shared("[1]", KeyTable::none());
  EXPECT_TRUE(document.ok());
  EXPECT_GT(allocations, before);
}

TEST(HeapTest, RepeatingAllocatesNoMoreAndNothingForDefinitions) {
  const auto counts = count(kPatient, core());
  std::printf("allocations of a Patient: first %zu, second %zu, 100th %zu\n",
              counts.first, counts.second, counts.hundredth);
  EXPECT_EQ(counts.hundredth, counts.second);
  EXPECT_EQ(counts.second, 0U);
}

TEST(HeapTest, TheNumberOfLoadedProfilesCountsForNothing) {
  const auto none = count(kPatient, core());  // and the scratch has its size
  const auto few = count(kPatient, with_profiles(1));
  const auto many = count(kPatient, with_profiles(300));
  std::printf("with 1 profile more: %zu, with 300: %zu\n", few.second,
              many.second);
  EXPECT_EQ(few.first, many.first);
  EXPECT_EQ(few.second, many.second);
  EXPECT_EQ(few.second, none.second);
}

// The same of a resource that claims one of the profiles.
TEST(HeapTest, AClaimedProfileCostsTheSameAmongMany) {
  auto claiming = kPatient;
  claiming.insert(1, claims("more-0") + ",");
  const auto few = count(claiming, with_profiles(1));
  const auto many = count(claiming, with_profiles(300));
  std::printf("claiming one of 1: %zu, of 300: %zu\n", few.second, many.second);
  EXPECT_EQ(few.second, many.second);
}

}  // namespace
}  // namespace gateway::validate
