// SPDX-License-Identifier: Apache-2.0
#include "raft/request.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/secret_mask.h"
#include "proto/etcd_messages.h"
#include "proto/walk.h"
#include "proto/wire.h"
#include "render/text.h"

namespace etcdmedic::raft {
namespace {

using proto::etcdserverpb::InternalRaftRequest;
using Header = proto::etcdserverpb::RequestHeader;
using VersionFields = proto::membershippb::ClusterVersionSetRequest;
using V2Fields = proto::etcdserverpb::Request;

// The first operation that an InternalRaftRequest carries, and its header.
class HeadReader final : public proto::MessageVisitor {
 public:
  explicit HeadReader(Request& request) : request_(request) {}

  void OnNumber(const proto::FieldInfo& field, uint64_t value) override {
    if (depth_ == 0 && field.number == InternalRaftRequest::kID && request_.id == 0) request_.id = value;
    if (!in_header_) return;
    if (field.number == Header::kID) request_.id = value;
    if (field.number == Header::kAuthRevision) request_.auth_revision = value;
  }
  void OnBytes(const proto::FieldInfo& field, Bytes value) override {
    if (in_header_ && field.number == Header::kUsername) request_.username = AsText(value);
  }
  void OnBegin(const proto::FieldInfo& field) override {
    if (depth_++ > 0) return;
    in_header_ = field.message == &Header::kInfo;
    if (!in_header_ && request_.kind.empty()) request_.kind = field.name;
  }
  void OnEnd(const proto::FieldInfo&) override {
    if (--depth_ == 0) in_header_ = false;
  }

 private:
  Request& request_;
  int depth_ = 0;
  bool in_header_ = false;
};

// Calls each(payload) for every field of a request with that number.
template <class Each>
void ForEachPart(const Request& request, uint32_t number, Each each) {
  proto::ForEachField(request.body, [&](const proto::WireField& field) {
    Bytes payload;
    if (field.number == number && field.Payload(payload)) each(payload);
    return true;
  });
}

void ReadV2(Bytes message, V2Request& request) {
  proto::ForEachField(message, [&request](const proto::WireField& field) {
    if (field.number == V2Fields::kMethod) field.Payload(request.method);
    if (field.number == V2Fields::kPath) field.Payload(request.path);
    if (field.number == V2Fields::kVal) field.Payload(request.value);
    return true;
  });
}

struct TypeRow {
  std::string_view name;  // as etcd-dump-logs has it
  std::string_view kind;  // ours
};

constexpr TypeRow kDumpLogsTypes[] = {
    {"IRRRange", "range"},
    {"IRRPut", "put"},
    {"IRRDeleteRange", "delete_range"},
    {"IRRTxn", "txn"},
    {"IRRCompaction", "compaction"},
    {"IRRLeaseGrant", "lease_grant"},
    {"IRRLeaseRevoke", "lease_revoke"},
    {"IRRLeaseCheckpoint", "lease_checkpoint"},
};

bool Same(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

class KeyCollector final : public proto::MessageVisitor {
 public:
  explicit KeyCollector(const EachKey& each) : each_(each) {}
  ~KeyCollector() override { Emit(); }

  void OnBytes(const proto::FieldInfo& field, Bytes value) override {
    if (field.role == proto::FieldRole::kKey) {
      Emit();
      key_ = value;
    } else if (field.role == proto::FieldRole::kRangeEnd) {
      end_ = value;
    }
  }
  void OnBegin(const proto::FieldInfo&) override { Emit(); }
  void OnEnd(const proto::FieldInfo&) override { Emit(); }

 private:
  void Emit() {
    if (key_) each_(*key_, end_);
    key_.reset();
    end_ = {};
  }
  const EachKey& each_;
  std::optional<Bytes> key_;
  Bytes end_;
};

// Collects key and value of each PutRequest, whatever their order in it.
class PutVisitor final : public proto::MessageVisitor {
 public:
  PutVisitor(const proto::MessageInfo& info, const EachPut& each) : each_(each) { Enter(info); }

  void OnNumber(const proto::FieldInfo&, uint64_t) override {}
  void OnBytes(const proto::FieldInfo& field, Bytes value) override {
    if (field.role == proto::FieldRole::kKey) open_.back().key = value;
    if (field.role == proto::FieldRole::kValue) open_.back().value = value;
  }
  void OnBegin(const proto::FieldInfo& field) override { Enter(*field.message); }
  void OnEnd(const proto::FieldInfo&) override { Leave(); }
  void OnUnknown(uint32_t, bool, uint64_t, Bytes) override {}

  void Leave() {
    const Level level = open_.back();
    open_.pop_back();
    if (level.is_put && !level.key.empty()) each_(level.key, level.value);
  }

 private:
  struct Level {
    bool is_put = false;
    Bytes key, value;
  };
  void Enter(const proto::MessageInfo& info) {
    open_.push_back({&info == &proto::etcdserverpb::PutRequest::kInfo, {}, {}});
  }

  const EachPut& each_;
  std::vector<Level> open_;
};

std::string Quoted(Bytes bytes) {
  std::string out = "\"";
  std::string_view text = AsText(bytes);
  for (size_t mark = text.find('"'); mark != std::string_view::npos; mark = text.find('"')) {
    render::AppendPrintable(out, text.substr(0, mark));
    out += "\\\"";
    text.remove_prefix(mark + 1);
  }
  render::AppendPrintable(out, text);
  return out + '"';
}

// A message in one line: name=value in wire order, values by their size, nested ones in braces.
class LineWriter final : public proto::MessageVisitor {
 public:
  LineWriter(std::string& out, bool show_secrets, bool show_values)
      : out_(out), show_secrets_(show_secrets), show_values_(show_values) {}

  void OnNumber(const proto::FieldInfo& field, uint64_t value) override {
    if (in_header_) return;
    Name(field);
    auto to = std::back_inserter(out_);
    if (field.type == proto::FieldType::kEnum) {
      const auto found =
          std::ranges::find(field.values, static_cast<int32_t>(value), &proto::EnumValue::number);
      found != field.values.end() ? fmt::format_to(to, "{}", found->name) : fmt::format_to(to, "{}", value);
    } else if (field.type == proto::FieldType::kBool) {
      out_ += value != 0 ? "true" : "false";
    } else if (field.role == proto::FieldRole::kLeaseId || field.role == proto::FieldRole::kMemberId) {
      fmt::format_to(to, "{:x}", value);
    } else if (field.type == proto::FieldType::kInt64) {
      fmt::format_to(to, "{}", static_cast<int64_t>(value));
    } else {
      fmt::format_to(to, "{}", value);
    }
  }

  void OnBytes(const proto::FieldInfo& field, Bytes value) override {
    if (in_header_) return;
    Name(field);
    if ((field.role == proto::FieldRole::kSecret && !show_secrets_) || (IsV2Value(field) && !show_values_))
      out_ += kSecretMask;
    else if (field.role == proto::FieldRole::kValue)
      fmt::format_to(std::back_inserter(out_), "{} bytes", value.size());
    else
      out_ += Quoted(value);
  }

  void OnBegin(const proto::FieldInfo& field) override {
    if (depth_++ == 0 && field.message == &Header::kInfo) {
      in_header_ = true;
      return;
    }
    if (in_header_) return;
    Separate();
    out_ += field.name;
    out_ += '{';
    fresh_ = true;
  }

  void OnEnd(const proto::FieldInfo&) override {
    --depth_;
    if (in_header_) {
      in_header_ = depth_ != 0;
      return;
    }
    out_ += '}';
    fresh_ = false;
  }

  void OnUnknown(uint32_t field, bool is_bytes, uint64_t number, Bytes bytes) override {
    if (in_header_) return;
    Separate();
    is_bytes ? fmt::format_to(std::back_inserter(out_), "#{}={} bytes", field, bytes.size())
             : fmt::format_to(std::back_inserter(out_), "#{}={}", field, number);
  }

 private:
  void Separate() {
    if (!fresh_) out_ += ' ';
    fresh_ = false;
  }
  void Name(const proto::FieldInfo& field) {
    Separate();
    out_ += field.name;
    out_ += '=';
  }
  std::string& out_;
  const bool show_secrets_;
  const bool show_values_;
  bool fresh_ = true;
  bool in_header_ = false;
  int depth_ = 0;
};

Request WithBody(RequestForm form, std::string_view kind, const proto::MessageInfo& info, Bytes body) {
  return {form, kind, &info, body, 0, {}, 0};
}

}  // namespace

Request DecodeRequest(const Entry& entry) {
  const Bytes data = entry.data;
  if (entry.type == EntryType::kConfChange || entry.type == EntryType::kConfChangeV2) {
    const bool first = entry.type == EntryType::kConfChange;
    const proto::MessageInfo& info =
        first ? proto::raftpb::ConfChange::kInfo : proto::raftpb::ConfChangeV2::kInfo;
    if (!proto::IsWellFormed(info, data))
      return {RequestForm::kUndecodable, "undecodable", nullptr, data, 0, {}, 0};
    return WithBody(first ? RequestForm::kConfChange : RequestForm::kConfChangeV2,
                    first ? "conf_change" : "conf_change_v2", info, data);
  }
  if (data.empty()) return {RequestForm::kEmpty, "empty", nullptr, data, 0, {}, 0};
  Request request = WithBody(RequestForm::kInternal, {}, InternalRaftRequest::kInfo, data);
  HeadReader reader(request);
  if (proto::WalkMessage(InternalRaftRequest::kInfo, data, reader)) {
    if (request.kind.empty()) request.kind = "unknown";
    return request;
  }
  if (proto::IsWellFormed(V2Fields::kInfo, data))
    return WithBody(RequestForm::kV2, "v2", V2Fields::kInfo, data);
  return {RequestForm::kUndecodable, "undecodable", nullptr, data, 0, {}, 0};
}

std::string TypeNames() {
  std::string names =
      "Normal, ConfigChange, Request, InternalRaftRequest, conf_change, conf_change_v2, empty, undecodable, "
      "unknown";
  for (const TypeRow& row : kDumpLogsTypes) names += fmt::format(", {}", row.name);
  for (const proto::FieldInfo& field : InternalRaftRequest::kInfo.fields) {
    if (field.type == proto::FieldType::kMessage && field.number != InternalRaftRequest::kHeader)
      names += fmt::format(", {}", field.name);
  }
  return names;
}

std::optional<bool> IsOfType(const Request& request, std::string_view name) {
  const bool conf_change =
      request.form == RequestForm::kConfChange || request.form == RequestForm::kConfChangeV2;
  if (Same(name, "Normal")) return !conf_change;
  if (Same(name, "ConfigChange") || Same(name, "conf_change")) return conf_change;
  if (Same(name, "Request") || Same(name, "v2"))
    return request.form == RequestForm::kV2 || request.kind == "v2";
  if (Same(name, "InternalRaftRequest")) return request.form == RequestForm::kInternal;
  for (const std::string_view other : {"empty", "undecodable", "unknown", "conf_change_v2"}) {
    if (Same(name, other)) return request.kind == other;
  }
  for (const TypeRow& row : kDumpLogsTypes) {
    if (Same(name, row.name)) return request.kind == row.kind;
  }
  for (const proto::FieldInfo& field : InternalRaftRequest::kInfo.fields) {
    if (field.type == proto::FieldType::kMessage && Same(name, field.name)) return request.kind == field.name;
  }
  return std::nullopt;
}

void ForEachKey(const Request& request, const EachKey& each) {
  if (request.info == nullptr) return;
  KeyCollector collector(each);
  proto::WalkMessage(*request.info, request.body, collector);
}

void ForEachPut(const Request& request, const EachPut& each) {
  if (request.info == nullptr) return;
  PutVisitor visitor(*request.info, each);
  proto::WalkMessage(*request.info, request.body, visitor);
  visitor.Leave();
}

bool V2Request::OfCluster() const {
  constexpr std::string_view kMembers = "/0/members/";
  if (method != "PUT") return false;
  return path == "/0/version" ||
         (path.starts_with(kMembers) && path.ends_with("/attributes") &&
          path.find('/', kMembers.size()) == path.size() - std::string_view("/attributes").size());
}

std::optional<V2Request> AsV2(const Request& request) {
  if (request.form != RequestForm::kV2 && request.kind != "v2") return std::nullopt;
  V2Request v2;
  if (request.form == RequestForm::kV2)
    ReadV2(request.body, v2);
  else
    ForEachPart(request, InternalRaftRequest::kV2, [&v2](Bytes message) { ReadV2(message, v2); });
  return v2;
}

bool SetsAttributes(const Request& request) {
  const auto v2 = AsV2(request);
  return v2 ? v2->OfCluster() && v2->path != "/0/version" : request.kind == "cluster_member_attr_set";
}

std::string_view ClusterVersionOf(const Request& request) {
  if (const auto v2 = AsV2(request)) return v2->OfCluster() && v2->path == "/0/version" ? v2->value : "";
  if (request.kind != "cluster_version_set") return {};
  std::string_view version;
  ForEachPart(request, InternalRaftRequest::kClusterVersionSet, [&version](Bytes message) {
    proto::ForEachField(message, [&version](const proto::WireField& field) {
      return field.number != VersionFields::kVer || field.Payload(version);
    });
  });
  return version;
}

bool IsV2Value(const proto::FieldInfo& field) {
  const bool value = field.number == V2Fields::kVal || field.number == V2Fields::kPrevValue;
  return value && &field == proto::FindField(V2Fields::kInfo, field.number);
}

std::string Summarize(const Request& request, bool show_secrets, bool show_values) {
  if (request.form == RequestForm::kEmpty) return "new leader's empty entry";
  if (request.info == nullptr) return fmt::format("{} bytes that decode as no request", request.body.size());
  std::string line;
  LineWriter writer(line, show_secrets, show_values);
  proto::WalkMessage(*request.info, request.body, writer);
  return line;
}

}  // namespace etcdmedic::raft
