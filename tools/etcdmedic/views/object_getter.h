// SPDX-License-Identifier: Apache-2.0
// The objects that kubectl's grammar means, one by one, and what there is to say of those that are not there.
#pragma once

#include <string>
#include <vector>

#include "kubectl/sort_key.h"
#include "views/object_job.h"
#include "views/object_output.h"

namespace etcdmedic::tool {

// Hands the objects that a query means to a sink, in order.
class ObjectGetter {
 public:
  // `by_prefix`: where no object has the one name that was typed, those whose names begin with it are meant,
  // as in `kubectl describe`. All outlive it.
  ObjectGetter(ObjectJob& job, const objects::ObjectQuery& query, ObjectSink& sink, bool by_prefix = false)
      : job_(job), query_(query), sink_(sink), by_prefix_(by_prefix && query.one) {}

  // Calls Add of the sink, and not End. Names that are not there are said on stderr, with when they were
  // deleted and where else there is one.
  void All();

  // Says on stderr that there was nothing, if so, and gives the exit code.
  int Code() const;

 private:
  void Walk();
  void Take(const objects::Section& section);
  void Offer(size_t number);
  void Named(const kubectl::Resource& resource, const std::string& name);
  bool Exact(const kubectl::Resource& resource, const std::string& name);
  bool WithPrefix(const kubectl::Resource& resource, const std::string& name);
  void Miss(const kubectl::Resource& resource, const std::string& name);
  std::optional<int64_t> Deletion(const kubectl::Resource& resource, const std::string& name) const;
  std::string Elsewhere(const kubectl::Resource& resource, const std::string& name) const;

  ObjectJob& job_;
  const objects::ObjectQuery& query_;
  ObjectSink& sink_;
  const bool by_prefix_;
  std::vector<kubectl::SortKey> sorted_;  // only with --sort-by
  size_t count_ = 0;
  bool missed_ = false;
};

}  // namespace etcdmedic::tool
