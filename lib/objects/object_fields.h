// SPDX-License-Identifier: Apache-2.0
// The fields of an object one by one, each with a short path, so that two versions can be compared and a
// field's manager found. docs/kubernetes.md, "Fields".
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "text/object_tree.h"

namespace etcdmedic::objects {

// A step on the way to a field: a member of a map, or an item of a list.
struct FieldStep {
  std::string_view key;   // of a map's member
  text::ObjectView item;  // of a list; none for a member
  size_t index = 0;       // in the list
};

struct ObjectField {
  std::string path;        // spec.containers[web].image, metadata.annotations["a.b/c"]
  text::ObjectView value;  // a scalar, or an empty map or list
};

// Calls `each` for every field in stored order, but for those of metadata.managedFields. Items of a list that
// all have one name, type, key, … of their own are called by it, others by their number from 0.
using EachField = std::function<void(const ObjectField& field, std::span<const FieldStep> steps)>;
void ForEachField(text::ObjectView object, const EachField& each);

// All of them in the order of their paths. Views last as long as the tree.
std::vector<ObjectField> FieldsOf(text::ObjectView object);

// The paths of fields that one of the two lacks or has with another value, in order.
std::vector<std::string> ChangedFields(text::ObjectView before, text::ObjectView after);

// A field's value on one line: a scalar as JSON has it without quotes, {} or [].
std::string ValueText(text::ObjectView value);

// Who set a field, by metadata.managedFields: of those that own it the one that wrote last.
struct FieldManager {
  std::string name;  // empty where nobody owns it
  std::string time;  // as it is written there
};
FieldManager ManagerOf(text::ObjectView object, std::span<const FieldStep> steps);

}  // namespace etcdmedic::objects
