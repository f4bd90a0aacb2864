#include "fhirpath/problem.h"

namespace gateway::fhirpath {

std::string_view name(ProblemKind kind) {
  switch (kind) {
    case ProblemKind::syntax:
      return "syntax";
    case ProblemKind::semantic:
      return "semantic";
    case ProblemKind::execution:
    case ProblemKind::budget:
      return "execution";
  }
  return "execution";
}

Error error(const Problem& problem) {
  const auto code = problem.kind == ProblemKind::budget ? ErrorCode::too_large
                                                        : ErrorCode::invalid;
  std::string text(name(problem.kind));
  text += " error at byte " + std::to_string(problem.place) + ": ";
  return Error{code, text + problem.message, problem.place};
}

}  // namespace gateway::fhirpath
