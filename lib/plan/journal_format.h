// SPDX-License-Identifier: Apache-2.0
// The undo journal on disk: docs/design/undo-journal.md.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "plan/plan.h"

namespace etcdmedic::plan {

// How far an edit is; one byte of the journal each, rewritten as the work goes on.
enum class Progress : char { kNotBegun = '0', kBegun = '1', kDone = '2' };

// A run of old bytes.
struct Extent {
  uint64_t offset = 0;
  std::string bytes;
};

// An edit with what undoing it needs.
struct JournalEdit {
  EditKind kind = EditKind::kWrite;
  std::string file;
  std::string target;
  uint64_t old_size = 0;
  std::vector<Extent> old;  // what is not zero of the bytes that the edit changes or drops
};

// A file as it was before the first edit.
struct Original {
  std::string file;
  uint64_t size = 0;
  uint32_t mode = 0;
  int64_t mtime_s = 0;
  int64_t mtime_ns = 0;
  std::string sha256;
};

struct Journal {
  std::string root;
  std::vector<JournalEdit> edits;
  std::vector<Original> originals;  // of every file that existed and is touched
  std::vector<Progress> progress;   // one an edit
};

std::string EncodeJournal(const Journal& journal);

// Errors: kMalformed where the journal is damaged or was never finished (then nothing was applied).
Result<Journal> DecodeJournal(const std::string& bytes, const std::string& path);

// Where the progress byte of an edit stands in the file.
uint64_t ProgressOffset(size_t edit);

}  // namespace etcdmedic::plan
