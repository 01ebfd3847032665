// SPDX-License-Identifier: Apache-2.0
// The formats of `objects`: YAML, JSON, a line an object, names, tables, columns of one's own.
#pragma once

#include <memory>

#include "cli/command.h"
#include "objects/query.h"
#include "objects/reader.h"

namespace etcdmedic::tool {

using objects::ObjectReader;
using objects::StoredObject;

class ObjectSink {
 public:
  virtual ~ObjectSink() = default;
  // One object that matches. `tree` is none where the sink does not want trees, and where there is none.
  virtual void Add(const StoredObject& object, text::ObjectView tree) = 0;
  // Writes what was added, before something is printed elsewhere.
  virtual void Settle() {}
  // Once, after the last object.
  virtual void End() {}
  virtual bool wants_tree() const { return false; }
};

struct ObjectOutputOptions {
  bool one = false;             // a single object, and no list
  bool with_namespace = false;  // tables: a column for it
  bool several_kinds = false;   // tables: the kind before the name
  bool no_headers = false;
  bool show_labels = false;
  std::vector<std::string> label_columns;
  int64_t now = 0;
};

// The sink for the context's format. Errors: kUsage for columns that cannot be read.
Result<std::unique_ptr<ObjectSink>> MakeObjectSink(Context& context, ObjectReader& reader,
                                                   const ObjectOutputOptions& options);

// "deployment.apps/web", as -o name prints it.
std::string ObjectName(const StoredObject& object, ObjectReader& reader);

}  // namespace etcdmedic::tool
