// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>

#include "cli/flags.h"
#include "inputs/present_state.h"
#include "render/table.h"
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
  document.Field("lease_id", Hex(static_cast<uint64_t>(lease.id)));
  document.Field("lease_id_decimal", fmt::format("{}", lease.id));
  document.Field("known", lease.known);
  if (lease.known) document.Field("ttl", lease.ttl);
  document.FieldIf("remaining_ttl", lease.remaining_ttl);
  document.Texts("attached_keys", lease.keys);
}

// `past`: the keys are those of an earlier revision.
void PrintLease(render::Table& table, const mvcc::Lease& lease, bool past) {
  const std::string_view remark = lease.known ? ""
                                  : past      ? "no such lease any more"
                                              : "no such lease: its keys never expire";
  table.Add(Hex(static_cast<uint64_t>(lease.id)), lease.known ? fmt::format("{}", lease.ttl) : "unknown",
            lease.remaining_ttl == 0 ? "-" : fmt::format("{}", lease.remaining_ttl), lease.keys.size(),
            remark);
  for (const std::string& key : lease.keys) table.Line("    " + key);
}

void PrintLeases(Context& context, const std::vector<mvcc::Lease>& leases, bool past) {
  constexpr auto kRight = render::Align::kRight;
  render::Table table(context.out,
                      {{"LEASE"}, {"TTL", kRight}, {"REMAINING", kRight}, {"KEYS", kRight}, {""}});
  for (const mvcc::Lease& lease : leases) PrintLease(table, lease, past);
}

std::optional<int64_t> NumberOf(const std::string& text, int base) {
  uint64_t id = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, id, base);
  if (error != std::errc() || rest != end) return std::nullopt;
  return static_cast<int64_t>(id);
}

// An id as etcd prints it, or the decimal number that etcdctl's JSON has, where there is such a lease.
// Errors: kUsage.
Result<int64_t> LeaseIdOf(const std::string& text, const std::vector<mvcc::Lease>& leases) {
  const auto hex = NumberOf(text, 16), decimal = NumberOf(text, 10);
  const auto exists = [&](const mvcc::Lease& lease) { return lease.id == *decimal; };
  if (decimal && std::ranges::any_of(leases, exists)) return *decimal;
  if (hex) return *hex;
  return Fail(Errc::kUsage, "", fmt::format("a lease is a hexadecimal id, not {}", text));
}

// Keeps the lease that was asked for, where one was; what etcd says of one that does not exist otherwise.
Result<void> Choose(const Args& args, std::vector<mvcc::Lease>& leases) {
  if (args.positional().size() < 2) return {};
  const auto id = LeaseIdOf(args.positional()[1], leases);
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
  if (context.format == render::Format::kTable)
    return PrintLeases(context, leases, state.at != state.store().current_revision());
  if (context.format == render::Format::kName) {
    for (const mvcc::Lease& lease : leases) context.out.Print("{}\n", Hex(static_cast<uint64_t>(lease.id)));
    return;
  }
  render::ListDocument rows(context.out, context.format, {"leases", "lease", "leases"},
                            [&](render::Document& document) {
                              document.Field("revision", state.store().current_revision());
                              document.Field("keys_revision", state.at);
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
