#include "map/map_engine.h"

#include <algorithm>
#include <utility>

#include "map/bundle_request.h"
#include "map/deletion.h"
#include "map/entries.h"
#include "map/first_only.h"
#include "map/map_findings.h"
#include "map/rule_runner.h"

namespace gateway::map {
namespace {

class Runner {
 public:
  using TakenBack = std::vector<Entries::TakenBack>;

  // What `taken_back` names is left out.
  Runner(const MapLibrary& library, const CheckedMap& map, Json source,
         const RunOptions& options, TakenBack taken_back = {})
      : taken_back_(std::move(taken_back)),
        run_{.library = library,
             .map = map,
             .overlay =
                 options.overlay != nullptr ? *options.overlay : *library.plain,
             .explain = options.explain,
             .scopes = {source},
             .entries = Entries(map)} {
    if (run_.explain) {
      run_.output.read.resize(source.document()->node_count(), false);
    }
  }

  MapOutput run() {
    open_transaction(run_.writer);
    for (const auto& emission : run_.map.emissions) emit(emission);
    run_.writer.close(']');
    run_.writer.close('}');
    if (run_.output.verdict != Verdict::reject) {
      run_.output.bundle = run_.writer.take_text();
      run_.output.lineage = run_.writer.take_lineage();
    }
    if (run_.map.document == nullptr) {
      tell_first_only(run_.scopes.front(), run_.passed, run_.output);
    }
    return std::move(run_.output);
  }

  // By a later part of the message, as the run has shown.
  [[nodiscard]] const TakenBack& taken_back() const {
    return run_.entries.taken_back();
  }

 private:
  void emit(const Emission& emission) {
    if (!emission.each.exists() && !emission.from.exists()) {
      return emit_here(emission);
    }
    const bool each = emission.each.exists();
    const auto nodes = rules_.find(each ? emission.each : emission.from);
    for (auto i = nodes.begin; i < (each ? nodes.end : nodes.first()); ++i) {
      run_.scopes.push_back(rules_.node(i));
      emit_here(emission);
      run_.scopes.pop_back();
    }
    rules_.give_back(nodes);
    run_.entries.end_turns(emission);
  }

  void emit_here(const Emission& emission) {
    if (!rules_.holds(emission.when)) {
      rules_.silent(emission.body.id, Silence::condition, emission.place);
      if (emission.type.empty())
        run_.passed.parts.push_back(run_.scopes.back().span());
      return;
    }
    if (emission.type.empty()) {
      run_.entries.begin_turn(emission);
      for (const auto& inner : emission.inner) emit(inner);
    } else {
      emit_resource(emission);
    }
  }

  void emit_resource(const Emission& emission) {
    const auto place = run_.scopes.back().span();
    if (is_taken_back(taken_back_, emission.id, place)) {
      rules_.silent(emission.body.id, Silence::taken_back, emission.place);
      run_.passed.parts.push_back(place);
      return add_taken_back(run_.output, run_.scopes.back(), emission.type);
    }
    const auto mark = run_.writer.mark();
    run_.key = {};
    run_.is_error = false;
    run_.defaulted.clear();
    run_.writer.open('{');
    run_.writer.key("fullUrl");
    run_.writer.value(entry_url(run_.entries.next()), false);
    const auto body = run_.writer.size();
    if (rules_.execute(emission.body, "resource") != Done::written) {
      run_.writer.take_back(mark);
      return;
    }
    const auto method = method_of(emission);
    if (method == Method::withdraw && run_.key.value.empty()) {
      add_nothing_to_withdraw(run_.output, run_.scopes.back(), emission.type);
    }
    if (const auto known = run_.entries.known(
            {emission, method, run_.key, place}, run_.writer.text(), body)) {
      if (!known->is_same) {
        add_second_of_key(run_.output, run_.scopes.back(), emission.type);
      }
      run_.writer.add_sources(mark, run_.passed.values);
      run_.writer.take_back(mark);
      return run_.entries.alias(emission, known->number, place);
    }
    write_request(run_.writer, method, emission.type, run_.key);
    run_.writer.close('}');
    add_amendment(
        run_.output, run_.entries.next() - 1,
        {.emission = emission,
         .method = method,
         .has_key = !run_.key.value.empty(),
         .is_anew = is_withdrawn(taken_back_, emission.type, run_.key),
         .defaulted = run_.defaulted},
        run_.scopes);
    run_.entries.add(emission, place);
  }

  // Whatever a table or a partner calls it: what is posted as an error takes
  // back what was posted.
  Method method_of(const Emission& emission) {
    const auto method = emission.method.exists()
                            ? rules_.method(emission.method)
                            : emission.fixed_method;
    return method == Method::post && run_.is_error ? Method::withdraw : method;
  }

  const TakenBack taken_back_;
  MapRun run_;
  RuleRunner rules_{run_};
};

}  // namespace

MapOutput run(const MapLibrary& library, const CheckedMap& map, Json source,
              const RunOptions& options) {
  if (map.document == nullptr) {
    if (auto patient = second_patient(source)) {
      MapOutput refused;
      refused.verdict = Verdict::reject;
      refused.outcome.add(*std::move(patient));
      return refused;
    }
  }
  // What is left out may show that more is to be: once is usual.
  Runner::TakenBack taken_back;
  while (true) {
    Runner runner(library, map, source, options, taken_back);
    auto output = runner.run();
    const auto& more = runner.taken_back();
    if (more.empty()) return output;
    taken_back.insert(taken_back.end(), more.begin(), more.end());
  }
}

}  // namespace gateway::map
