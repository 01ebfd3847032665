// SPDX-License-Identifier: Apache-2.0
#include "views/object_job.h"

#include <ctime>

#include "render/text.h"
#include "text/time.h"

namespace etcdmedic::tool {

Result<std::unique_ptr<ObjectJob>> OpenObjects(Context& context, const Args& args) {
  auto release = ReleaseOf(args);
  if (!release) return tl::make_unexpected(release.error());
  auto opened = OpenStore(context, args);
  if (!opened) return tl::make_unexpected(opened.error());
  const auto revision = RevisionOf(args);
  if (!revision) return tl::make_unexpected(revision.error());
  auto encryption = EncryptionOf(args);
  if (!encryption) return tl::make_unexpected(encryption.error());
  auto job = std::make_unique<ObjectJob>(context, args, std::move(*opened));
  job->encryption = std::move(*encryption);
  job->reading = {job->opened->store->file(), std::move(*release), context.hides_values(),
                  !args.Has("--stored"), !args.Has("--show-managed-fields")};
  job->reader = job->AnotherReader(context.hides_values());
  auto catalog = objects::ObjectCatalog::Read(*job->opened->store, *revision,
                                              args.Get("--etcd-prefix").value_or(""), job->reader->stored());
  if (!catalog) return tl::make_unexpected(catalog.error());
  job->catalog = std::move(*catalog);
  return job;
}

std::unique_ptr<objects::ObjectReader> ObjectJob::AnotherReader(bool mask_secrets) {
  objects::ObjectReader::Options options = reading;
  options.mask_secrets = mask_secrets;
  return std::make_unique<objects::ObjectReader>(std::move(options), encryption.open, folded);
}

int ObjectJob::Finish(int code) {
  folded.End();
  context.out.Flush();
  for (const std::string& remark : reader->remarks())
    context.err.Print("etcdmedic: {}\n", render::Printable(remark));
  if (reader->closed() > reader->remarks().size()) {
    context.err.Print("etcdmedic: {} more are encrypted and not decrypted\n",
                      reader->closed() - reader->remarks().size());
  }
  return tool::Finish(context, *opened, reader->closed() > 0 ? code | kFailed : code);
}

Result<int64_t> NowOf(const Args& args) {
  const auto typed = args.Get("--now");
  if (!typed) return static_cast<int64_t>(std::time(nullptr));
  const auto time = text::ParseTime(*typed);
  if (!time)
    return Fail(Errc::kUsage, "",
                fmt::format("--now takes a time such as 2026-11-24T05:04:02Z, not {}", *typed));
  return time->seconds;
}

}  // namespace etcdmedic::tool
