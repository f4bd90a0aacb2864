#include "map/bundle_request.h"

#include <gtest/gtest.h>

namespace gateway::map {
namespace {

TEST(BundleRequestTest, EscapesTheKeyOnceForFhirAndOnceForTheUrl) {
  BusinessKey key;
  EXPECT_EQ(key.query(), "");
  key.note(Rule::Part::value, "a|b c");
  EXPECT_EQ(key.query(), "identifier=a%5C%7Cb%20c");
  key.note(Rule::Part::system, "urn:x");
  EXPECT_EQ(key.query(), "identifier=urn%3Ax%7Ca%5C%7Cb%20c");
  key.is_known = true;
  key.note(Rule::Part::value, "later");
  EXPECT_EQ(key.query(), "identifier=urn%3Ax%7Ca%5C%7Cb%20c");
}

TEST(BundleRequestTest, NumbersItsEntries) {
  EXPECT_EQ(entry_url(26), "urn:uuid:00000000-0000-4000-8000-00000000001a");
}

TEST(BundleRequestTest, OpensATransaction) {
  MapWriter writer;
  open_transaction(writer);
  writer.close(']');
  writer.close('}');
  EXPECT_EQ(writer.text(),
            R"({"resourceType":"Bundle","type":"transaction","entry":[]})");
}

}  // namespace
}  // namespace gateway::map
