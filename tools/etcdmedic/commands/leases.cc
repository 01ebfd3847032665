// SPDX-License-Identifier: Apache-2.0
#include <charconv>

#include "cli/flags.h"
#include "inputs/present_state.h"
#include "render/text.h"
#include "views/etcdctl_json.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    {"--rev", "REVISION", "keys attached at this revision; etcd keeps no history of the leases themselves"},
    {"--limit", "N", "print at most N leases"},
    kWalDirFlag,
};
constexpr Example kExamples[] = {
    {"leases DIR", "leases and the keys attached to them"},
    {"leases DIR --rev 2000 --limit 3", "the keys attached at revision 2000"},
};

void WriteLease(render::Document& document, const mvcc::Lease& lease) {
  document.Field("id", lease.id);
  document.Field("id_hex", Hex(static_cast<uint64_t>(lease.id)));
  document.Field("known", lease.known);
  document.Field("ttl", lease.ttl);
  document.Field("remaining_ttl", lease.remaining_ttl);
  WriteTexts(document, "keys", lease.keys);
}

// `past`: the keys are those of an earlier revision.
void PrintLease(Context& context, const mvcc::Lease& lease, bool past) {
  const std::string_view remark = lease.known ? ""
                                  : past      ? "  no such lease any more"
                                              : "  no such lease: its keys never expire";
  const std::string id = Hex(static_cast<uint64_t>(lease.id));
  if (context.format == render::Format::kName) return context.out.Print("{}\n", id);
  context.out.Print(
      "{:<16} {:>8} {:>10} {:>6}{}\n", id, lease.known ? fmt::format("{}", lease.ttl) : "unknown",
      lease.remaining_ttl == 0 ? "-" : fmt::format("{}", lease.remaining_ttl), lease.keys.size(), remark);
  for (const std::string& key : lease.keys) context.out.Print("    {}\n", render::Printable(key));
}

// An id as etcd prints it. Errors: kUsage.
Result<int64_t> LeaseIdOf(const std::string& text) {
  uint64_t id = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, id, 16);
  if (error != std::errc() || rest != end)
    return Fail(Errc::kUsage, "", fmt::format("a lease is a hexadecimal id, not {}", text));
  return static_cast<int64_t>(id);
}

// Keeps the lease that was asked for, where one was; what etcd says of one that does not exist otherwise.
Result<void> Choose(const Args& args, std::vector<mvcc::Lease>& leases) {
  if (args.positional().size() < 2) return {};
  const auto id = LeaseIdOf(args.positional()[1]);
  if (!id) return tl::make_unexpected(id.error());
  std::erase_if(leases, [&](const mvcc::Lease& lease) { return lease.id != *id; });
  if (leases.empty()) {
    leases.emplace_back().id = *id;
    leases.back().known = false;
  }
  return {};
}

void Write(Context& context, const PresentState& state, const std::vector<mvcc::Lease>& leases, bool one) {
  if (AsEtcdctl(context)) {
    return one ? WriteEtcdctlLease(context, *state.opened, leases.front())
               : WriteEtcdctlLeases(context, *state.opened, leases);
  }
  if (ForPeople(context)) {
    if (context.format == render::Format::kTable)
      context.out.Print("{:<16} {:>8} {:>10} {:>6}\n", "LEASE", "TTL", "REMAINING", "KEYS");
    const bool past = state.at != state.store().current_revision();
    for (const mvcc::Lease& lease : leases) PrintLease(context, lease, past);
    return;
  }
  ListDocument rows(context, "leases", "leases", [&](render::Document& document) {
    WriteAsOf(document, state);
    document.Field("keys_at_revision", state.at);
  });
  for (const mvcc::Lease& lease : leases)
    rows.Add([&](render::Document& document) { WriteLease(document, lease); });
  rows.End();
}

int Run(Context& context, const Args& args) {
  const auto limit = args.Number("--limit", 0);
  if (!limit) return Report(context, limit.error());
  const auto state = OpenPresent(context, args, "leases");
  if (!state) return Report(context, state.error());
  auto leases = mvcc::ReadLeases(state->store(), state->at, state->opened->found);
  if (!leases) return Report(context, leases.error());
  if (const auto chosen = Choose(args, *leases); !chosen) return Report(context, chosen.error());
  if (*limit != 0 && leases->size() > *limit) leases->resize(*limit);
  const bool one = args.positional().size() > 1;
  Write(context, *state, *leases, one);
  return Finish(context, *state->opened, one && !leases->front().known ? kNotable : kClean);
}

}  // namespace

extern const Command kLeases = {
    .name = "leases",
    .positional = "PATH [LEASE]",
    .summary = "leases and their keys, or one lease by its id",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
    .formats = kEtcdctlJson,
};

}  // namespace etcdmedic::tool
