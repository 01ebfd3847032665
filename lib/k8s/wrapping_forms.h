// SPDX-License-Identifier: Apache-2.0
// The forms that wrapping.cc tries, one after the other. Inside of this room only.
//
// A form holds keys and values: its reader gives the values, nothing where the text is not of this form. A
// code stands for bytes that may be of another form themselves.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "k8s/wrapping.h"
#include "text/ascii.h"

namespace etcdmedic::k8s {

using Items = std::vector<StoredItem>;

using text::Trim;

// Whether the API server stores values that begin like this.
bool LooksStored(std::string_view text);

// Where an envelope of protobuf that `text` begins with ends: at the end of the text, or where `ends` says so
// of what follows. Nothing where none ends there.
std::optional<size_t> EndOfEnvelope(std::string_view text, bool (*ends)(std::string_view following));

// Where a JSON map or list that `text` begins with ends. Counts brackets and knows strings.
std::optional<size_t> EndOfJson(std::string_view text);

// wrapping_messages.cc: etcd's own messages as bytes.
std::optional<Items> ReadResponse(std::string_view text);  // of get, watch and txn
std::optional<Items> ReadBareKeyValue(std::string_view text);

// wrapping_json.cc: keys and values in the maps of JSON, wherever they are in it: {"kvs":[…]} of get,
// {"Events":[{"kv":…}]} of watch, one kv alone, the requests of a log; also several documents in a row.
struct JsonItems {
  Items items;
  bool own = false;  // etcdmedic printed it, not etcdctl
};
std::optional<JsonItems> ReadJsonItems(std::string_view text);

// wrapping_etcdctl.cc
std::optional<Items> ReadEtcdctlSimple(std::string_view text);
std::optional<Items> ReadEtcdctlHex(std::string_view text);
std::optional<Items> ReadEtcdctlFields(std::string_view text);

// wrapping_text.cc
std::optional<Items> ReadProtobufText(std::string_view text);

// byte_codes.cc: text that stands for bytes. byte_dump.h belongs to them.
std::optional<std::string> BytesOfQuoted(std::string_view text);
std::optional<std::string> BytesOfBareQuoted(std::string_view text);
std::optional<std::string> BytesOfNumbers(std::string_view text);
std::optional<std::string> BytesOfHex(std::string_view text);
std::optional<std::string> BytesOfBase64(std::string_view text);
std::optional<std::string> BytesOfField(std::string_view text);

}  // namespace etcdmedic::k8s
