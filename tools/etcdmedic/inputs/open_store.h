// SPDX-License-Identifier: Apache-2.0
// What the commands over the key space share: the backend of any PATH, and rows in every format.
#pragma once

#include <memory>

#include "base/file.h"
#include "member/layout.h"
#include "mvcc/store.h"
#include "views/shared.h"

namespace etcdmedic::tool {

struct OpenedStore {
  member::Layout layout;
  bool running = false;  // an etcd holds the file
  std::optional<MappedFile> map;
  diag::FindingList found;  // what reading has found so far
  std::optional<mvcc::Store> store;
};

// Whether a command reads the log's entries that the backend has not applied; it is said where it does not.
enum class Unapplied : uint8_t { kNotShown, kShown };

// Opens the backend of a data dir, member/, snap/, a db or a saved snapshot, packed or not. Says on stderr
// where a running etcd holds it. Errors: kIo, kDenied, kUnsupported where there is no backend in PATH,
// kMalformed.
Result<std::unique_ptr<OpenedStore>> OpenStore(Context& context, const std::string& path,
                                               const std::string& wal_dir = {},
                                               Unapplied unapplied = Unapplied::kNotShown);

// The same for the first path of a command line, with --wal-dir.
Result<std::unique_ptr<OpenedStore>> OpenStore(Context& context, const Args& args,
                                               Unapplied unapplied = Unapplied::kNotShown);

// Prints on stderr what reading has found, and gives `code` with kDamaged added where that is worse than a
// note.
int Finish(Context& context, const OpenedStore& opened, int code);

// The number of --rev; 0 where it was not given, which is the newest.
Result<int64_t> RevisionOf(const Args& args, std::string_view flag = "--rev");

// The revision that --rev names, the newest where it was not given. Errors: kUsage; kRefused for one that is
// not retained, naming what is.
Result<int64_t> RevisionAt(const Args& args, const mvcc::Store& store);

// Whether text is wanted, and no document.
inline bool ForPeople(const Context& context) {
  return context.format == render::Format::kTable || context.format == render::Format::kName;
}

// Whether the document that etcdctl or etcdutl prints with -w json was asked for.
inline bool AsEtcdctl(const Context& context) { return context.own_format == "etcdctl-json"; }

// As text where all of it can be shown in a table, else its size and first bytes.
std::string ShortValue(std::string_view value);

}  // namespace etcdmedic::tool
