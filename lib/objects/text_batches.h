// SPDX-License-Identifier: Apache-2.0
// The text of many objects, made on all cores and handed on in order.
#pragma once

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "objects/reader.h"

namespace etcdmedic::objects {

struct TextOptions {
  k8s::TextFormat format = k8s::TextFormat::kYaml;
  bool in_list = false;          // as items of a List
  std::string_view before = {};  // each object
  bool cut_line_feed = false;    // that each object ends with
};

// Renders a batch while the one before it is written and the next one is collected: two batches and their
// texts are in memory at most.
class TextBatches {
 public:
  using Write = std::function<void(std::string_view)>;
  static constexpr size_t kBatchBytes = size_t{2} << 20;

  // `write` gets the texts in order, those of several objects at once, on the thread that calls Add and
  // Finish; findings reach the sink of `reader`, and its counts are kept, on that thread too. A batch ends
  // when its values have `batch_bytes`. `threads` render it, 0: one a core. `reader` and what the objects
  // view outlive it.
  TextBatches(ObjectReader& reader, const TextOptions& options, Write write, size_t batch_bytes = kBatchBytes,
              unsigned threads = 0)
      : reader_(reader),
        options_(options),
        write_(std::move(write)),
        batch_bytes_(batch_bytes),
        threads_(threads) {}

  void Add(const StoredObject& object);
  // Writes what is not written yet.
  void Finish();

 private:
  // Makes the text of a part of a batch.
  struct Worker {
    explicit Worker(const ObjectReader& like) : reader(like, found) {}
    void Render(const TextOptions& options, std::span<const StoredObject> objects);
    diag::FindingList found;
    ObjectReader reader;
    std::string text;
  };
  struct Batch {
    std::vector<StoredObject> objects;
    std::vector<size_t> begins;  // where each object's bytes begin, were all of them one text
    size_t bytes = 0;
    std::vector<std::unique_ptr<Worker>> workers;
    size_t parts = 0;
  };

  void Turn();
  void Render(Batch& batch) const;
  void WriteText(Batch& batch);

  ObjectReader& reader_;
  const TextOptions options_;
  const Write write_;
  const size_t batch_bytes_;
  const unsigned threads_;
  Batch collected_, rendered_;
  std::future<void> rendering_;  // of rendered_; last, so that it is waited for first
};

}  // namespace etcdmedic::objects
