// SPDX-License-Identifier: Apache-2.0
#include "wal/segment.h"

#include <algorithm>

#include "base/crc32c.h"
#include "wal/heal.h"
#include "wal/resync.h"

namespace etcdmedic::wal {
namespace {

constexpr uint64_t kSector = 512;
// etcd's write buffer is 128 KiB: no more than that is lost as zeros by one write that failed.
constexpr uint64_t kMostZeroedSectors = 256;
// No etcd writes a record this long: 1.5 MiB is the default limit of a request, and nobody raises it a
// hundredfold.
constexpr uint64_t kPlausibleLength = uint64_t{256} << 20;

// A segment with more damages than this is not a log any more; the rest is one damage, so that memory stays
// bounded.
constexpr uint64_t kMostDamages = 100'000;

// The first byte that is not zero in [from, bytes.size()).
uint64_t FirstNonZero(Bytes bytes, uint64_t from) {
  constexpr uint64_t kBlock = 4096;
  while (from < bytes.size()) {
    const uint64_t length = std::min(kBlock, bytes.size() - from);
    if (!AllZero(bytes.subspan(from, length))) break;
    from += length;
  }
  while (from < bytes.size() && bytes[from] == std::byte{0}) ++from;
  return from;
}

// The end of the last byte that is not zero in [from, bytes.size()); `from` where all are.
uint64_t LastNonZeroEnd(Bytes bytes, uint64_t from) {
  constexpr uint64_t kBlock = 4096;
  uint64_t end = bytes.size();
  while (end - from > kBlock && AllZero(bytes.subspan(end - kBlock, kBlock))) end -= kBlock;
  while (end > from && bytes[end - 1] == std::byte{0}) --end;
  return end;
}

bool HasZeroSector(Bytes bytes, uint64_t from, uint64_t to) {
  for (uint64_t at = (from + kSector - 1) / kSector * kSector; at + kSector <= to; at += kSector) {
    if (AllZero(bytes.subspan(at, kSector))) return true;
  }
  return false;
}

class SegmentReader {
 public:
  SegmentReader(Bytes segment, const SegmentOptions& options, SegmentVisitor& visitor)
      : segment_(segment), options_(options), visitor_(visitor), budget_(16 * segment.size() + (64U << 20)) {}

  SegmentChain Read() {
    while (at_ < segment_.size()) {
      if (damages_ == kMostDamages) {
        OnLostTail(Fault::kGarbage, nullptr, nullptr, false);
        break;
      }
      Step();
    }
    return chain_;
  }

 private:
  void Step() {
    Frame frame;
    Record record;
    switch (ReadFrame(segment_, at_, frame)) {
      case FrameFault::kEnd:
        return;
      case FrameFault::kZero:
        return OnZeroLength();
      case FrameFault::kShortField:
        return OnBroken(Fault::kTruncated);
      case FrameFault::kPastEnd:
        return OnPastEnd();
      case FrameFault::kNone:
        break;
    }
    if (!ParseRecord(frame, record)) return OnBroken(Fault::kMalformed, &frame);
    OnWholeRecord(frame, record);
  }

  void OnWholeRecord(const Frame& frame, Record& record) {
    if (!Fits(record)) {
      if (record.type == RecordType::kCrc) return OnCrcRecordMismatch(record);
      return OnMismatch(frame, record);
    }
    Damage wrong_type;
    if (HealType(segment_, record, wrong_type)) return EmitHealed(wrong_type);
    if (frame.padding != PaddingFor(frame.payload.size())) {
      Damage damage;
      if (HealPadding(segment_, frame, record, budget_, damage)) return EmitHealed(damage);
      chain_.plain_frames = true;
    }
    Accept(record);
  }

  // Whether the record continues the chain; the first crc record is believed, as etcd does.
  bool Fits(const Record& record) const {
    if (record.type == RecordType::kCrc) {
      if (!chain_.first_crc) return !options_.seed || *options_.seed == record.crc || !SeedFitsNext(record);
      return running_ == record.crc || running_ == 0;
    }
    return (record.data.empty() ? running_ : Crc32c(record.data, running_)) == record.crc;
  }

  // Whether what follows the leading crc record continues the segment before rather than this record.
  bool SeedFitsNext(const Record& record) const {
    return LinkAt(segment_, record.end(), *options_.seed, budget_) == Link::kHolds;
  }

  void Accept(Record& record) {
    if (record.type == RecordType::kCrc && !chain_.first_crc) chain_.first_crc = record.crc;
    record.proven = !after_loss_ || record.type == RecordType::kCrc;
    after_loss_ = false;
    running_ = record.crc;
    Advance(record.end(), true);
    ++chain_.records;
    chain_.valid_end = at_;
    visitor_.OnRecord(record);
  }

  void Advance(uint64_t to, bool proven) {
    at_ = to;
    chain_.end_crc = running_;
    chain_.end_proven = proven;
  }

  void EmitHealed(Damage& damage) {
    damage.followed = true;
    running_ = damage.record->crc;
    if (damage.record->type == RecordType::kCrc && !chain_.first_crc) chain_.first_crc = running_;
    after_loss_ = false;
    Advance(damage.offset + damage.length, true);
    chain_.valid_end = at_;
    ++chain_.records;
    Report(damage);
  }

  // The leading crc record is wrong: what follows proves the seed that the segment before ended with.
  void OnCrcRecordMismatch(const Record& record) {
    Damage damage;
    const uint32_t right = chain_.first_crc ? running_ : *options_.seed;
    HealCrcRecord(segment_, record, right, damage);
    if (!damage.healings.empty()) return EmitHealed(damage);
    // Its own value cannot be put right in place; go on from the right one.
    running_ = right;
    if (!chain_.first_crc) chain_.first_crc = right;
    Advance(record.end(), true);
    Report(damage);
  }

  void OnMismatch(const Frame& frame, const Record& record) {
    Damage damage;
    HealCrcMismatch(segment_, record, running_, budget_, damage);
    if (!damage.healings.empty()) return EmitHealed(damage);
    if (!damage.followed) {
      Damage head;
      if (HealFrame(segment_, at_, running_, budget_, head)) return EmitLengthHealed(head);
      if (LooksTorn(segment_, frame)) return OnBroken(Fault::kTornTail, &frame);
      return OnBroken(Fault::kCrc, &frame, &damage);
    }
    running_ = record.crc;
    Advance(record.end(), true);
    Report(damage);
  }

  void Report(const Damage& damage) {
    ++damages_;
    visitor_.OnDamage(damage);
  }

  void EmitLengthHealed(Damage& damage) {
    damage.fault = Fault::kLength;
    EmitHealed(damage);
  }

  void OnPastEnd() {
    Damage damage;
    if (HealCutPadding(segment_, at_, running_, budget_, damage)) return EmitHealed(damage);
    const uint64_t length = *ByteReader(segment_, at_).Little<uint64_t>() & kLengthMask;
    OnBroken(length > kPlausibleLength ? Fault::kLength : Fault::kTruncated);
  }

  void OnZeroLength() {
    const uint64_t first = FirstNonZero(segment_, at_);
    if (first < segment_.size()) {
      Damage damage;
      if (Heal(damage)) return EmitLengthHealed(damage);
      const Resync next = FindNextRecord(segment_, at_ + 8, StepWidth(), running_, budget_);
      if (next.kind != Resync::Kind::kNothing) return OnHole(Fault::kZeroed, next);
      if (RecordsStoodBefore(first)) return OnLostTail(Fault::kZeroed, nullptr, nullptr, false);
    }
    OnTail(first);
  }

  // Whether the bytes at `first`, after zeros, show that the zeros were records: a whole frame that reads as
  // one although nothing proves it, or zeros that cover whole sectors and nothing else.
  bool RecordsStoodBefore(uint64_t first) const {
    const uint64_t start = first / 8 * 8;
    Frame frame;
    Record record;
    if (ReadFrame(segment_, start, frame) == FrameFault::kNone &&
        frame.padding == PaddingFor(frame.payload.size()) && ParseRecord(frame, record) &&
        NameOf(record.type) != "unknown") {
      return true;
    }
    return at_ % kSector == 0 && start % kSector == 0 && start - at_ <= kMostZeroedSectors * kSector;
  }

  // Zeros up to `first`, then bytes that no reader reaches.
  void OnTail(uint64_t first) {
    const uint64_t end = LastNonZeroEnd(segment_, first);
    visitor_.OnSlack(Slack::kZeroTail, at_, first - at_);
    if (end > first) visitor_.OnSlack(Slack::kGarbageTail, first, end - first);
    if (end < segment_.size() && end > first) visitor_.OnSlack(Slack::kZeroTail, end, segment_.size() - end);
    at_ = segment_.size();
  }

  bool Heal(Damage& damage) { return HealFrame(segment_, at_, running_, budget_, damage); }

  uint64_t StepWidth() const { return chain_.plain_frames ? 1 : 8; }

  // No record is at at_: heal it, or find where the log continues, or give up to the end.
  void OnBroken(Fault fault, const Frame* frame = nullptr, const Damage* mismatch = nullptr) {
    Damage damage;
    if (fault != Fault::kCrc && fault != Fault::kTornTail && Heal(damage)) return EmitLengthHealed(damage);
    const bool ambiguous = damage.ambiguous_heal;
    const Resync next = FindNextRecord(segment_, at_ + 8, StepWidth(), running_, budget_);
    if (next.kind != Resync::Kind::kNothing) return OnHole(fault, next);
    OnLostTail(fault, frame, mismatch, ambiguous);
  }

  void OnHole(Fault fault, const Resync& next) {
    Damage damage;
    damage.offset = at_;
    damage.length = next.record.offset - at_;
    damage.followed = true;
    const Bytes hole = segment_.subspan(at_, damage.length);
    damage.fault = fault;
    if (AllZero(hole) || HasZeroSector(segment_, at_, at_ + damage.length)) {
      damage.fault = Fault::kZeroed;
    } else if (fault != Fault::kMalformed || next.kind == Resync::Kind::kContinues) {
      damage.fault = Fault::kGarbage;
    }
    at_ = next.record.offset;
    if (next.kind == Resync::Kind::kProven) {
      after_loss_ = true;
      running_ = SeedFor(next.record);
    }
    Report(damage);
  }

  static uint32_t SeedFor(const Record& record) { return Crc32cSeed(record.data, record.crc); }

  // Nothing that can be proven follows. Trailing zeros are the preallocated tail, not part of the damage.
  void OnLostTail(Fault fault, const Frame* frame, const Damage* mismatch, bool ambiguous) {
    Damage damage = mismatch != nullptr ? *mismatch : Damage{};
    damage.fault = fault == Fault::kLength ? Fault::kGarbage
                                           : fault;  // a length that heals nothing is as good as any bytes
    damage.offset = at_;
    uint64_t end = std::min(segment_.size(), (LastNonZeroEnd(segment_, at_) + 7) / 8 * 8);
    if (frame != nullptr) end = std::max(end, frame->end());
    damage.length = end - at_;
    damage.ambiguous_heal = damage.ambiguous_heal || ambiguous;
    if (!options_.last && fault == Fault::kTornTail) damage.fault = Fault::kZeroed;
    chain_.end_proven = false;
    Report(damage);
    if (end < segment_.size()) visitor_.OnSlack(Slack::kZeroTail, end, segment_.size() - end);
    at_ = segment_.size();
  }

  Bytes segment_;
  const SegmentOptions& options_;
  SegmentVisitor& visitor_;
  mutable Budget budget_;
  SegmentChain chain_;
  uint64_t at_ = 0;
  uint32_t running_ = 0;
  uint64_t damages_ = 0;
  bool after_loss_ = false;  // the next record is the first after lost bytes
};

}  // namespace

std::string_view NameOf(Fault fault) {
  constexpr std::string_view kNames[] = {"torn tail", "truncated", "zeroed", "garbage",
                                         "length",    "malformed", "crc"};
  return kNames[static_cast<size_t>(fault)];
}

SegmentChain ReadSegment(Bytes segment, const SegmentOptions& options, SegmentVisitor& visitor) {
  return SegmentReader(segment, options, visitor).Read();
}

}  // namespace etcdmedic::wal
