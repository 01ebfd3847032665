// SPDX-License-Identifier: Apache-2.0
#include "plan/spooled_pages.h"

#include "base/try.h"

namespace etcdmedic::plan {
namespace {

constexpr size_t kBlock = size_t{1} << 20;

// Pages that follow one another are written together.
class Sink final : public bolt::PageSink {
 public:
  explicit Sink(SpoolFile& file) : file_(file) {}

  Result<void> Write(uint64_t offset, Bytes bytes) override {
    if (offset != offset_ + block_.size() || block_.size() >= kBlock) {
      RETURN_IF_ERROR(Flush());
      offset_ = offset;
    }
    block_ += AsText(bytes);
    return {};
  }

  Result<void> Flush() {
    auto done = file_.WriteAt(offset_, AsBytes(block_));
    block_.clear();
    return done;
  }

 private:
  SpoolFile& file_;
  uint64_t offset_ = 0;
  std::string block_;
};

}  // namespace

Result<std::shared_ptr<const SpoolFile>> SpoolPages(
    const std::function<Result<void>(bolt::PageSink&)>& fill) {
  auto made = SpoolFile::Make("a new db");
  if (!made) return Propagate(made);
  auto file = std::make_shared<SpoolFile>(std::move(*made));
  Sink sink(*file);
  RETURN_IF_ERROR(fill(sink));
  RETURN_IF_ERROR(sink.Flush());
  RETURN_IF_ERROR(file->Seal());
  return std::shared_ptr<const SpoolFile>(std::move(file));
}

}  // namespace etcdmedic::plan
