#include "base/yaml.h"

#include <yaml-cpp/yaml.h>

#include <fstream>
#include <iterator>
#include <set>

namespace gateway {

struct Yaml::Node {
  Kind kind = Kind::null;
  std::string text;
  bool quoted = false;
  std::vector<Yaml> items;
  std::vector<std::pair<Yaml, Yaml>> members;
  std::shared_ptr<const std::string> file;
  std::size_t line = 1;
  std::size_t column = 1;
};

namespace {

constexpr std::size_t kLargestText = 4U << 20U;
constexpr std::size_t kMostNodes = 200'000;  // aliases are copied out
constexpr int kDeepest = 64;

std::string place_of(const std::string& file, std::size_t line,
                     std::size_t column) {
  return file + ":" + std::to_string(line) + ":" + std::to_string(column);
}

}  // namespace

class Yaml::Builder {
 public:
  explicit Builder(std::string file)
      : file_(std::make_shared<const std::string>(std::move(file))) {}

  Result<Yaml> build(const YAML::Node& source, int depth) {
    auto node = std::make_shared<Node>();
    node->file = file_;
    if (source.Mark().line >= 0) {
      node->line = static_cast<std::size_t>(source.Mark().line) + 1;
      node->column = static_cast<std::size_t>(source.Mark().column) + 1;
    }
    if (depth > kDeepest || ++count_ > kMostNodes) {
      return error(*node, "too deep or too large; split the file");
    }
    if (source.IsScalar()) {
      node->kind = Kind::scalar;
      node->text = source.Scalar();
      node->quoted = source.Tag() == "!";
    } else if (source.IsSequence()) {
      node->kind = Kind::sequence;
      for (const auto& item : source) {
        auto built = build(item, depth + 1);
        if (!built) return built;
        node->items.push_back(*std::move(built));
      }
    } else if (source.IsMap()) {
      if (auto refused = add_members(*node, source, depth)) return *refused;
    }
    return Yaml(node);
  }

 private:
  std::optional<Error> add_members(Node& node, const YAML::Node& source,
                                   int depth) {
    node.kind = Kind::map;
    std::set<std::string> names;
    for (const auto& member : source) {
      auto key = build(member.first, depth + 1);
      if (!key) return key.error();
      auto value = build(member.second, depth + 1);
      if (!value) return value.error();
      if (!names.insert(key->scalar()).second) {
        return error(*key->node_, "the key stands twice; keep one of them");
      }
      node.members.emplace_back(*std::move(key), *std::move(value));
    }
    return std::nullopt;
  }

  [[nodiscard]] Error error(const Node& node, const std::string& what) const {
    return {ErrorCode::invalid,
            place_of(*file_, node.line, node.column) + ": " + what};
  }

  std::shared_ptr<const std::string> file_;
  std::size_t count_ = 0;
};

Result<Yaml> Yaml::parse(std::string_view text, std::string file) {
  if (text.size() > kLargestText) {
    return Error{ErrorCode::too_large,
                 place_of(file, 1, 1) + ": more than 4 MB; split the file"};
  }
  try {
    const auto documents = YAML::LoadAll(std::string(text));
    if (documents.size() > 1) {
      return Error{ErrorCode::invalid,
                   place_of(file, 1, 1) +
                       ": several YAML documents; keep one in each file"};
    }
    const auto root = documents.empty() ? YAML::Node() : documents.front();
    return Builder(std::move(file)).build(root, 0);
  } catch (const YAML::Exception& exception) {
    const auto line = static_cast<std::size_t>(exception.mark.line + 1);
    const auto column = static_cast<std::size_t>(exception.mark.column + 1);
    return Error{ErrorCode::invalid,
                 place_of(file, line, column) + ": not YAML: " + exception.msg};
  }
}

Result<Yaml> Yaml::read(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    return Error{ErrorCode::not_found,
                 place_of(file, 1, 1) + ": the file cannot be read"};
  }
  return parse(std::string(std::istreambuf_iterator<char>(in), {}), file);
}

Yaml::Kind Yaml::kind() const { return node_ ? node_->kind : Kind::absent; }

const std::string& Yaml::scalar() const {
  static const std::string kEmpty;
  return node_ ? node_->text : kEmpty;
}

bool Yaml::quoted() const { return node_ && node_->quoted; }

Yaml Yaml::get(std::string_view key) const {
  for (const auto& [name, value] : members()) {
    if (name.scalar() == key) return value;
  }
  return {};
}

const std::vector<Yaml>& Yaml::items() const {
  static const std::vector<Yaml> kEmpty;
  return node_ ? node_->items : kEmpty;
}

const std::vector<std::pair<Yaml, Yaml>>& Yaml::members() const {
  static const std::vector<std::pair<Yaml, Yaml>> kEmpty;
  return node_ ? node_->members : kEmpty;
}

std::string Yaml::place() const {
  return node_ ? place_of(*node_->file, line(), column()) : std::string();
}

std::size_t Yaml::line() const { return node_ ? node_->line : 0; }
std::size_t Yaml::column() const { return node_ ? node_->column : 0; }

}  // namespace gateway
