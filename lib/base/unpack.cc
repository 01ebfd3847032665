// SPDX-License-Identifier: Apache-2.0
#include "base/unpack.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "base/posix.h"
#include "base/try.h"

namespace etcdmedic {
namespace {

constexpr size_t kBlock = size_t{256} << 10;

Result<void> UnpackZstd(Bytes packed, const std::string& name, int to) {
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
    RETURN_IF_ERROR(WriteAll(to, Bytes(block.data(), out.pos), name));
  }
  if (left != 0) return Fail(Errc::kMalformed, name, "zstd data ends before its frame does", in.pos);
  return {};
}

Result<void> UnpackGzip(Bytes packed, const std::string& name, int to) {
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
      RETURN_IF_ERROR(WriteAll(to, Bytes(block.data(), block.size() - stream.avail_out), name));
    } while (stream.avail_out == 0 && state == Z_OK);
  }
  if (state != Z_STREAM_END)
    return Fail(Errc::kMalformed, name, "gzip data ends before its member does", packed.size());
  return {};
}

}  // namespace

Packing PackingOf(Bytes bytes) {
  const std::string_view head = AsText(bytes.first(std::min<size_t>(bytes.size(), 4)));
  if (head == "\x28\xB5\x2F\xFD") return Packing::kZstd;
  if (head.starts_with("\x1F\x8B")) return Packing::kGzip;
  return Packing::kNone;
}

Result<void> Unpack(Packing packing, Bytes packed, const std::string& name, int to) {
  return packing == Packing::kZstd ? UnpackZstd(packed, name, to) : UnpackGzip(packed, name, to);
}

}  // namespace etcdmedic
