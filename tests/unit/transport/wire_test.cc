#include "transport/wire.h"

#include <Poco/Net/StreamSocketImpl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>

namespace gateway::transport {
namespace {

class WireTest : public ::testing::Test {
 protected:
  WireTest() {
    EXPECT_EQ(
        ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends_.data()), 0);
  }
  ~WireTest() override { hang_up(); }
  // The wire owns the first end.
  Wire wire() {
    return Wire(
        Poco::Net::StreamSocket(new Poco::Net::StreamSocketImpl(ends_[0])));
  }
  void hang_up() {
    if (ends_[1] >= 0) ::close(ends_[1]);
    ends_[1] = -1;
  }
  std::array<int, 2> ends_{};
  std::array<char, 100> buffer_{};
};

TEST_F(WireTest, NeverWaits) {
  Wire wire = this->wire();
  EXPECT_EQ(wire.handshake().state, IoState::done);
  EXPECT_EQ(wire.read(buffer_.data(), buffer_.size()).state,
            IoState::want_read);
  const std::string much(1'000'000, 'x');
  IoResult result{IoState::done};
  while (result.state == IoState::done) {
    result = wire.write(much.data(), much.size());
  }
  EXPECT_EQ(result.state, IoState::want_write);
  EXPECT_FALSE(wire.has_tls());
  EXPECT_FALSE(wire.has_pending());
  EXPECT_EQ(wire.tls_subject(), "");
}

TEST_F(WireTest, TellsTheEndFromSilence) {
  Wire wire = this->wire();
  ASSERT_EQ(::send(ends_[1], "hello", 5, 0), 5);
  hang_up();
  const auto first = wire.read(buffer_.data(), buffer_.size());
  EXPECT_EQ(std::string(buffer_.data(), first.bytes), "hello");
  EXPECT_EQ(wire.read(buffer_.data(), buffer_.size()).state, IoState::ended);
}

TEST_F(WireTest, WritingToNobodyFailsWithoutASignal) {
  Wire wire = this->wire();
  hang_up();
  EXPECT_EQ(wire.write("x", 1).state, IoState::failed);
}

TEST_F(WireTest, MayEndSendingAndGoOnReading) {
  Wire wire = this->wire();
  wire.end_sending();
  EXPECT_EQ(::recv(ends_[1], buffer_.data(), buffer_.size(), 0), 0);
  ASSERT_EQ(::send(ends_[1], "late", 4, 0), 4);
  EXPECT_EQ(wire.discard(100).bytes, 4U);
  EXPECT_EQ(wire.discard(100).state, IoState::want_read);
}

}  // namespace
}  // namespace gateway::transport
