#include "server/arguments.h"

#include <algorithm>

namespace gateway::server {
namespace {

Error unusable(const std::string& word, const std::string& why) {
  return {ErrorCode::invalid, "'" + word + "' " + why + "; see --help"};
}

const Option* find_option(const Usage& usage, std::string_view name) {
  const auto found = std::find_if(
      usage.options.begin(), usage.options.end(),
      [name](const Option& option) { return option.name == name; });
  return found == usage.options.end() ? nullptr : &*found;
}

}  // namespace

Result<Arguments> Arguments::parse(const std::vector<std::string>& words,
                                   const Usage& usage) {
  Arguments parsed;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto& word = words[i];
    if (word == "--") {
      parsed.rest_.insert(parsed.rest_.end(),
                          words.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                          words.end());
      break;
    }
    const auto dashes = std::min(word.find_first_not_of('-'), std::size_t{2});
    if (dashes == 0 || word == "-") {
      parsed.rest_.push_back(word);
      continue;
    }
    const auto equals = word.find('=');
    const auto name =
        word.substr(dashes, equals == std::string::npos ? std::string::npos
                                                        : equals - dashes);
    const auto* option = name == "help" ? nullptr : find_option(usage, name);
    if (name == "help" || (option != nullptr && option->value.empty())) {
      if (equals != std::string::npos) return unusable(word, "takes no value");
      parsed.options_.emplace(name, "");
    } else if (option == nullptr) {
      return unusable(word, "is not an option of this command");
    } else if (equals != std::string::npos) {
      parsed.options_.emplace(name, word.substr(equals + 1));
    } else if (i + 1 < words.size()) {
      parsed.options_.emplace(name, words[++i]);
    } else {
      return unusable(word, "lacks its value");
    }
  }
  return parsed;
}

bool Arguments::has(std::string_view name) const {
  return options_.find(name) != options_.end();
}

std::string Arguments::get(std::string_view name,
                           std::string_view otherwise) const {
  const auto [first, last] = options_.equal_range(name);
  return first == last ? std::string(otherwise) : std::prev(last)->second;
}

std::vector<std::string> Arguments::all(std::string_view name) const {
  std::vector<std::string> values;
  const auto [first, last] = options_.equal_range(name);
  for (auto at = first; at != last; ++at) values.push_back(at->second);
  return values;
}

std::string help_text(const Usage& usage) {
  std::string text = "usage: " + std::string(usage.synopsis) + "\n" +
                     std::string(usage.purpose) + "\n";
  std::size_t width = 6;
  const auto left = [](const Option& option) {
    auto name =
        (option.name.size() == 1 ? "-" : "--") + std::string(option.name);
    return option.value.empty() ? name : name + " " + std::string(option.value);
  };
  for (const auto& option : usage.options) {
    width = std::max(width, left(option).size());
  }
  for (const auto& option : usage.options) {
    auto name = left(option);
    name.resize(width + 2, ' ');
    text += "  " + name + std::string(option.help) + "\n";
  }
  std::string help = "--help";
  help.resize(width + 2, ' ');
  text += "  " + help + "this text\n";
  return text + std::string(usage.notes);
}

}  // namespace gateway::server
