// SPDX-License-Identifier: Apache-2.0
// The single ways to a sound backend, each a function that proposes a step or none; PlanBackend has their
// order. Used by the planner alone. They need a backend that could be opened.
#pragma once

#include <functional>
#include <initializer_list>

#include "bolt/builder.h"
#include "bolt/view.h"
#include "plan/draft.h"
#include "plan/spooled_pages.h"

namespace etcdmedic::plan {

// ---- meta pages

void HealMetaBits(Draft& draft);
// One meta page from the other.
void CopyMeta(Draft& draft);
// Without a list of free pages, and with another high water mark.
void DropFreelist(Draft& draft);
// With a directory of buckets that is found by what it looks like.
void FindRoot(Draft& draft);

// ---- pages and entries

// Headers and elements, by what the rest of the page proves.
void HealPages(Draft& draft);
void HealNames(Draft& draft);
// The term beside consistent_index.
void HealTerm(Draft& draft);

// consistent_index, and the term with it.
void HealIndex(Draft& draft);
// Records of bucket `key` that differ from the log.
void HealRecords(Draft& draft);

// Records of bucket members that have no document.
void HealMembers(Draft& draft);

// ---- from wherever records survive

// The db that a leader sent, if it is there.
void TakeSnapDb(Draft& draft);
// The records of all pages and of the log; with loss where not all of them can be had.
void GatherRecords(Draft& draft);
void GatherWithLoss(Draft& draft);
// The state of another member.
void TakeDbOfSibling(Draft& draft);

// ---- from the log alone

// The db written from a log that begins with the first entry, as etcd would make it.
void WriteFromLog(Draft& draft);
// Left to etcd, which makes a backend of its own from such a log.
void LeaveToLog(Draft& draft);

// ---- what they share

const std::string& DbName(const Draft& draft);
Bytes Db(const Draft& draft);
bool Found(const Draft& draft, std::initializer_list<diag::Code> codes);
// A safe step that answers every fault of the backend, one of several ways.
Step WayTo(const Draft& draft, std::string title, std::string why, std::vector<Edit> edits);
// The db replaced by what `fill` writes; the file that is there is set aside. Nothing, and advice, where that
// cannot be written, or `fill` gives an error.
std::optional<std::vector<Edit>> NewDb(Draft& draft,
                                       const std::function<Result<void>(bolt::PageSink&)>& fill);
// Header and fields of a meta page, written at `slot`, 0 or 1.
Edit MetaEdit(const Draft& draft, int slot, const bolt::Meta& meta);
// A number as bucket `meta` stores it.
std::string BigEndian(uint64_t number);
// The eight bytes of a number in bucket `meta`; nothing where it is not there.
std::optional<Bytes> NumberInMeta(const bolt::View& view, std::string_view name);

}  // namespace etcdmedic::plan
