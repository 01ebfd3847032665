// SPDX-License-Identifier: Apache-2.0
#include "objects/text_batches.h"

#include <algorithm>
#include <utility>

#include "base/parallel.h"

namespace etcdmedic::objects {
namespace {

constexpr size_t kLeastPart = size_t{64} << 10;  // bytes; fewer are not worth a thread

}  // namespace

void TextBatches::Add(const StoredObject& object) {
  collected_.objects.push_back(object);
  collected_.begins.push_back(collected_.bytes);
  collected_.bytes += object.kv.value.size() + 1;  // no two begin at the same place
  if (collected_.bytes >= batch_bytes_) Turn();
}

void TextBatches::Finish() {
  Turn();
  Turn();
}

// What was collected is rendered from now on; what was rendered is written meanwhile.
void TextBatches::Turn() {
  if (rendering_.valid()) rendering_.get();
  std::swap(collected_, rendered_);
  if (!rendered_.objects.empty()) {
    rendered_.parts = PartsOf(rendered_.bytes, kLeastPart, threads_);
    while (rendered_.workers.size() < rendered_.parts)
      rendered_.workers.push_back(std::make_unique<Worker>(reader_));
    const auto how = rendered_.bytes < kLeastPart ? std::launch::deferred : std::launch::async;
    rendering_ = std::async(how, [this] { Render(rendered_); });
  }
  WriteText(collected_);
}

// Parts with as many bytes each.
void TextBatches::Render(Batch& batch) const {
  InParallel(batch.bytes, batch.parts, [&](size_t part, size_t begin, size_t end) {
    const auto from = std::ranges::lower_bound(batch.begins, begin);
    const auto to = std::ranges::lower_bound(batch.begins, end);
    const std::span<const StoredObject> all = batch.objects;
    batch.workers[part]->Render(options_, all.subspan(static_cast<size_t>(from - batch.begins.begin()),
                                                      static_cast<size_t>(to - from)));
  });
}

void TextBatches::Worker::Render(const TextOptions& options, std::span<const StoredObject> objects) {
  for (const StoredObject& object : objects) {
    const size_t mark = text.size();
    text += options.before;
    if (!reader.AppendText(object, options.format, options.in_list, text))
      text.resize(mark);
    else if (options.cut_line_feed)
      text.pop_back();
  }
}

// Leaves the batch empty.
void TextBatches::WriteText(Batch& batch) {
  for (size_t part = 0; part < batch.parts; ++part) {
    Worker& worker = *batch.workers[part];
    if (!worker.text.empty()) write_(worker.text);
    worker.text.clear();
    reader_.TakeOver(worker.reader, worker.found);
  }
  batch.objects.clear();
  batch.begins.clear();
  batch.bytes = batch.parts = 0;
}

}  // namespace etcdmedic::objects
