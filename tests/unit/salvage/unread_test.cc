// SPDX-License-Identifier: Apache-2.0
#include "salvage/unread.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "salvage/copies.h"
#include "support/key_space.h"
#include "support/protobuf_text.h"
#include "support/revision_db.h"

namespace etcdmedic::salvage {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<Span> LostIn(const std::string& image) {
  std::vector<DbSource> sources{OpenDbSource(AsBytes(image), "db", 0, false)};
  FindCopies(sources, 1);
  return sources.front().lost;
}

// One bit of the revision key in the leaf that is read.
void Flip(std::string& image, int64_t revision) {
  const auto uses = OpenDbSource(AsBytes(image), "db", 0, false).scan.uses;
  const std::string key = support::RevisionKey(revision);
  for (size_t at = image.find(key); at != std::string::npos; at = image.find(key, at + 1)) {
    const bool live = uses[at / 1024] == PageUse::kLive || uses[at / 1024] == PageUse::kInside;
    if (live) image[at + 4] = static_cast<char>(image[at + 4] ^ 8);
  }
}

TEST(UnreadEntries, AreNoneInASoundDb) {
  EXPECT_THAT(LostIn(support::Backend(support::Puts(800))), IsEmpty());
  EXPECT_THAT(LostIn(support::Backend(support::Puts(3))), IsEmpty()) << "a bucket inside its entry";
}

TEST(UnreadEntries, AreNamedByTheRevisionsAroundThem) {
  std::string image = support::Backend(support::Puts(800));
  const std::string sound = image;
  Flip(image, 300);
  ASSERT_NE(image, sound);
  EXPECT_THAT(LostIn(image), ElementsAre(Span{299, 301}));
}

TEST(UnreadEntries, AtTheEndLeaveItOpen) {
  std::string image = support::Backend(support::Puts(800));
  Flip(image, 801);
  EXPECT_THAT(LostIn(image), Contains(Span{800, INT64_MAX}));
}

}  // namespace
}  // namespace etcdmedic::salvage
