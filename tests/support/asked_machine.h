// SPDX-License-Identifier: Apache-2.0
// A machine that is asked request by request. Requests are made by hand, by the numbers of etcd's fields.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "replay/machine.h"
#include "support/protobuf_text.h"

namespace etcdmedic::support {

class AskedMachine : public testing::Test {
 protected:
  using Effect = replay::Effect;

  // `field`: of InternalRaftRequest; `user` and `revision` go to its header.
  Effect Ask(uint64_t field, const std::string& body, const std::string& user = "", uint64_t revision = 0) {
    std::string request = test::Delimited(field, body);
    if (!user.empty()) request += test::Delimited(100, test::Delimited(2, user) + test::Number(3, revision));
    return Apply(raft::RequestForm::kInternal, request);
  }
  Effect Apply(raft::RequestForm form, const std::string& body) {
    bodies_.push_back(std::make_unique<std::string>(body));
    const uint64_t index = machine_.index() + 1;
    return machine_.Apply({index, 2, 0, form, AsBytes(*bodies_.back())}).effect;
  }
  Effect Put(const std::string& key, const std::string& user = "", uint64_t revision = 0) {
    return Ask(4, test::Delimited(1, key) + test::Delimited(2, "v"), user, revision);
  }

  replay::Machine machine_{{.minor = 6}};
  std::vector<std::unique_ptr<std::string>> bodies_;  // that the machine views
};

}  // namespace etcdmedic::support
