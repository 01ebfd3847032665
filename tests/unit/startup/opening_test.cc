// SPDX-License-Identifier: Apache-2.0
// What bbolt meets as it opens damaged files. The sentences are those of real servers of etcd 3.4, 3.5, 3.6
// and 3.7 that were started on a db with the same damage.
#include "startup/opening.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "bolt/check.h"
#include "support/bolt_image.h"

namespace etcdmedic::startup {
namespace {

using Image = support::BoltImage;

constexpr uint64_t kPage = Image::kPage;

constexpr Release kReleases[] = {Release::k136, Release::k137, Release::k14};

// What ends each release, or "" where it opens the file; {0} the leaf, {1} the page of the branch, {2} the
// high water mark, {3} the root, {4} the leaf before.
struct Case {
  const char* name;
  void (*damage)(Image& image);
  const char* ends[3];
};

const Case kCases[] = {
    {"None", [](Image&) {}, {"", "", ""}},
    {"NumberOfAPageInUse",
     [](Image& i) { i.Put(i.leaf * kPage, i.leaf - 1); },
     {"freepages: failed to get all reachable pages (page {4}: multiple references)",
      "assertion failed: Page expected to be: {0}, but self identifies as {4}",
      "assertion failed: Page expected to be: {0}, but self identifies as {4}"}},
    {"NumberBeyondTheMark",
     [](Image& i) { i.Put(i.leaf * kPage, uint64_t{1} << 40); },
     {"freepages: failed to get all reachable pages (page 1099511627776: out of bounds: {2})",
      "assertion failed: Page expected to be: {0}, but self identifies as 1099511627776",
      "assertion failed: Page expected to be: {0}, but self identifies as 1099511627776"}},
    {"OneTypeTooMany",
     [](Image& i) { i.Put(i.leaf * kPage + 8, uint16_t{0x0a}); },
     {"", "assertion failed: page {0}: has unexpected type/flags: a",
      "assertion failed: page {0}: has unexpected type/flags: a"}},
    {"NoType",
     [](Image& i) { i.Put(i.leaf * kPage + 8, uint16_t{0}); },
     {"freepages: failed to get all reachable pages (page {0}: invalid type: unknown<00>)",
      "assertion failed: page {0}: has unexpected type/flags: 0",
      "assertion failed: page {0}: has unexpected type/flags: 0"}},
    {"TypeOfAFreeList",
     [](Image& i) { i.Put(i.leaf * kPage + 8, uint16_t{0x10}); },
     {"freepages: failed to get all reachable pages (page {0}: invalid type: freelist)",
      "freepages: failed to get all reachable pages (page {0}: invalid type: freelist (stack: [{1} {0}]))",
      "freepages: failed to get all reachable pages (page {0}: invalid type: freelist (stack: [{1} {0}]))"}},
    {"ChildTwice",
     [](Image& i) { i.Put(i.Element(i.branch, 3) + 8, i.Load<uint64_t>(i.Element(i.branch, 2) + 8)); },
     {"freepages: failed to get all reachable pages (page {4}: multiple references)",
      "freepages: failed to get all reachable pages (page {4}: multiple references (stack: [{1} {4}]))",
      "freepages: failed to get all reachable pages (page {4}: multiple references (stack: [{1} {4}]))"}},
    {"Circle",
     [](Image& i) { i.Put(i.Element(i.branch, 3) + 8, i.branch); },
     {"freepages: failed to get all reachable pages (page {1}: multiple references)",
      "freepages: failed to get all reachable pages (page {1}: multiple references (stack: [{1} {1}]))",
      "freepages: failed to get all reachable pages (page {1}: multiple references (stack: [{1} {1}]))"}},
    {"ChildBeyondTheFile",
     [](Image& i) { i.Put(i.Element(i.branch, 3) + 8, uint64_t{1} << 20); },
     {"unexpected fault address", "unexpected fault address", "unexpected fault address"}},
    {"ChildBeyondAllMaps",
     [](Image& i) { i.Put(i.Element(i.branch, 3) + 8, ~uint64_t{0}); },
     {"runtime error: index out of range [18446744073709550592] with length 281474976710655",
      "runtime error: index out of range [18446744073709550592] with length 281474976710655",
      "runtime error: index out of range [18446744073709550592] with length 281474976710655"}},
    {"FirstKeyBelowItsSeparator",
     [](Image& i) { i.bytes[i.Element(i.branch, 3) + i.Load<uint32_t>(i.Element(i.branch, 3)) + 7] = 'x'; },
     {"", "freepages: failed to get all reachable pages (the first key[0]=(hex)",
      "freepages: failed to get all reachable pages (the first key[0]=(hex)"}},
    {"KeyTwice",
     [](Image& i) {
       const uint64_t a = i.Element(i.leaf, 2), b = i.Element(i.leaf, 3);
       i.bytes.replace(b + i.Load<uint32_t>(b + 4), 7, i.bytes.substr(a + i.Load<uint32_t>(a + 4), 7));
     },
     {"", "freepages: failed to get all reachable pages (key[3]=(hex)",
      "freepages: failed to get all reachable pages (key[3]=(hex)"}},
    {"PositionBeyondAllSlices",
     [](Image& i) { i.Put(i.Element(i.leaf, 3) + 4, uint32_t{0x7fffffff}); },
     {"runtime error: slice bounds out of range [::2147483654] with length 2147483647",
      "runtime error: slice bounds out of range [::2147483654] with length 2147483647",
      "runtime error: slice bounds out of range [::2147483654] with length 2147483647"}},
    {"BranchWithoutChildren",
     [](Image& i) { i.Put(i.branch * kPage + 10, uint16_t{0}); },
     {"runtime error: index out of range [0] with length 0",
      "runtime error: index out of range [0] with length 0",
      "runtime error: index out of range [0] with length 0"}},
    {"BucketThatIsNone",
     [](Image& i) { i.Put(i.Element(i.meta.root, 0), uint32_t{0}); },
     {"failed to create a bucket", "failed to create a bucket", "failed to create a bucket"}},
    {"OverflowOverAPageInUse",
     [](Image& i) { i.Put(i.leaf * kPage + 12 - kPage, uint32_t{1}); },
     {"freepages: failed to get all reachable pages (page {0}: multiple references)",
      "freepages: failed to get all reachable pages (page {0}: multiple references (stack: [{1} {0}]))",
      "freepages: failed to get all reachable pages (page {0}: multiple references (stack: [{1} {0}]))"}},
    {"FreeListThatIsALeaf",
     [](Image& i) { i.SetFreelist(i.leaf); },
     {"invalid freelist page: {0}, page type is leaf", "invalid freelist page: {0}, page type is leaf",
      "invalid freelist page: {0}, page type is leaf"}},
    {"FreeListWithOneTypeTooMany",
     [](Image& i) { i.AddFreelist({}, 0x18); },
     {"", "", "invalid freelist page: {2}, page type is unknown<18>"}},
    {"FreeListNamesItself",
     [](Image& i) { i.AddFreelist({i.bytes.size() / kPage}); },
     {"page {2} already freed", "page {2} already freed", "page {2} already freed"}},
    {"FreeListNamesNoPage",
     [](Image& i) { i.AddFreelist({1000000000}); },
     {"", "pgid (1000000000) above high water mark ({5})", "pgid (1000000000) above high water mark ({5})"}},
};

class OpeningCase : public testing::TestWithParam<Case> {};

TEST_P(OpeningCase, EndsAsBboltDoes) {
  Image image;
  const Image sound = image;
  GetParam().damage(image);
  for (const Release release : kReleases) {
    const Opening opening = image.Open(release);
    const std::string wanted =
        fmt::format(fmt::runtime(GetParam().ends[static_cast<size_t>(release)]), image.leaf, image.branch,
                    sound.meta.high_water, image.meta.root, image.leaf - 1, sound.meta.high_water + 1);
    if (wanted.empty()) {
      EXPECT_FALSE(opening.fault) << opening.fault->message << opening.fault->explanation;
    } else if (opening.fault) {
      EXPECT_TRUE(opening.fault->message.starts_with(wanted))
          << opening.fault->message << " wanted " << wanted;
      EXPECT_FALSE(opening.fault->explanation.empty());
    } else {
      ADD_FAILURE() << "opens; wanted " << wanted;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, OpeningCase, testing::ValuesIn(kCases),
                         [](const auto& each) { return std::string(each.param.name); });

TEST(Opening, SaysWhatGoesWrongUnseen) {
  Image separator;
  separator.bytes[separator.Element(separator.branch, 3) +
                  separator.Load<uint32_t>(separator.Element(separator.branch, 3)) + 7] = 'x';
  EXPECT_TRUE(separator.Open(Release::k136).overlooked)
      << "a search misses a key, and bbolt 1.3.6 does not look";
  Image free;
  free.bytes.resize(free.bytes.size() + kPage);
  free.SetFreelist(bolt::kNoFreelist);
  free.Put(free.leaf * kPage, free.bytes.size() / kPage - 1);
  EXPECT_TRUE(free.Open(Release::k136).overlooked) << "the page counts as free";
  Image listed;
  listed.AddFreelist({listed.leaf});
  for (const Release release : kReleases) EXPECT_TRUE(listed.Open(release).overlooked);
  Image sound;
  for (const Release release : kReleases) {
    EXPECT_FALSE(sound.Open(release).overlooked);
    EXPECT_FALSE(sound.Open(release).first_write);
  }
}

TEST(Opening, ASeparatorThatIsNotTheFirstKeyEndsBadlyOnceItIsWritten) {
  Image image;
  // Less than the first key and more than the last one before it, so that bbolt's own check passes.
  const uint64_t place = image.Element(image.branch, 3);
  std::string& bytes = image.bytes;
  const uint64_t key = place + image.Load<uint32_t>(place);
  --bytes[key + 6];
  for (const Release release : kReleases) {
    EXPECT_FALSE(image.Open(release).fault);
    EXPECT_TRUE(image.Open(release).first_write);
  }
  diag::FindingList found;
  bolt::Check(AsBytes(bytes), "db", {std::nullopt, 1}, found);
  ASSERT_FALSE(found.items.empty());
  EXPECT_EQ(found.items.front().code, diag::Code::kDbKeyOrder);
}

TEST(Opening, ARootThatIsTooLongEndsTheFirstWrite) {
  Image image;
  image.Put(image.meta.root * kPage + 12, uint32_t{32768});
  for (const Release release : kReleases) {
    EXPECT_FALSE(image.Open(release).fault);
    EXPECT_TRUE(image.Open(release).first_write);
  }
}

}  // namespace
}  // namespace etcdmedic::startup
