// StableList is a sequence whose elements never move: others may point into it
// while elements are added and taken out between them.

#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace gateway::billing {

template <typename Element>
class StableList {
  using Holder = std::vector<std::unique_ptr<Element>>;

  template <typename Inner, typename Value>
  class Walk {
   public:
    using iterator_category = std::bidirectional_iterator_tag;
    using value_type = Element;
    using difference_type = std::ptrdiff_t;
    using pointer = Value*;
    using reference = Value&;

    Walk() = default;
    explicit Walk(Inner inner) : inner_(inner) {}
    Value& operator*() const { return **inner_; }
    Value* operator->() const { return inner_->get(); }
    Walk& operator++() {
      ++inner_;
      return *this;
    }
    Walk operator++(int) { return Walk(inner_++); }
    Walk& operator--() {
      --inner_;
      return *this;
    }
    bool operator==(const Walk&) const = default;

   private:
    Inner inner_;
  };

 public:
  using value_type = Element;
  using iterator = Walk<typename Holder::iterator, Element>;
  using const_iterator = Walk<typename Holder::const_iterator, const Element>;

  [[nodiscard]] bool empty() const { return held_.empty(); }
  [[nodiscard]] std::size_t size() const { return held_.size(); }
  Element& operator[](std::size_t place) { return *held_[place]; }
  const Element& operator[](std::size_t place) const { return *held_[place]; }
  Element& at(std::size_t place) { return *held_.at(place); }
  [[nodiscard]] const Element& at(std::size_t place) const {
    return *held_.at(place);
  }
  [[nodiscard]] const Element& front() const { return *held_.front(); }
  [[nodiscard]] const Element& back() const { return *held_.back(); }
  iterator begin() { return iterator(held_.begin()); }
  iterator end() { return iterator(held_.end()); }
  [[nodiscard]] const_iterator begin() const {
    return const_iterator(held_.begin());
  }
  [[nodiscard]] const_iterator end() const {
    return const_iterator(held_.end());
  }

  // The place of the first element that is not before `wanted`.
  template <typename Wanted, typename Before>
  [[nodiscard]] std::size_t place_of(const Wanted& wanted,
                                     Before before) const {
    const auto found =
        std::lower_bound(held_.begin(), held_.end(), wanted,
                         [&](const auto& one, const Wanted& other) {
                           return before(*one, other);
                         });
    return static_cast<std::size_t>(found - held_.begin());
  }
  Element& insert(std::size_t place, std::unique_ptr<Element> element) {
    return **held_.insert(held_.begin() + static_cast<std::ptrdiff_t>(place),
                          std::move(element));
  }
  std::unique_ptr<Element> take(std::size_t place) {
    const auto found = held_.begin() + static_cast<std::ptrdiff_t>(place);
    auto taken = std::move(*found);
    held_.erase(found);
    return taken;
  }

 private:
  Holder held_;
};

}  // namespace gateway::billing
