// SPDX-License-Identifier: Apache-2.0
// Rows of the command table: the pages of the backend.
#include "command.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kMeta{"--meta", "0|1", "read from this meta page, not from the newest valid one"};
constexpr Flag kSearch{"--search-root", "",
                       "where no meta page is valid: look for the buckets among the pages"};
constexpr Flag kViewFlags[] = {kMeta, kSearch};
constexpr Flag kMetaFlags[] = {kMeta};
constexpr Flag kPagesFlags[] = {kMeta,
                                {"--use", "WHAT", "only pages of this use: leaf, branch, free, overflow, …"}};
constexpr Flag kPageFlags[] = {kMeta, {"--hex", "", "also every byte"}};
constexpr Flag kCompactFlags[] = {
    kMeta,
    kSearch,
    {"--salvage", "", "take what can be reached of a damaged db, and say what is left out"},
    {"--page-size", "BYTES", "of the new file; that of the old one otherwise"}};

constexpr Example kCheckExamples[] = {
    {"db check DIR", "what `bbolt check` looks at: every page, and none of the keys in them"}};
constexpr Example kPagesExamples[] = {{"db pages DIR", "every page: what it is, whose, how full"}};
constexpr Example kPageExamples[] = {{"db page DIR 0 --hex", "one page, field by field"}};
constexpr Example kTreeExamples[] = {
    {"db tree DIR", "the branches and leaves of every bucket with their keys"}};
constexpr Example kBucketsExamples[] = {{"db buckets DIR", "entries, pages and bytes of every bucket"}};
constexpr Example kDumpExamples[] = {{"db dump DIR meta", "the entries of a bucket as they are stored"}};
constexpr Example kStatExamples[] = {
    {"db stat DIR", "where the bytes go, and what a defragmentation would give back"}};
constexpr Example kFreelistExamples[] = {{"db freelist DIR", "runs of free pages"}};
constexpr Example kMetaExamples[] = {{"db meta DIR", "both meta pages"}};
constexpr Example kCompactExamples[] = {
    {"db compact DIR new.db", "the same content in a fresh, compact file"}};

constexpr Command kCommands[] = {
    {"db check", "PATH", "check the pages of the backend alone; verify checks the keys too", kMetaFlags,
     kCheckExamples, RunDbCheck},
    {"db pages", "PATH", "every page of the backend: type, owner, elements, fill", kPagesFlags,
     kPagesExamples, RunDbPages},
    {"db page", "PATH ID", "one page of the backend, field by field", kPageFlags, kPageExamples, RunDbPage},
    {"db tree", "PATH [BUCKET]", "the tree of pages below each bucket", kViewFlags, kTreeExamples, RunDbTree},
    {"db buckets", "PATH", "every bucket: entries, pages, bytes", kMetaFlags, kBucketsExamples, RunDbBuckets},
    {"db dump", "PATH BUCKET", "a bucket's entries as they are stored, in order", kViewFlags, kDumpExamples,
     RunDbDump},
    {"db stat", "PATH", "where the backend's bytes go, and what a defragmentation would give back",
     kMetaFlags, kStatExamples, RunDbStat},
    {"db freelist", "PATH", "free pages of the backend", kMetaFlags, kFreelistExamples, RunDbFreelist},
    {"db meta", "PATH", "both meta pages of the backend", {}, kMetaExamples, RunDbMeta},
    {"db compact", "PATH NEW", "write a fresh, compact file with the same content", kCompactFlags,
     kCompactExamples, RunDbCompact},
};

}  // namespace

std::span<const Command> DbCommands() { return kCommands; }

}  // namespace etcdmedic::tool
