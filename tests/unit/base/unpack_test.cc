// SPDX-License-Identifier: Apache-2.0
#include "base/unpack.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <functional>

#include "base/file.h"
#include "support/make_archive.h"
#include "support/page_end.h"
#include "support/temp_folder.h"

namespace etcdmedic {
namespace {

std::string Zstd(const std::string& plain) {
  ZSTD_CCtx* const context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  std::string out(ZSTD_compressBound(plain.size()), '\0');
  out.resize(ZSTD_compress2(context, out.data(), out.size(), plain.data(), plain.size()));
  ZSTD_freeCCtx(context);
  return out;
}

std::string Gzip(const std::string& plain) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, plain.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string Text(size_t size) {
  std::string out;
  for (size_t i = 0; out.size() < size; ++i) out += std::to_string(i * i) + " ";
  return out.substr(0, size);
}

std::string Xz(const std::string& plain) { return support::MakeArchive({{"x", plain}}, "raw", "xz"); }

struct Packer {
  Packing packing;
  std::function<std::string(const std::string&)> pack;
};
const Packer kPackers[] = {{Packing::kZstd, Zstd}, {Packing::kGzip, Gzip}, {Packing::kXz, Xz}};

// What comes out, also where it ends in an error.
struct Unpacked {
  Result<void> result;
  std::string plain;
};

Unpacked UnpackAll(Packing packing, Bytes packed) {
  auto spool = Spool::Open("name");
  Unpacked out{Unpack(packing, packed, "name", *spool), {}};
  EXPECT_TRUE(spool->Finish());
  const auto map = MappedFile::Open(spool->Keep());
  out.plain = AsText(map->bytes());
  return out;
}

TEST(Unpack, RecognisesWhatItCanUnpack) {
  EXPECT_EQ(PackingOf(AsBytes(Zstd("abc"))), Packing::kZstd);
  EXPECT_EQ(PackingOf(AsBytes(Gzip("abc"))), Packing::kGzip);
  EXPECT_EQ(PackingOf(AsBytes(Xz("abc"))), Packing::kXz);
  EXPECT_EQ(PackingOf(AsBytes("plain text")), Packing::kNone);
  support::ForEachPrefix("\x28\xB5\x2F", [](Bytes bytes) { EXPECT_EQ(PackingOf(bytes), Packing::kNone); });
}

TEST(Unpack, GivesBackWhatWasPacked) {
  for (const Packer& packer : kPackers) {
    for (const size_t size :
         {size_t{0}, size_t{1}, size_t{262144}, size_t{262145}, size_t{524288}, size_t{1000000}}) {
      const std::string plain = Text(size);
      const Unpacked out = UnpackAll(packer.packing, AsBytes(packer.pack(plain)));
      ASSERT_TRUE(out.result) << size << ": " << out.result.error().what;
      ASSERT_EQ(out.plain, plain) << size;
    }
  }
}

TEST(Unpack, ReadsAllMembersOfAFile) {
  for (const Packer& packer : kPackers) {
    const Unpacked out = UnpackAll(packer.packing, AsBytes(packer.pack("one,") + packer.pack("two")));
    ASSERT_TRUE(out.result);
    EXPECT_EQ(out.plain, "one,two");
  }
}

TEST(Unpack, RefusesEveryCut) {
  for (const Packer& packer : kPackers) {
    const std::string plain = Text(600);
    const std::string packed = packer.pack(plain);
    support::ForEachPrefix(packed, [&](Bytes prefix) {
      if (prefix.empty()) return;
      const Unpacked out = UnpackAll(packer.packing, prefix);
      EXPECT_EQ(out.result.has_value(), prefix.size() == packed.size()) << prefix.size();
      if (!out.result) {
        EXPECT_EQ(out.result.error().code, Errc::kMalformed);
      }
      EXPECT_TRUE(plain.starts_with(out.plain)) << "what comes out is a beginning of the content";
    });
  }
}

TEST(Unpack, RefusesDamage) {
  for (const Packer& packer : kPackers) {
    std::string packed = packer.pack(Text(3000));
    packed[packed.size() / 2] = static_cast<char>(packed[packed.size() / 2] ^ 0x55);
    const Unpacked out = UnpackAll(packer.packing, AsBytes(packed));
    ASSERT_FALSE(out.result);
    EXPECT_EQ(out.result.error().code, Errc::kMalformed);
    EXPECT_EQ(out.result.error().where.file, "name");
  }
}

TEST(Unpack, SaysThatTheDiskIsFull) {
  for (const Packer& packer : kPackers) {
    Spool full(Descriptor(open("/dev/full", O_WRONLY)), "name");
    ASSERT_GE(full.descriptor(), 0);
    const auto done = Unpack(packer.packing, AsBytes(packer.pack("abc")), "name", full);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::kLimit);
    EXPECT_EQ(done.error().what, "cannot write: No space left on device");
  }
}

}  // namespace
}  // namespace etcdmedic
