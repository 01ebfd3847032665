// SPDX-License-Identifier: Apache-2.0
#include "views/not_found.h"

#include "render/text.h"
#include "views/verdict.h"

namespace etcdmedic::tool {

using render::Printable;

namespace {

// As it can be typed, and shown on a terminal.
std::string Typed(std::string_view word) { return ShellQuoted(std::string(word)); }

// Where `key` was copied from a table or a list of names, which escape what is not text.
void NoteEscapedKey(Context& context, std::string_view key, const mvcc::Store& store, int64_t revision) {
  const auto meant = render::FromPrintable(key);
  if (!meant || *meant == key) return;
  const auto changes = store.History(*meant, revision);
  if (changes && !changes->empty())
    context.err.Print("etcdmedic: the key that is shown as {} is typed {}\n", key, Typed(*meant));
}

}  // namespace

void NoteDeletedObject(Context& context, const std::string& path, const kubectl::Resource& resource,
                       const objects::ObjectWords& words, int64_t deleted_at) {
  context.err.Print(
      "etcdmedic: {} \"{}\" was deleted at revision {} (last seen at {}); `etcdmedic undelete {} {}{}` "
      "prints it\n",
      resource.singular, Printable(words.name), deleted_at, deleted_at - 1, Typed(path),
      Typed(resource.singular + "/" + words.name),
      resource.namespaced ? " -n " + Typed(words.namespace_name) : "");
}

void NoteMissingObject(Context& context, const std::string& path, const FoundObject& found,
                       const objects::ObjectWords& words, const mvcc::Store& store, int64_t revision) {
  context.out.Flush();
  context.err.Print("etcdmedic: {}\n", Printable(objects::NotFoundText(*found.resource, words, revision)));
  if (found.changes.empty()) {
    context.err.Print(
        "etcdmedic: no retained revision up to {} holds it (from {} on); `etcdmedic deleted {} {} -A` lists "
        "what was deleted\n",
        revision, store.oldest_revision(), Typed(path), Typed(words.kind));
    return;
  }
  if (mvcc::HasLastPut(found.changes))
    return NoteDeletedObject(context, path, *found.resource, words, found.changes.front().revision.main);
  context.err.Print("etcdmedic: it was deleted at revision {}; what it was before has been compacted\n",
                    found.changes.front().revision.main);
}

void NoteMissingKey(Context& context, const std::string& path, std::string_view key,
                    const std::vector<mvcc::Change>& changes, const mvcc::Store& store, int64_t revision) {
  context.out.Flush();
  const std::string name = Printable(key), quoted = Typed(key);
  if (changes.empty()) {
    const std::string folder = Typed(key.substr(0, key.rfind('/') + 1));
    context.err.Print(
        "etcdmedic: there is no key {} at revision {}, nor in an earlier one that is retained (from {} on); "
        "`etcdmedic keys {}{}` lists its neighbours\n",
        name, revision, store.oldest_revision(), Typed(path), key.find('/') == key.npos ? "" : " " + folder);
    NoteEscapedKey(context, key, store, revision);
    return;
  }
  const int64_t deleted_at = changes.front().revision.main;
  if (mvcc::HasLastPut(changes)) {
    context.err.Print(
        "etcdmedic: {0} was deleted at revision {1} (last seen at {2}); `etcdmedic get {3} {4} --rev {2}` "
        "prints it\n",
        name, deleted_at, deleted_at - 1, Typed(path), quoted);
    return;
  }
  context.err.Print("etcdmedic: {} was deleted at revision {}; what it was before has been compacted\n", name,
                    deleted_at);
}

}  // namespace etcdmedic::tool
