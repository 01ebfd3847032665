// SPDX-License-Identifier: Apache-2.0
// What a command's manual page says beyond its summary.
#include <algorithm>

#include "cli/command.h"

namespace etcdmedic::tool {
namespace {

struct Row {
  std::string_view command;
  std::string_view text;
};

constexpr Row kRows[] = {
    {"info",
     "Shows what can be said of a member on one screen. It reads every part once, but does not check the "
     "keys; verify does."},
    {"verify",
     "Checks the log record by record, the .snap files, the backend page by page, its keys, and whether "
     "these parts fit together. Then it follows etcd's own start over what was read, and says where it would "
     "end. Several paths are the members of one cluster: it also says which of them agree, and from which "
     "one to start. Each finding has a code, which etcdmedic explain CODE explains."},
    {"repair",
     "Plans what lets etcd start again. Each step is carried out in memory and verified before it is "
     "offered, and says what is lost by it. Without --apply or --output nothing is written. --apply writes "
     "an undo journal first; a step that loses data also needs --accept-loss. A member that runs is "
     "refused."},
    {"report",
     "Writes one HTML file that needs nothing else: the verdict, the findings, maps of segments and pages, "
     "and what fills the key space."},
    {"undo",
     "Puts back what a repair changed, from its journal. It refuses if a file has changed since the repair, "
     "as every file has once etcd has started."},
    {"recover",
     "Replays the log over the newest state before the entry or revision asked for, and writes the result as "
     "a data directory or a snapshot. Without --output and --snapshot it lists what can be recovered."},
    {"restore",
     "Makes data directories as etcdutl snapshot restore does, with the same ids. The backup may be a saved "
     "snapshot, a copy of a db, a data directory, or one of these packed, and is checked first."},
    {"salvage",
     "Looks at every page of the files given, used or not, takes each record that proves itself, and makes a "
     "data directory of them. What it found and did not take is in lost+found.ndjson, beside member/."},
    {"wal dump",
     "Prints the entries of the log in order. Records that are damaged are named and stepped over. --raw "
     "shows every record as it lies in the file."},
    {"wal stat", "Counts what is in the log, to show what fills it."},
    {"elections",
     "Reads terms, votes, leaders and changes of membership from the logs of one or more members of a "
     "cluster."},
    {"snap dump", "Prints a .snap file: its index, term, ConfState, and the members in its v2 store."},
    {"get",
     "Prints keys and values as etcdctl get does. With two keys, the range between them; --rev reads an "
     "older revision that has not been compacted."},
    {"keys", "Lists keys with their revisions, versions and leases, and without their values."},
    {"hashkv",
     "Computes what etcdctl endpoint hashkv asks a running member for. Members of one cluster give the same "
     "hash at the same revision."},
    {"history",
     "Prints what happened to a key, as far as it has not been compacted, with a diff where the value is a "
     "Kubernetes object."},
    {"deleted",
     "Lists keys that do not exist any more, with the revision of their deletion and their last value."},
    {"diff",
     "Compares two revisions of one file, or two files. Exit status 1 says that there is a difference."},
    {"top", "Groups keys, and says how many bytes each group has now and in all retained revisions."},
    {"leases",
     "Lists leases with their keys. The time that remains is not in the files; the time granted is."},
    {"auth",
     "Prints users with their roles, and roles with their permissions. Hashes of passwords are hidden."},
    {"members", "Prints the members that the backend, or the newest .snap, knows, and the alarms."},
    {"alarms", "Prints alarms that are set. Exit status 1 says that there is one."},
    {"meta", "Prints the backend's bucket meta: consistent index, term, compactions, storage version."},
    {"snapshot status", "Prints what etcdutl snapshot status prints, of any file that holds a backend."},
    {"snapshot verify",
     "Checks backups as a whole: the SHA-256 at the end, the pages, the keys, and what etcdutl snapshot "
     "restore would say. Several backups give a row each."},
    {"snapshot restore", "The same as etcdmedic restore, under the name that etcdutl has for it."},
    {"db check", "Checks the backend's pages: metas, freelist, tree, elements, order of keys."},
    {"db pages", "Lists the pages of the backend."},
    {"db page", "Prints one page: its header, its elements, and with --hex its bytes."},
    {"db tree", "Draws the tree of pages below each bucket, or below one."},
    {"db buckets", "Lists the buckets of the backend."},
    {"db dump", "Prints the entries of a bucket as they are stored."},
    {"db stat", "Says what the backend's pages are used for, and how much of each is filled."},
    {"db freelist", "Prints the ids of the pages that are free or pending."},
    {"db meta", "Prints both meta pages, and says which one is in use."},
    {"db compact",
     "Writes the content of a backend to a new file without free pages, as a defragmentation does. --salvage "
     "and --search-root take what they can from a damaged file."},
    {"objects",
     "Prints Kubernetes objects as kubectl get does, from the files alone. Kinds of "
     "CustomResourceDefinitions are known from the same files. Objects that are encrypted at rest need --encryption-config."},
    {"describe", "Prints what kubectl describe prints, with the object's events, from the files alone."},
    {"events", "Prints what kubectl events prints: the events of a namespace, or those about one object."},
    {"tree", "Prints an object and everything that owner references lead to from it."},
    {"timeline", "Lists every change that has not been compacted, in the order in which it was made."},
    {"blame",
     "Says of each field of an object when it was set and by whom, as its revisions and managedFields tell "
     "it."},
    {"search", "Looks for a text or an expression in keys and values."},
    {"undelete",
     "Prints the last version of an object that was deleted, without the fields that an API server sets, so "
     "that kubectl apply takes it. It exists until its revision is compacted."},
    {"when",
     "Says when a revision was written. etcd does not record that: the times in the objects around it tell "
     "it."},
    {"rev-at", "Finds the revisions that were written around a time."},
    {"decode",
     "Recognises what people paste: raw bytes, hex, base64, etcdctl's JSON and fields, and others, and "
     "prints the object in it. Without FILE it reads standard input."},
    {"encode", "The reverse of decode. Without FILE it reads standard input."},
    {"export",
     "Writes objects to files of their own, and an order in which kubectl apply can take them with "
     "--apply-ready."},
    {"audit",
     "Counts kinds and the versions that they are stored in, says what is encrypted and with which key, and "
     "what an upgrade to --target would not read."},
    {"explain",
     "Says what a code or a line of etcd's log means and what to do. With - or a file it reads a whole log, "
     "also journalctl's JSON."},
    {"completion", "Prints a script that completes commands, flags, their values, kinds and files."},
    {"docs", "Prints the documents that are made from the tool's own tables."},
    {"help", "Lists the commands, or explains one."},
};

}  // namespace

std::string_view DescriptionOf(const Command& command) {
  const auto row = std::ranges::find(kRows, command.name, &Row::command);
  return row == std::end(kRows) ? std::string_view() : row->text;
}

}  // namespace etcdmedic::tool
