// Evaluation is one run of a program: it walks operations by recursion, and
// every operation leaves its collection on top of one stack.

#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fhirpath/expression.h"
#include "fhirpath/program.h"

namespace gateway::fhirpath {

struct Function;

// What $this, $index and $total are.
struct Frame {
  Value focus;
  bool present = false;  // $this exists
  std::int64_t position = 0;
  std::span<const Value> total = {};
};

// A part of the stack, by places: the stack may move.
struct Part {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  [[nodiscard]] std::uint32_t size() const { return end - begin; }
  [[nodiscard]] bool empty() const { return begin == end; }
};

// The answer of an operation that gives one boolean or nothing.
enum class Answer : std::uint8_t { no, yes, empty, failed };
inline Answer answer(bool yes) { return yes ? Answer::yes : Answer::no; }
inline Answer answer(Truth truth) {
  return truth == Truth::unknown ? Answer::empty : answer(truth == Truth::yes);
}

class Evaluation {
 public:
  Evaluation(const Program& program, const Environment& environment,
             Scratch& scratch, const Value& input);
  ~Evaluation();
  Evaluation(const Evaluation&) = delete;
  Evaluation& operator=(const Evaluation&) = delete;

  // All of them: false (or failed) once problem() is set.
  bool run(Part& result);
  Answer run_boolean();
  [[nodiscard]] const Problem& problem() const { return problem_; }

  // Pushes the collection of an operation.
  bool eval(OpIndex index, const Frame& frame);
  bool eval(OpIndex index, const Frame& frame, Part& part);
  // The same, but at least `most` items are enough.
  bool eval_some(OpIndex index, const Frame& frame, std::uint32_t most,
                 Part& part);
  Answer eval_answer(OpIndex index, const Frame& frame);
  // The operation before the dot, or $this.
  bool eval_focus(const Op& op, const Frame& frame, Part& part);
  bool eval_focus_some(const Op& op, const Frame& frame, std::uint32_t most,
                       Part& part);
  // Argument `index`: an operation that sees the frame's $this.
  [[nodiscard]] OpIndex arg(const Op& op, std::size_t index) const {
    return program_.args[op.first_arg + index];
  }
  // A single System value, or `present` false for none; several are an error.
  struct Single {
    Value value;
    bool present = false;
  };
  bool single(OpIndex index, const Frame& frame, Single& out);
  bool single_of(const Part& part, std::uint32_t place, Single& out);

  // A collection as one boolean: any other single item counts as true
  // (FHIRPath 2.0, 4.5).
  Answer as_answer(const Part& part, std::uint32_t place);

  // The stack.
  [[nodiscard]] std::uint32_t top() const { return scratch_.stack.size(); }
  [[nodiscard]] const Value& at(std::uint32_t place) const {
    return scratch_.stack[place];
  }
  [[nodiscard]] Value& at(std::uint32_t place) { return scratch_.stack[place]; }
  [[nodiscard]] std::span<const Value> values(std::uint32_t begin,
                                              std::uint32_t end) const {
    return {scratch_.stack.data() + begin, end - begin};
  }
  bool push(const Value& value) {
    if (scratch_.stack.room() == 0 && !make_room()) return false;
    scratch_.stack.push(value);
    return true;
  }
  void drop_to(std::uint32_t place) { scratch_.stack.cut(place); }
  // Moves what lies from `begin` on down to `base`.
  void settle(std::uint32_t base, std::uint32_t begin);

  // Walking.
  bool walk(const Value& from, const Op& path, std::uint32_t step,
            std::uint32_t enough);
  bool push_children(const Value& from);
  bool push_descendants(const Value& from);
  // The id, extensions and so on of a primitive, from its "_name" member.
  [[nodiscard]] Json sibling_of(const Value& value) const;
  bool push_extensions(const Value& from, std::string_view url);

  // System values of nodes; quantities go to the arena.
  Value system(const Value& value);
  // `text` in the arena. Nothing beyond the budget.
  bool push_text(std::string_view text);
  bool push_quantity(const Decimal& value, std::string_view unit,
                     TimeUnit calendar);
  bool keep(std::string_view text, std::string_view& kept);

  bool fail(std::uint32_t place, std::string message);
  bool over(std::string_view what);
  bool charge(std::uint64_t steps) {
    if (steps > steps_left_) {
      steps_left_ = 0;
      return over("steps");
    }
    steps_left_ -= steps;
    return true;
  }

  [[nodiscard]] const Program& program() const { return program_; }
  [[nodiscard]] const Types& types() const { return program_.types; }
  [[nodiscard]] const Environment& environment() const { return environment_; }
  [[nodiscard]] const Value& input() const { return input_; }
  [[nodiscard]] Json root_resource() const;
  [[nodiscard]] Json resource() const;

  // Names given by defineVariable(): a stack, cut when their scope ends.
  struct Defined {
    std::string_view name;
    std::vector<Value> values;
  };
  std::vector<Defined> defined;

 private:
  bool eval_call(const Op& op, const Frame& frame);
  bool eval_path(const Op& op, const Frame& frame, std::uint32_t most);
  bool eval_index(const Op& op, const Frame& frame);
  bool eval_negate(const Op& op, const Frame& frame);
  bool eval_variable(const Op& op);
  bool eval_type(const Op& op, const Frame& frame);
  bool push_answer(Answer answer);
  bool make_room();

  bool walk_elements(const Value& from, const Op& path, std::uint32_t step,
                     std::uint32_t enough);
  bool walk_sibling(const Value& from, const Op& path, std::uint32_t step,
                    std::uint32_t enough);
  bool walk_member(Json member, const Choice& choice, const Op& path,
                   std::uint32_t step, std::uint32_t enough,
                   std::uint32_t from = 0);
  bool walk_choice(Json object, TypeId owner, const Step& at_step,
                   const Op& path, std::uint32_t step, std::uint32_t enough);
  bool walk_few(Json object, const Step& at_step, const Op& path,
                std::uint32_t step, std::uint32_t enough);
  bool walk_direct(const JsonDocument& document, std::uint32_t object,
                   const Op& path, std::uint32_t step, std::uint32_t enough);
  bool walk_found(const JsonDocument& document, std::uint32_t at,
                  const Choice& choice, const Op& path, std::uint32_t step,
                  std::uint32_t enough);
  bool walk_one(Json object, const Choice& choice, const Op& path,
                std::uint32_t step, std::uint32_t enough);
  bool walk_sibling_only(Json sibling, const Choice& choice, const Op& path,
                         std::uint32_t step, std::uint32_t enough);
  void bind(const JsonDocument& document);
  bool push_member(Json member, TypeId type);
  bool descend(Json root, TypeId type);
  bool place_member(const JsonDocument& document, std::uint32_t at,
                    const Placed& above, Placed& place) const;
  bool push_placed(Json json, Placed& place);
  bool emit(Json json, const Choice& choice, const Op& path, std::uint32_t step,
            std::uint32_t enough);

  const Program& program_;
  const Environment& environment_;
  Scratch& scratch_;
  Value input_;
  const Function* functions_;
  const JsonDocument* bound_ = nullptr;  // for which scratch_.bound holds
  std::uint64_t steps_left_;
  std::uint64_t steps_given_;
  Problem problem_;
};

}  // namespace gateway::fhirpath
