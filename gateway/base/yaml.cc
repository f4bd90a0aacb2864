#include "base/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <sstream>

#include "base/file.h"
#include "base/utf8.h"

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
constexpr std::size_t kMostNodes = 200'000;  // aliases count as what they name
constexpr std::size_t kDeepest = 64;

std::string place_of(const std::string& file, std::size_t line,
                     std::size_t column) {
  return file + ":" + std::to_string(line) + ":" + std::to_string(column);
}

}  // namespace

// Builds the tree from the parser's events. yaml-cpp's own loader must not see
// what people write: on "a,b}" it makes empty documents without end. Once an
// event is refused, all that follow it are passed over.
class Yaml::Builder : public YAML::EventHandler {
 public:
  explicit Builder(std::shared_ptr<const std::string> file)
      : file_(std::move(file)) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (root_ || error_) refuse(mark, "several YAML documents; keep one");
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    place(make(mark, Kind::null, ""), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (error_) return;
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {
      return refuse(mark, "an alias of what is not complete yet");
    }
    const auto& [node, nodes, height] = found->second;
    count_ += nodes;
    if (count_ > kMostNodes || open_.size() + height > kDeepest) {
      return refuse(mark, kTooLarge);
    }
    add(node, height);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag,
                YAML::anchor_t anchor, const std::string& value) override {
    auto node = make(mark, Kind::scalar, tag);
    if (!node) return;
    node->text = value;
    node->quoted = tag == "!";
    place(std::move(node), anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag,
                       YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(mark, make(mark, Kind::sequence, tag), anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag,
                  YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(mark, make(mark, Kind::map, tag), anchor);
  }
  void OnMapEnd() override { close(); }

  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  [[nodiscard]] Yaml root() const {
    return root_ ? *root_ : Yaml(std::make_shared<Node>(Node{.file = file_}));
  }

 private:
  static constexpr const char* kTooLarge =
      "too deep or too large; split the file";

  struct Open {
    std::shared_ptr<Node> node;
    YAML::anchor_t anchor = 0;
    std::size_t before = 0;  // nodes when it began
    std::size_t height = 0;  // levels below
    std::optional<Yaml> key;
    std::set<std::string> names;
  };
  struct Anchored {
    Yaml node;
    std::size_t nodes = 0;
    std::size_t height = 0;
  };

  void refuse(const YAML::Mark& mark, const std::string& what) {
    if (error_) return;
    error_ = Error{
        ErrorCode::invalid,
        place_of(*file_, number(mark.line), number(mark.column)) + ": " + what};
  }

  static std::size_t number(int zero_based) {
    return zero_based < 0 ? 1 : static_cast<std::size_t>(zero_based) + 1;
  }

  // Nothing once something was refused.
  std::shared_ptr<Node> make(const YAML::Mark& mark, Kind kind,
                             const std::string& tag) {
    if (!tag.empty() && tag != "?" && tag != "!") {
      refuse(mark, "tags have no meaning here; leave '" + tag + "' off");
    }
    if (++count_ > kMostNodes) refuse(mark, kTooLarge);
    if (error_) return nullptr;
    auto node = std::make_shared<Node>();
    node->kind = kind;
    node->file = file_;
    node->line = number(mark.line);
    node->column = number(mark.column);
    return node;
  }

  void open(const YAML::Mark& mark, std::shared_ptr<Node> node,
            YAML::anchor_t anchor) {
    if (open_.size() >= kDeepest) refuse(mark, kTooLarge);
    if (error_) return;
    open_.push_back({std::move(node), anchor, count_ - 1, 0, {}, {}});
  }

  void close() {
    if (error_ || open_.empty()) return;
    auto done = std::move(open_.back());
    open_.pop_back();
    const auto nodes = count_ - done.before;
    keep({Yaml(std::move(done.node)), nodes, done.height + 1}, done.anchor);
  }

  void place(std::shared_ptr<Node> node, YAML::anchor_t anchor) {
    if (!error_ && node) keep({Yaml(std::move(node)), 1, 0}, anchor);
  }

  void keep(const Anchored& whole, YAML::anchor_t anchor) {
    if (anchor != 0) anchors_[anchor] = whole;
    add(whole.node, whole.height);
  }

  void add(const Yaml& node, std::size_t height) {
    if (open_.empty()) {
      root_ = node;
      return;
    }
    auto& into = open_.back();
    into.height = std::max(into.height, height);
    if (into.node->kind == Kind::sequence) {
      into.node->items.push_back(node);
    } else if (into.key) {
      into.node->members.emplace_back(*std::move(into.key), node);
      into.key.reset();
    } else {
      add_key(into, node);
    }
  }

  void add_key(Open& into, const Yaml& key) {
    YAML::Mark mark{};
    mark.line = static_cast<int>(key.line()) - 1;
    mark.column = static_cast<int>(key.column()) - 1;
    if (key.kind() != Kind::scalar && key.kind() != Kind::null) {
      return refuse(mark, "a key is a plain text");
    }
    if (!into.names.insert(key.scalar()).second) {
      return refuse(mark, "the key stands twice; keep one of them");
    }
    into.key = key;
  }

  std::shared_ptr<const std::string> file_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Anchored> anchors_;
  std::optional<Yaml> root_;
  std::optional<Error> error_;
  std::size_t count_ = 0;
};

Result<Yaml> Yaml::parse(std::string_view text, std::string file) {
  if (text.size() > kLargestText) {
    return Error{ErrorCode::too_large,
                 place_of(file, 1, 1) + ": more than 4 MB; split the file"};
  }
  // The library hands on ill-formed bytes, which would become part of JSON.
  if (const auto at = first_invalid_utf8(text); at != std::string_view::npos) {
    const auto before = text.substr(0, at);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const auto column = at - (before.rfind('\n') + 1) + 1;  // npos + 1 is 0
    return Error{ErrorCode::invalid,
                 place_of(file, static_cast<std::size_t>(line), column) +
                     ": not YAML: the text is not UTF-8; save it as UTF-8"};
  }
  Builder builder(std::make_shared<const std::string>(file));
  try {
    std::istringstream in{std::string(text)};
    YAML::Parser parser(in);
    // A second document is refused as it begins; nobody asks for a third.
    if (parser.HandleNextDocument(builder) && !builder.error()) {
      parser.HandleNextDocument(builder);
    }
  } catch (const YAML::Exception& exception) {
    if (builder.error()) return *builder.error();
    const auto line = static_cast<std::size_t>(exception.mark.line + 1);
    const auto column = static_cast<std::size_t>(exception.mark.column + 1);
    return Error{ErrorCode::invalid,
                 place_of(file, line, column) + ": not YAML: " + exception.msg};
  }
  if (builder.error()) return *builder.error();
  return builder.root();
}

Result<Yaml> Yaml::read(const std::string& file) {
  auto text = read_file(file);
  if (!text) {
    return Error{
        text.error().code,
        place_of(file, 1, 1) + text.error().message.substr(file.size())};
  }
  return parse(*std::move(text), file);
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
