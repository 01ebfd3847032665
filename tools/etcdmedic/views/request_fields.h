// SPDX-License-Identifier: Apache-2.0
// A request of the log in a document: the fields of its message under etcd's own names.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "cli/command.h"
#include "proto/walk.h"
#include "raft/request.h"
#include "render/document.h"

namespace etcdmedic::tool {

// Whether a value of the log is hidden where secrets are: it is one, or is before its key, so that nobody
// knows.
bool IsHiddenValue(Bytes key, Bytes value);

// Ids are hexadecimal, bytes as text or base64, and enumerations have their names.
class RequestFields final : private proto::MessageVisitor {
 public:
  // `values`: also the values of puts, not only their sizes. All that is given outlives this.
  RequestFields(const Context& context, render::Document& out, bool values)
      : out_(out),
        hides_passwords_(context.hides_passwords()),
        hides_values_(context.hides_values()),
        values_(values) {}

  // Gives a value beside its key as an object too, under "object". Empty: no object.
  using ObjectOf = std::function<std::optional<std::string_view>(Bytes key, Bytes value)>;
  void ShowObjects(ObjectOf object_of) { object_of_ = std::move(object_of); }

  // Into the map that is open. `request` has a message.
  void Write(const raft::Request& request);

 private:
  struct Level {
    const proto::FieldInfo* list = nullptr;  // the repeated field that is open
    Bytes key, value;
  };

  void OnNumber(const proto::FieldInfo& field, uint64_t value) override;
  void OnBytes(const proto::FieldInfo& field, Bytes value) override;
  void OnBegin(const proto::FieldInfo& field) override;
  void OnEnd(const proto::FieldInfo& field) override;
  void OnUnknown(uint32_t field, bool is_bytes, uint64_t number, Bytes bytes) override;

  bool IsHidden(const proto::FieldInfo& field, Bytes value) const;
  void Open(const proto::FieldInfo& field);
  void Close();
  void WriteObject();

  render::Document& out_;
  const bool hides_passwords_;
  const bool hides_values_;
  const bool values_;
  ObjectOf object_of_;
  std::vector<Level> open_{Level{}};
};

}  // namespace etcdmedic::tool
