#include "map/element_name.h"

#include <gtest/gtest.h>

#include <string>

namespace gateway::map {
namespace {

TEST(ElementNameTest, IsALetterThenLettersAndDigits) {
  for (const auto* name : {"id", "valueBase64Binary", "_birthDate", "x1"}) {
    EXPECT_TRUE(is_element_name(name)) << name;
  }
  for (const auto* name : {"", "_", "1x", "a b", "a.b", "$from", "a\"",
                           "\xC3\xA9", "birth-date", "a\n", "__a"}) {
    EXPECT_FALSE(is_element_name(name)) << name;
  }
  EXPECT_TRUE(is_element_name(std::string(64, 'a')));
  EXPECT_FALSE(is_element_name(std::string(65, 'a')));
}

TEST(ElementNameTest, TypesHaveACapital) {
  EXPECT_TRUE(is_type_name("Patient"));
  EXPECT_FALSE(is_type_name("patient"));
  EXPECT_FALSE(is_type_name("_Patient"));
  EXPECT_FALSE(is_type_name(""));
}

TEST(ElementNameTest, SaysWhatMayHaveBeenMeant) {
  EXPECT_EQ(element_name_problem("birth date", "Patient"),
            "\"birth date\" is no name of an element of Patient: a letter, "
            "then letters and digits; did you mean birthdate?");
  EXPECT_NE(element_name_problem("$fromm", "Patient").find("mean $from?"),
            std::string::npos);
  EXPECT_NE(element_name_problem("", "Patient").find("without a name"),
            std::string::npos);
  EXPECT_EQ(element_name_problem("12", "P"),
            "\"12\" is no name of an element of P: a letter, then letters and "
            "digits");
  EXPECT_NE(type_name_problem("patient").find("mean Patient?"),
            std::string::npos);
}

}  // namespace
}  // namespace gateway::map
