// SPDX-License-Identifier: Apache-2.0
// mutants DESCRIPTORS.pb: random messages of etcd, damaged at random, a line each: the message's name, its
// bytes in hexadecimal, and whether our walk takes it. tests/e2e/verdicts.py asks etcd's own parsers about
// them.
#include <cstdio>

#include "proto/etcd_messages.h"
#include "proto/walk.h"
#include "proto/wire.h"
#include "random_message.h"

namespace {

using namespace etcdmedic;

constexpr std::string_view kPieces[] = {
    {"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x7f", 10},          // ten bytes, bits beyond 64
    {"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", 11},      // eleven
    {"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11},      // field 1, -1
    {"\x00\x01", 2},                                           // field 0
    {"\xfb\x3e\x08\x01\xfc\x3e", 6},                           // a group
    {"\xfb\x3e\x00\x01\x03\x04\x04", 7},                       // a group in a group, odd numbers
    {"\xfb\x3e", 2},                                           // a group without an end
    {"\x0c", 1},                                               // an end without a group
    {"\x0e", 1},                                               // type 6
    {"\xff\x3e\x01", 3},                                       // type 7
    {"\xf9\x3e\x01\x02\x03\x04\x05\x06\x07\x08", 10},          // 64 bits
    {"\xfd\x3e\x01\x02\x03\x04", 6},                           // 32 bits
    {"\xfa\x3e\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 12},  // a negative length
    {"\xfa\x3e\xff\xff\xff\xff\x0f", 7},                       // a long one
    {"\x88\x80\x80\x80\x80\x01\x05", 7},                       // a field number beyond 32 bits
    {"\xf8\xff\xff\xff\x3f\x05", 6},                           // the largest number
    {"\xf8\xff\xff\xff\x7f\x05", 6},                           // a negative one
    {"\x12\x03\x01\x02\x03", 5},                               // a list or bytes
};

class Mutants {
 public:
  explicit Mutants(const std::string& descriptors) : messages_(descriptors, 1127) {}

  void Print(const proto::MessageInfo& info) {
    std::string bytes = messages_.Filled(info.name)->SerializePartialAsString();
    for (uint64_t times = messages_.Number(3); times > 0; --times) Damage(bytes);
    const bool taken = proto::IsWellFormed(info, AsBytes(bytes));
    std::printf("%.*s ", static_cast<int>(info.name.size()), info.name.data());
    for (const char c : bytes) std::printf("%02x", static_cast<unsigned char>(c));
    std::printf(" %s\n", taken ? "ok" : "broken");
  }

 private:
  void Damage(std::string& bytes) {
    const size_t at = messages_.Number(bytes.size());
    const std::string_view piece = kPieces[messages_.Number(std::size(kPieces) - 1)];
    switch (messages_.Number(4)) {
      case 0:
        if (at < bytes.size()) bytes[at] = static_cast<char>(bytes[at] ^ (1U << messages_.Number(7)));
        break;
      case 1:
        bytes.erase(at, messages_.Number(3));
        break;
      case 2:
        bytes.insert(at, piece);
        break;
      default:
        bytes += piece;  // between fields, so that the rest of the message is as it was
    }
  }

  test::RandomMessages messages_;
};

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 1;
  Mutants mutants(arguments[1]);
  for (const proto::MessageInfo* info : proto::kAllMessages) {
    for (int i = 0; i < 200; ++i) mutants.Print(*info);
  }
}
