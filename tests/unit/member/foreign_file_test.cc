// SPDX-License-Identifier: Apache-2.0
#include "member/foreign_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "support/db_builder.h"
#include "support/page_end.h"
#include "support/wal_builder.h"

namespace etcdmedic::member {
namespace {

using namespace std::string_literals;

std::string Db() {
  return support::DbBuilder().Add("key", "k\n\xFF", "v").Add("meta", "consistent_index", "12345678").Build();
}

std::string Tar(const std::string& name, bool posix) {
  std::string header(512, '\0');
  header.replace(0, name.size(), name);
  header.replace(124, 11, "00000000017");
  if (posix) header.replace(257, 6, "ustar\0"s);
  header.replace(148, 8, 8, ' ');
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  char digits[8];
  snprintf(digits, sizeof digits, "%06o", sum);
  header.replace(148, 7, digits, 7);
  return header + std::string(1024, '\0');
}

std::string Zip(const std::string& name) {
  return "PK\x03\x04" + std::string(22, '\0') + static_cast<char>(name.size()) + std::string(3, '\0') + name +
         "data";
}

// Every byte above 0x7F replaced, as a decoder of UTF-8 does with what is not.
std::string ThroughText(const std::string& bytes) {
  std::string out;
  for (const char c : bytes) out += static_cast<unsigned char>(c) < 0x80 ? std::string(1, c) : "\xEF\xBF\xBD";
  return out;
}

std::string ThroughLatin1(const std::string& bytes) {
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out += c;
    } else {
      out += static_cast<char>(0xC0 | (byte >> 6));
      out += static_cast<char>(0x80 | (byte & 0x3F));
    }
  }
  return out;
}

std::string ThroughUtf16(const std::string& bytes) {
  std::string out = "\xFF\xFE";
  for (const char c : bytes) out += std::string(1, c) + '\0';
  return out;
}

std::string ThroughTextMode(const std::string& bytes) {
  std::string out;
  for (const char c : bytes) out += c == '\n' ? "\r\n" : std::string(1, c);
  return out;
}

// The transaction's number in both metas becomes a line feed.
std::string WithTransactionTen(std::string bytes) {
  for (const size_t page : {0, 4096}) bytes[page + 64] = '\n';
  return bytes;
}

struct Case {
  std::string name;
  std::string bytes;
  std::string kind;
  std::string what;  // part of it
};

class ForeignFiles : public testing::TestWithParam<Case> {};

TEST_P(ForeignFiles, AreNamed) {
  const auto found = RecogniseForeignFile(AsBytes(GetParam().bytes));
  ASSERT_TRUE(found) << GetParam().name;
  EXPECT_EQ(found->kind, GetParam().kind);
  EXPECT_NE(found->what.find(GetParam().what), std::string::npos) << found->what;
}

const std::string kBase64Line = std::string(64, 'A') + "\n" + std::string(60, 'b') + "====\n";

INSTANTIATE_TEST_SUITE_P(
    Kinds, ForeignFiles,
    testing::ValuesIn(std::vector<Case>{
        {"empty", "", "empty", "an empty file"},
        {"zeros", std::string(65536, '\0'), "zeros", "zeros"},
        {"html", "\n<!DOCTYPE HTML><html><head><title>404 Not Found</title></head></html>", "html",
         "404 Not Found"},
        {"xhtml", "<HTML><body>denied</body></HTML>", "html", "HTML"},
        {"s3", "<?xml version=\"1.0\"?>\n<Error><Code>NoSuchKey</Code></Error>", "xml", "NoSuchKey"},
        {"xml", "<?xml version=\"1.0\"?><plist/>", "xml", "an XML document"},
        {"json", "{\"error\": {\"code\": 403}}", "json", "403"},
        {"text", "Error from server (NotFound): pods \"etcd\" not found\n", "text", "Error from server"},
        {"tar", Tar("snapshot.db", true), "tar", "snapshot.db"},
        {"old tar", Tar("backup/etcd.db", false), "tar", "backup/etcd.db"},
        {"zip", Zip("etcd/snapshot.db"), "zip", "etcd/snapshot.db"},
        {"xz", "\xFD\x37zXZ\0\0\x04"s + std::string(100, 'x'), "xz", "xz"},
        {"bzip2", "BZh91AY&SY" + std::string(100, 'x'), "bzip2", "bzip2"},
        {"gzip twice", "\x1F\x8B\x08" + std::string(100, 'x'), "gzip", "gzip"},
        {"zstd twice", "\x28\xB5\x2F\xFD" + std::string(100, 'x'), "zstd", "zstd"},
        {"openssl", "Salted__" + std::string(100, '\x91'), "openssl", "openssl enc"},
        {"openssl base64", "U2FsdGVkX1+" + kBase64Line, "openssl", "-base64"},
        {"age", "age-encryption.org/v1\n-> X25519 abc\n", "age", "age"},
        {"age armored", "-----BEGIN AGE ENCRYPTED FILE-----\nabc\n", "age", "age"},
        {"gpg armored", "-----BEGIN PGP MESSAGE-----\n\nabc\n", "gpg", "gpg"},
        {"gpg to a key", "\x85\x01\x0C\x03" + std::string(300, '\x91'), "gpg", "gpg"},
        {"gpg with a password", "\x8C\x0D\x04\x09\x03\x08" + std::string(300, '\x91'), "gpg", "gpg"},
        {"base64", kBase64Line, "base64", "base64"},
        {"sqlite", "SQLite format 3\0"s + std::string(100, 'x'), "sqlite", "SQLite"},
        {"git lfs", "version https://git-lfs.github.com/spec/v1\noid sha256:00\n", "git-lfs", "LFS"},
        {"wal", support::WalBuilder().Put(1, 1, "k", "v").bytes(), "wal", "write-ahead log"},
        {"utf-8", ThroughText(Db()), "utf-8", "text encoding"},
        {"latin-1", ThroughLatin1(Db()), "latin-1", "Latin-1"},
        {"utf-16", ThroughUtf16(Db()), "utf-16", "UTF-16"},
        {"text mode", ThroughTextMode(WithTransactionTen(Db())), "crlf", "text mode"},
    }),
    [](const auto& test) {
      std::string name = test.param.name;
      std::replace_if(
          name.begin(), name.end(), [](char c) { return isalnum(c) == 0; }, '_');
      return name;
    });

TEST(ForeignFile, LeavesABackendAloneEvenWhereItIsDamaged) {
  std::string db = Db();
  EXPECT_FALSE(RecogniseForeignFile(AsBytes(db)));
  for (size_t at = 0; at < db.size(); at += 97) {
    std::string flipped = db;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x10);
    ASSERT_FALSE(RecogniseForeignFile(AsBytes(flipped))) << at;
  }
  db.replace(0, 2 * 4096, 2 * 4096, '\0');  // both meta pages are gone, the others still name themselves
  EXPECT_FALSE(RecogniseForeignFile(AsBytes(db)));
}

TEST(ForeignFile, SaysNothingOfBytesThatItDoesNotKnow) {
  std::string bytes;
  for (unsigned i = 0; i < 5000; ++i) bytes += static_cast<char>((i * 2654435761U) >> 24 | 0x40);
  EXPECT_FALSE(RecogniseForeignFile(AsBytes(bytes)));
}

TEST(ForeignFile, NamesTheRepositoriesOfBackupTools) {
  const std::filesystem::path root = testing::TempDir() + "foreign_folder";
  std::filesystem::remove_all(root);
  for (const char* name :
       {"restic/snapshots", "restic/keys", "velero/resources", "velero/metadata", "other/data"})
    std::filesystem::create_directories(root / name);
  std::ofstream(root / "restic/config") << "x";
  EXPECT_EQ(RecogniseForeignFolder((root / "restic").string())->kind, "restic");
  EXPECT_EQ(RecogniseForeignFolder((root / "velero").string())->kind, "velero");
  EXPECT_FALSE(RecogniseForeignFolder((root / "other").string()));
}

TEST(ForeignFile, LooksAtNothingBeyondAnyCut) {
  std::string head = "PK\x03\x04 restic SQLite format 3";
  head.append(300, '\0').append("ustar");
  for (const std::string& whole :
       {head, std::string("{\"kind\":\"Secret\",\"apiVersion\":\"v1\"}"), Db().substr(0, 200),
        std::string("\x28\xB5\x2F\xFD\0\0\0", 7), std::string("k8s\0\x0a\x04\x0a\x02v1", 11)}) {
    support::ForEachPrefix(whole, [](Bytes prefix) {
      const auto found = RecogniseForeignFile(prefix);
      if (found) {
        EXPECT_FALSE(found->kind.empty());
      }
    });
  }
}

}  // namespace
}  // namespace etcdmedic::member
