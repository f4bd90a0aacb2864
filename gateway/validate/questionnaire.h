// Holds a QuestionnaireResponse against its Questionnaire: items, types of
// answers, options, bounds, and which items are enabled.
// https://hl7.org/fhir/R4/questionnaireresponse.html

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "fhir/definitions.h"
#include "validate/findings.h"

namespace gateway::validate {

class QuestionnaireCheck {
 public:
  // `response` is a QuestionnaireResponse; all must outlive the check.
  QuestionnaireCheck(const fhir::Definitions& definitions, Findings& findings,
                     Json response)
      : definitions_(definitions), findings_(findings), response_(response) {}

  void run(Json questionnaire);

 private:
  void items(Json defined, Json answered);
  void item(Json definition, const std::vector<Json>& found, Json parent);
  void answers(Json definition, Json item);
  void answer(Json definition, Json answer);
  void type(Json definition, Json value, std::string_view suffix);
  void options(Json definition, Json answer, Json value,
               std::string_view suffix);
  void bounds(Json definition, Json value);
  void text_bounds(Json definition, Json value);
  void units(Json definition, Json value);
  void count(Json definition, std::size_t answers, Json place, bool enabled);
  [[nodiscard]] bool enabled(Json definition, Json parent) const;
  [[nodiscard]] bool condition_holds(Json condition, Json parent) const;
  [[nodiscard]] bool expression_holds(Json definition, bool& found) const;
  void wrong(Json place, std::string_view rule, std::string text,
             std::string wanted = {});

  const fhir::Definitions& definitions_;
  Findings& findings_;
  Json response_;
};

}  // namespace gateway::validate
