#include "drill/channel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

namespace drill {
namespace {

TEST(Channel, GivesValuesInTheOrderSent) {
  Channel<int> channel(3);
  for (const int value : {1, 2, 3}) EXPECT_TRUE(channel.send(value, {}));
  for (const int value : {1, 2, 3}) EXPECT_EQ(channel.receive({}), value);
}

TEST(Channel, CarriesValuesThatOnlyMove) {
  Channel<std::unique_ptr<int>> channel(1);
  channel.send(std::make_unique<int>(7), {});
  const auto value = channel.receive({});
  ASSERT_TRUE(value);
  EXPECT_EQ(**value, 7);
}

TEST(Channel, HoldsNoMoreThanItsCapacity) {
  constexpr int kCapacity = 2;
  constexpr int kValues = 200;
  Channel<int> channel(kCapacity);
  std::atomic<int> sent = 0;
  const std::jthread sender([&] {
    for (int value = 0; value < kValues; ++value) {
      channel.send(value, {});
      ++sent;
    }
  });
  for (int received = 0; received < kValues; ++received) {
    ASSERT_LE(sent.load(), received + kCapacity);
    ASSERT_EQ(channel.receive({}), received);
  }
}

TEST(Channel, AStopRefusesWhatDoesNotFit) {
  Channel<int> channel(1);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_TRUE(channel.send(1, stop.get_token()));
  EXPECT_FALSE(channel.send(2, stop.get_token()));
}

TEST(Channel, AStopEndsASenderThatWaits) {
  Channel<int> channel(1);
  channel.send(1, {});
  std::atomic<bool> sent = true;
  std::jthread sender([&](std::stop_token stop) { sent = channel.send(2, std::move(stop)); });
  sender.request_stop();
  sender.join();
  EXPECT_FALSE(sent);
}

TEST(Channel, AStopEndsAReceiverThatWaits) {
  Channel<int> channel(1);
  std::atomic<bool> received = true;
  std::jthread receiver(
      [&](std::stop_token stop) { received = channel.receive(std::move(stop)).has_value(); });
  receiver.request_stop();
  receiver.join();
  EXPECT_FALSE(received);
}

TEST(Channel, WhatWasSentBeforeAStopIsReceived) {
  Channel<int> channel(2);
  std::stop_source stop;
  channel.send(1, stop.get_token());
  channel.send(2, stop.get_token());
  stop.request_stop();
  EXPECT_EQ(channel.receive(stop.get_token()), 1);
  EXPECT_EQ(channel.receive(stop.get_token()), 2);
  EXPECT_EQ(channel.receive(stop.get_token()), std::nullopt);
}

TEST(Channel, TwoReceiversShareTheValuesOfTwoSenders) {
  constexpr int kValues = 300;
  Channel<int> channel(4);
  std::vector<int> received[2];
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 2; ++i) {
      threads.emplace_back([&channel, i] {
        for (int value = 0; value < kValues; ++value) channel.send(2 * value + i, {});
      });
      threads.emplace_back([&channel, &mine = received[i]] {
        for (int n = 0; n < kValues; ++n) mine.push_back(*channel.receive({}));
      });
    }
  }
  std::vector<int> all;
  for (const auto& mine : received) {
    for (const int sender : {0, 1}) {
      std::vector<int> of_sender;
      std::copy_if(mine.begin(), mine.end(), std::back_inserter(of_sender),
                   [sender](int value) { return value % 2 == sender; });
      EXPECT_TRUE(std::is_sorted(of_sender.begin(), of_sender.end()));
    }
    all.insert(all.end(), mine.begin(), mine.end());
  }
  std::sort(all.begin(), all.end());
  ASSERT_EQ(all.size(), 2u * kValues);
  for (int value = 0; value < 2 * kValues; ++value) EXPECT_EQ(all[value], value);
}

}  // namespace
}  // namespace drill
