#include "transport/write_buffer.h"

#include <Poco/Net/StreamSocketImpl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>

namespace gateway::transport {
namespace {

TEST(WriteBufferTest, KeepsWhatTheWireDoesNotTakeYet) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()),
            0);
  Wire wire(Poco::Net::StreamSocket(new Poco::Net::StreamSocketImpl(ends[0])));
  WriteBuffer out;
  const std::string much(3'000'000, 'x');
  out.text() += much;
  EXPECT_EQ(out.flush(wire), IoState::want_write);
  EXPECT_FALSE(out.empty());
  std::size_t received = 0;
  std::array<char, 65536> buffer{};
  while (received < much.size()) {
    const auto got = ::recv(ends[1], buffer.data(), buffer.size(), 0);
    if (got > 0) received += static_cast<std::size_t>(got);
    out.flush(wire);
  }
  EXPECT_TRUE(out.empty());
  EXPECT_EQ(out.size(), 0U);
  out.shrink();
  EXPECT_EQ(out.flush(wire), IoState::done);
  ::close(ends[1]);
}

}  // namespace
}  // namespace gateway::transport
