// SPDX-License-Identifier: Apache-2.0
// Flags that the commands over Kubernetes objects share.
#pragma once

#include <functional>
#include <optional>

#include "cli/command.h"
#include "encryption/decryptor.h"

namespace etcdmedic::tool {

// What --encryption-config gives.
struct Encryption {
  encryption::Decryptor open;  // empty without the flag
  // The key that writes a resource, "aescbc:cbc2", empty for plain text; an empty function without the flag.
  std::function<std::optional<std::string>(const std::string& resource)> writer;
};

// Errors: kIo; kMalformed where the file is not an EncryptionConfiguration.
Result<Encryption> EncryptionOf(const Args& args);

// Says on stderr how many values are encrypted and were passed over, if any; the exit code that goes with it.
int NoteClosed(Context& context, uint64_t count);

// "1.15", …: the releases of Kubernetes that the tables know.
std::vector<std::string> KnownReleases();

// The release of Kubernetes that `flag` names, empty where it was not given. Errors: kUsage for what is not a
// release, or one that the tables do not know.
Result<std::string> ReleaseOf(const Args& args, std::string_view flag = "--release");

}  // namespace etcdmedic::tool
