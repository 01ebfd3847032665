// SPDX-License-Identifier: Apache-2.0
#include "member/foreign_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <numeric>
#include <vector>

#include "bolt/format.h"
#include "snap/snap.h"
#include "text/utf8.h"
#include "wal/frame.h"

namespace etcdmedic::member {
namespace {

using namespace std::string_view_literals;

constexpr uint64_t kTextRead = 4096;      // bytes by which text is recognised
constexpr uint64_t kEncodedRead = 65536;  // bytes by which a text encoding is recognised
constexpr uint64_t kTarHeader = 512;
constexpr uint64_t kZipHeader = 30;
constexpr size_t kQuoted = 60;  // bytes of a text that are shown

constexpr std::string_view kUnpack = "unpack it, and check the snapshot in it";

struct Signature {
  uint64_t offset;
  std::string_view magic;
  std::string_view kind;
  std::string_view what;
  std::string_view advice;
};

constexpr Signature kSignatures[] = {
    {0, "PK\x03\x04"sv, "zip", "a zip archive", kUnpack},
    {0, "PK\x05\x06"sv, "zip", "an empty zip archive", ""},
    {0, "\xFD\x37zXZ\0"sv, "xz", "an xz file", "unpack it with `xz -d`, and check the result"},
    {0, "BZh"sv, "bzip2", "a bzip2 file", "unpack it with `bzip2 -d`, and check the result"},
    {0, "7z\xBC\xAF\x27\x1C"sv, "7z", "a 7-Zip archive", kUnpack},
    {0, "\x04\x22\x4D\x18"sv, "lz4", "an lz4 file", "unpack it with `lz4 -d`, and check the result"},
    {0, "\xFF\x06\0\0sNaPpY"sv, "snappy", "a Snappy file", kUnpack},
    {0, "LZIP"sv, "lzip", "an lzip file", "unpack it with `lzip -d`, and check the result"},
    {0, "Rar!\x1A\x07"sv, "rar", "a RAR archive", kUnpack},
    {0, "\x1F\x8B"sv, "gzip", "a gzip file in a compressed file", "unpack it once, and check the result"},
    {0, "\x28\xB5\x2F\xFD"sv, "zstd", "a zstd file in a compressed file",
     "unpack it once, and check the result"},
    {257, "ustar"sv, "tar", "a tar archive", kUnpack},
    {0, "Salted__"sv, "openssl", "encrypted by `openssl enc`",
     "decrypt it with `openssl enc -d`, and check the result"},
    {0, "U2FsdGVkX1"sv, "openssl", "encrypted by `openssl enc -base64`",
     "decrypt it with `openssl enc -d -base64`, and check the result"},
    {0, "age-encryption.org/v1"sv, "age", "encrypted by age",
     "decrypt it with `age -d`, and check the result"},
    {0, "-----BEGIN AGE ENCRYPTED FILE-----"sv, "age", "encrypted by age",
     "decrypt it with `age -d`, and check the result"},
    {0, "-----BEGIN PGP MESSAGE-----"sv, "gpg", "encrypted by gpg (ASCII armor)",
     "decrypt it with `gpg -d`, and check the result"},
    {0, "$ANSIBLE_VAULT;"sv, "ansible-vault", "encrypted by Ansible Vault",
     "decrypt it with `ansible-vault decrypt`, and check the result"},
    {0, "version https://git-lfs.github.com/spec/"sv, "git-lfs", "a Git LFS pointer, not the file itself",
     "fetch the file with `git lfs pull`"},
    {0, "SQLite format 3\0"sv, "sqlite", "an SQLite database",
     "k3s keeps its data in SQLite where it does not run etcd; this tool reads etcd only"},
    {0,
     "\x7F"
     "ELF"sv,
     "elf", "an executable program", ""},
};

bool HasAt(Bytes file, uint64_t offset, std::string_view magic) {
  return file.size() >= offset + magic.size() && AsText(file.subspan(offset, magic.size())) == magic;
}

std::string Head(std::string_view text) {
  text = text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
  const std::string_view line = text.substr(0, std::min(text.find('\n'), kQuoted));
  return std::string(line) + (line.size() < text.size() ? "…" : "");
}

std::string FirstNameInZip(Bytes file) {
  if (file.size() < kZipHeader) return {};
  const uint64_t length = bolt::LoadLittle<uint16_t>(file, 26);
  return length <= file.size() - kZipHeader ? std::string(AsText(file.subspan(kZipHeader, length))) : "";
}

std::string FirstNameInTar(Bytes file) {
  if (file.size() < kTarHeader) return {};
  const std::string_view name = AsText(file.first(100));
  return std::string(name.substr(0, name.find('\0')));
}

// tar from before POSIX has no magic, but its header carries a sum of its own bytes.
bool IsOldTar(Bytes file) {
  if (file.size() < kTarHeader || file[0] == std::byte{0}) return false;
  uint64_t stored = 0;
  size_t digits = 0;
  for (const char c : AsText(file.subspan(148, 8))) {
    if (c < '0' || c > '7') continue;
    stored = stored * 8 + static_cast<uint64_t>(c - '0');
    ++digits;
  }
  uint64_t sum = uint64_t{8} * ' ';
  for (uint64_t i = 0; i < kTarHeader; ++i)
    sum += i >= 148 && i < 156 ? 0 : std::to_integer<uint64_t>(file[i]);
  return digits >= 4 && sum == stored;
}

// OpenPGP: the first packet is a session key of version 3 or 6 (tags 1 and 3), or the encrypted data itself.
bool IsPgp(Bytes file) {
  if (file.size() < 16) return false;
  const auto byte = [&](size_t at) { return std::to_integer<unsigned>(file[at]); };
  const unsigned lead = byte(0);
  if ((lead & 0x80) == 0) return false;
  const bool new_format = (lead & 0x40) != 0;
  const unsigned tag = new_format ? lead & 0x3F : (lead >> 2) & 0x0F;
  const size_t lengths[] = {1, 2, 4, 0};
  const size_t length = new_format ? (byte(1) < 192 ? 1 : byte(1) < 224 ? 2 : 5) : lengths[lead & 3];
  const unsigned version = byte(1 + length);
  if (tag == 1) return version == 3 && length > 0;
  if (tag == 3) return (version == 4 || version == 5) && byte(1) < 64;
  return tag == 18 && version == 1 && new_format && byte(1) >= 192;
}

std::optional<ForeignFile> BySignature(Bytes file) {
  for (const Signature& signature : kSignatures) {
    if (!HasAt(file, signature.offset, signature.magic)) continue;
    ForeignFile found{std::string(signature.kind), std::string(signature.what),
                      std::string(signature.advice)};
    const std::string name = found.kind == "zip"   ? FirstNameInZip(file)
                             : found.kind == "tar" ? FirstNameInTar(file)
                                                   : "";
    if (!name.empty()) found.what += fmt::format("; its first file is {}", name);
    return found;
  }
  if (IsOldTar(file)) {
    return ForeignFile{"tar", fmt::format("a tar archive; its first file is {}", FirstNameInTar(file)),
                       std::string(kUnpack)};
  }
  if (IsPgp(file)) {
    return ForeignFile{"gpg", "encrypted by gpg", "decrypt it with `gpg -d`, and check the result"};
  }
  return std::nullopt;
}

// Another file out of a data directory.
std::optional<ForeignFile> ByEtcd(Bytes file) {
  wal::Frame frame;
  wal::Record record;
  if (wal::ReadFrame(file, 0, frame) == wal::FrameFault::kNone && wal::ParseRecord(frame, record) &&
      record.type == wal::RecordType::kCrc) {
    return ForeignFile{"wal", "a segment of etcd's write-ahead log",
                       "a backup is the db: `etcdctl snapshot save`, or member/snap/db"};
  }
  diag::FindingList unused;
  if (snap::ReadSnapshot(file, {}, unused)) {
    return ForeignFile{"snap", "a .snap file, which holds the membership and no keys",
                       "a backup is the db: `etcdctl snapshot save`, or member/snap/db"};
  }
  return std::nullopt;
}

bool IsTextByte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 ? byte != 0x7F : c == '\n' || c == '\r' || c == '\t';
}

bool StartsWithoutCase(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() &&
         std::equal(prefix.begin(), prefix.end(), text.begin(), [](char a, char b) {
           return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b - 'A' + 'a') : b);
         });
}

std::string Between(std::string_view text, std::string_view begin, std::string_view end) {
  const size_t from = text.find(begin);
  if (from == std::string_view::npos) return {};
  const size_t to = text.find(end, from + begin.size());
  if (to == std::string_view::npos) return {};
  return std::string(text.substr(from + begin.size(), std::min(to - from - begin.size(), kQuoted)));
}

bool IsBase64(std::string_view text) {
  size_t characters = 0;
  for (const char c : text) {
    const bool digit = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                       c == '+' || c == '/' || c == '-' || c == '_' || c == '=';
    if (!digit && c != '\n' && c != '\r') return false;
    characters += digit ? 1 : 0;
  }
  return characters >= 64;
}

ForeignFile Named(std::string_view kind, std::string what, std::string_view advice) {
  return {std::string(kind), std::move(what), std::string(advice)};
}

ForeignFile ByText(std::string_view text) {
  constexpr std::string_view kDownload =
      "the download or the backup job failed and this is its answer; take the backup again";
  const size_t start = text.find_first_not_of(" \t\r\n");
  const std::string_view body = start == std::string_view::npos ? text : text.substr(start);
  if (StartsWithoutCase(body, "<!doctype html") || StartsWithoutCase(body, "<html")) {
    const std::string title = Between(body, "<title>", "</title>");
    return Named("html", "an HTML page" + (title.empty() ? "" : ": " + title), kDownload);
  }
  if (body.starts_with("<")) {
    const std::string code = Between(body, "<Code>", "</Code>");
    return Named("xml", code.empty() ? "an XML document" : "an XML error answer of an object store: " + code,
                 kDownload);
  }
  if (body.starts_with("{") || body.starts_with("["))
    return Named("json", "a JSON document: " + Head(body), kDownload);
  if (IsBase64(body))
    return Named("base64", "base64 text", "decode it with `base64 -d`, and check the result");
  if (body.empty()) return Named("text", "blank text", "");
  return Named("text", "plain text: " + Head(body), kDownload);
}

// bbolt's magic number as it is in the file of a little-endian machine.
constexpr std::string_view kMagicBytes = "\xED\xDA\x0C\xED"sv;

// What a copy in text mode or through a text encoding leaves of a db.
std::optional<ForeignFile> ByConversion(Bytes file) {
  const std::string_view head = AsText(file.first(std::min<uint64_t>(file.size(), kEncodedRead)));
  // Page 0 begins with zeros and the flag of a meta page; the bytes of the magic number are not valid UTF-8.
  constexpr std::string_view kReplaced = "\xEF\xBF\xBD\xEF\xBF\xBD\x0C\xEF\xBF\xBD"sv;
  if (head.substr(0, 64).find(kReplaced) != std::string_view::npos) {
    return Named("utf-8",
                 "a backend that went through a text encoding: bytes that are not UTF-8 were replaced",
                 "the replaced bytes are lost; take the backup again, and copy it as binary data");
  }
  if (head.starts_with("\xFF\xFE"sv) &&
      head.substr(0, 128).find("\xED\0\xDA\0\x0C\0\xED\0"sv) != std::string_view::npos) {
    return Named("utf-16", "a backend that was redirected as text (UTF-16, as PowerShell's `>` writes)",
                 "take the backup again, and let the tool write the file itself");
  }
  // As Latin-1 turned into UTF-8: each byte above 0x7F became two.
  if (head.substr(0, 64).find("\xC3\xAD\xC3\x9A\x0C\xC3\xAD"sv) != std::string_view::npos) {
    return Named("latin-1", "a backend whose bytes were read as Latin-1 and written as UTF-8",
                 "`iconv -f UTF-8 -t LATIN1` turns it back; check the result");
  }
  const bool magic_in_place = head.substr(std::min<size_t>(head.size(), 16), 4) == kMagicBytes;
  size_t bare = 0, with_return = 0;
  for (size_t i = head.find('\n'); i != std::string_view::npos; i = head.find('\n', i + 1))
    ++(i > 0 && head[i - 1] == '\r' ? with_return : bare);
  if (magic_in_place && bare == 0 && with_return >= 2) {
    return Named("crlf", "a backend that was copied in text mode: every line feed follows a carriage return",
                 "take the backup again, and copy it as binary data");
  }
  return std::nullopt;
}

bool LooksLikeText(Bytes file) {
  const std::string_view head = AsText(file.first(std::min<uint64_t>(file.size(), kTextRead)));
  if (!std::ranges::all_of(head, IsTextByte)) return false;
  const std::string_view plain = head.starts_with("\xEF\xBB\xBF") ? head.substr(3) : head;
  // A sequence may be cut at the end of what is looked at.
  for (size_t back = 0; back < 4 && back <= plain.size(); ++back) {
    if (text::IsUtf8(plain.substr(0, plain.size() - back))) return true;
  }
  return false;
}

}  // namespace

std::optional<ForeignFile> RecogniseForeignFile(Bytes file) {
  if (file.empty()) {
    return Named("empty", "an empty file",
                 "the backup job failed or its disk was full; take the backup again");
  }
  const bolt::Metas metas = bolt::ReadMetas(file);
  // A valid meta page proves a backend, but a text-mode copy may leave the first one whole.
  if (metas.pages[0].valid() && metas.pages[1].valid()) return std::nullopt;
  if (auto found = ByConversion(file)) return found;
  if (metas.active || metas.big_endian || metas.source == bolt::SizeSource::kPages) return std::nullopt;
  if (AllZero(file)) {
    return Named("zeros", "zeros from its first byte to its last",
                 "its content never reached the disk; take the backup again");
  }
  if (auto found = BySignature(file)) return found;
  if (auto found = ByEtcd(file)) return found;
  if (LooksLikeText(file)) {
    std::string_view text = AsText(file.first(std::min<uint64_t>(file.size(), kTextRead)));
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    return ByText(text);
  }
  return std::nullopt;
}

std::optional<ForeignFile> RecogniseForeignFolder(const std::string& path) {
  struct Repository {
    std::string_view kind;
    std::array<std::string_view, 3> names;  // all must be there
    std::string_view what;
    std::string_view advice;
  };
  constexpr Repository kRepositories[] = {
      {"restic",
       {"config", "snapshots", "keys"},
       "a restic repository",
       "`restic restore` gives back the files in it; check those"},
      {"velero",
       {"resources", "metadata", ""},
       "an unpacked Velero backup, which holds objects and no etcd data",
       "`velero restore` reads it; this tool reads etcd's own files"},
      {"velero",
       {"velero-backup.json", "", ""},
       "a Velero backup, which holds objects and no etcd data",
       "`velero restore` reads it; this tool reads etcd's own files"},
      {"velero",
       {"backups", "restores", ""},
       "a Velero bucket, which holds objects and no etcd data",
       "`velero restore` reads it; this tool reads etcd's own files"},
      {"kopia",
       {"kopia.repository.f", "", ""},
       "a Kopia repository",
       "`kopia restore` gives back the files in it; check those"},
      {"kopia",
       {"kopia.repository", "", ""},
       "a Kopia repository",
       "`kopia restore` gives back the files in it; check those"},
      {"borg",
       {"data", "config", "README"},
       "a Borg repository",
       "`borg extract` gives back the files in it; check those"},
  };
  std::error_code error;
  const auto holds = [&](std::string_view name) {
    return name.empty() || std::filesystem::exists(std::filesystem::path(path) / name, error);
  };
  for (const Repository& each : kRepositories) {
    if (std::ranges::all_of(each.names, holds)) return Named(each.kind, std::string(each.what), each.advice);
  }
  return std::nullopt;
}

}  // namespace etcdmedic::member
