// SPDX-License-Identifier: Apache-2.0
#include "base/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "base/progress.h"
#include "base/try.h"

namespace etcdmedic {
namespace {

constexpr size_t kBlock = size_t{256} << 10;

// What was unpacked from the first `consumed` bytes.
Result<void> Take(Bytes plain, Bytes packed, uint64_t consumed, const std::string& name, Spool& to) {
  Progress::Set(consumed);
  if (to.size() + plain.size() > MostUnpacked(packed.size()))
    return Fail(Errc::kLimit, name, "unpacks to more than etcd's files can need; unpack it by hand");
  return to.Append(plain);
}

Result<void> UnpackZstd(Bytes packed, const std::string& name, Spool& to) {
  const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(), &ZSTD_freeDCtx);
  ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, 27);
  std::vector<std::byte> block(kBlock);
  ZSTD_inBuffer in{packed.data(), packed.size(), 0};
  size_t left = 1;
  bool full = false;
  while (in.pos < in.size || (full && left != 0)) {  // a frame may end where the block does
    ZSTD_outBuffer out{block.data(), block.size(), 0};
    left = ZSTD_decompressStream(context.get(), &out, &in);
    if (ZSTD_isError(left) != 0) {
      return Fail(Errc::kMalformed, name, std::string("zstd data is damaged: ") + ZSTD_getErrorName(left),
                  in.pos);
    }
    full = out.pos == out.size;
    RETURN_IF_ERROR(Take(Bytes(block.data(), out.pos), packed, in.pos, name, to));
  }
  if (left != 0) return Fail(Errc::kMalformed, name, "zstd data ends before its frame does", in.pos);
  return {};
}

Result<void> UnpackGzip(Bytes packed, const std::string& name, Spool& to) {
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 16) != Z_OK) return Fail(Errc::kIo, name, "zlib cannot start");
  const std::unique_ptr<z_stream, decltype(&inflateEnd)> guard(&stream, &inflateEnd);
  std::vector<std::byte> block(kBlock);
  uint64_t read = 0;
  int state = Z_OK;
  while (read < packed.size() || stream.avail_in > 0) {
    if (stream.avail_in == 0) {
      const Bytes part = packed.subspan(read, std::min<uint64_t>(packed.size() - read, uint64_t{1} << 30));
      stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(part.data()));
      stream.avail_in = static_cast<uInt>(part.size());
      read += part.size();
    }
    if (state == Z_STREAM_END) inflateReset(&stream);  // the next member
    do {
      stream.next_out = reinterpret_cast<Bytef*>(block.data());
      stream.avail_out = static_cast<uInt>(block.size());
      state = inflate(&stream, Z_NO_FLUSH);
      if (state != Z_OK && state != Z_STREAM_END && state != Z_BUF_ERROR) {
        return Fail(Errc::kMalformed, name, "gzip data is damaged", read - stream.avail_in);
      }
      RETURN_IF_ERROR(Take(Bytes(block.data(), block.size() - stream.avail_out), packed,
                           read - stream.avail_in, name, to));
    } while (stream.avail_out == 0 && state == Z_OK);
  }
  if (state != Z_STREAM_END)
    return Fail(Errc::kMalformed, name, "gzip data ends before its member does", packed.size());
  return {};
}

Result<void> UnpackXz(Bytes packed, const std::string& name, Spool& to) {
  const std::unique_ptr<archive, decltype(&archive_read_free)> reader(archive_read_new(), &archive_read_free);
  archive_read_support_filter_xz(reader.get());
  archive_read_support_format_raw(reader.get());
  archive_read_support_format_empty(reader.get());
  archive_entry* entry = nullptr;
  std::vector<std::byte> block(kBlock);
  int status = archive_read_open_memory(reader.get(), packed.data(), packed.size());
  if (status == ARCHIVE_OK) status = archive_read_next_header(reader.get(), &entry);
  const bool is_xz = archive_filter_code(reader.get(), 0) == ARCHIVE_FILTER_XZ;
  if (is_xz && status == ARCHIVE_EOF) return {};  // of nothing
  const bool begun = is_xz && status == ARCHIVE_OK;
  const auto consumed = [&] {
    return static_cast<uint64_t>(std::max<int64_t>(0, archive_filter_bytes(reader.get(), -1)));
  };
  for (la_ssize_t count = begun ? 1 : -1; count != 0;) {
    if (begun) count = archive_read_data(reader.get(), block.data(), block.size());
    if (count < 0) {
      const char* const said = archive_error_string(reader.get());
      return Fail(Errc::kMalformed, name, std::string("xz data is damaged: ") + (said != nullptr ? said : ""),
                  consumed());
    }
    RETURN_IF_ERROR(Take(Bytes(block.data(), static_cast<size_t>(count)), packed, consumed(), name, to));
  }
  return {};
}

}  // namespace

Packing PackingOf(Bytes bytes) {
  const std::string_view head = AsText(bytes.first(std::min<size_t>(bytes.size(), 6)));
  if (head.starts_with("\x28\xB5\x2F\xFD")) return Packing::kZstd;
  if (head.starts_with("\x1F\x8B")) return Packing::kGzip;
  if (head == std::string_view("\xFD\x37zXZ\0", 6)) return Packing::kXz;
  return Packing::kNone;
}

Result<void> Unpack(Packing packing, Bytes packed, const std::string& name, Spool& to) {
  const auto unpack = packing == Packing::kZstd   ? UnpackZstd
                      : packing == Packing::kGzip ? UnpackGzip
                                                  : UnpackXz;
  Progress::Begin("unpacking", packed.size());
  RETURN_IF_ERROR(unpack(packed, name, to));
  return to.Finish();
}

}  // namespace etcdmedic
