// SPDX-License-Identifier: Apache-2.0
// Preloaded into a program, makes one of its calls that change files fail, or kills it there. In the environment:
//   FAIL_AT     the number of the call, from 1; without it calls are only counted
//   FAIL_HOW    eio: this call fails; enospc: it and all that need space after it fail, and a write comes half
//               through before; kill: the process dies before the call; tear: in the middle of it, or of the
//               first write after it
//   FAIL_COUNT  a file that gets one line a call, its name and its path, and "failed:" and the path where it fails
// What goes to standard output, standard error and pipes is neither counted nor failed.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static int calls;
static __thread int number;  // of this thread's last call among all

// The next function of that name: the C library's.
#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static void Note(const char* call, const char* path) {
  const char* file = getenv("FAIL_COUNT");
  if (!file) return;
  char line[PATH_MAX + 64];
  int size = snprintf(line, sizeof line, "%s %s\n", call, path);
  long fd = syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) abort();
  if (syscall(SYS_write, fd, line, size) != size) abort();
  syscall(SYS_close, fd);
}

// Whether this call is to fail; does not return where it is to die. `needs_space`: a full disk refuses it.
static int Fails(const char* call, const char* path, int needs_space) {
  Note(call, path);
  number = __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST);
  const char* at = getenv("FAIL_AT");
  const char* how = getenv("FAIL_HOW");
  if (!at || !how || number < atoi(at)) return 0;
  const int full = strcmp(how, "enospc") == 0;
  if (full ? !needs_space : number > atoi(at)) return 0;
  if (strcmp(how, "kill") == 0) raise(SIGKILL);
  if (!full && strcmp(how, "eio") != 0) return 0;
  Note("failed:", path);
  errno = full ? ENOSPC : EIO;
  return 1;
}

// Whether this is the call whose first half is to be done. Threads change the order of calls from run to run, so the call
// of that number may not be a write where it is to be torn.
static int Halves(void) {
  const char* at = getenv("FAIL_AT");
  const char* how = getenv("FAIL_HOW");
  if (!at || !how) return 0;
  return strcmp(how, "tear") == 0 ? number >= atoi(at) : strcmp(how, "enospc") == 0 && number == atoi(at);
}

static void DieIfTorn(void) {
  const char* how = getenv("FAIL_HOW");
  if (how && strcmp(how, "tear") == 0) raise(SIGKILL);
}

static const char* PathOf(int fd, char* path) {
  char link[32];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t size = readlink(link, path, PATH_MAX - 1);
  path[size < 0 ? 0 : size] = 0;
  return path;
}

static int IsFile(int fd) {
  struct stat info;
  return fd > 2 && fstat(fd, &info) == 0 && (S_ISREG(info.st_mode) || S_ISDIR(info.st_mode));
}

// Half of a write reaches the disk where it is torn, or the disk is full in the middle of it.
#define WRITE(result, call, fd, half, ...)                                 \
  if (!IsFile(fd)) return REAL(call)(fd, __VA_ARGS__);                     \
  char path[PATH_MAX];                                                     \
  int fails = Fails(#call, PathOf(fd, path), 1);                           \
  if (Halves()) {                                                          \
    result some = half;                                                    \
    DieIfTorn();                                                           \
    if (some > 0) return some;                                             \
    errno = ENOSPC;                                                        \
    return -1;                                                             \
  }                                                                        \
  return fails ? -1 : REAL(call)(fd, __VA_ARGS__);

ssize_t write(int fd, const void* bytes, size_t size) {
  WRITE(ssize_t, write, fd, REAL(write)(fd, bytes, size / 2), bytes, size)
}
ssize_t pwrite(int fd, const void* bytes, size_t size, off_t offset) {
  WRITE(ssize_t, pwrite, fd, REAL(pwrite)(fd, bytes, size / 2, offset), bytes, size, offset)
}
ssize_t pwrite64(int fd, const void* bytes, size_t size, off64_t offset) {
  WRITE(ssize_t, pwrite64, fd, REAL(pwrite64)(fd, bytes, size / 2, offset), bytes, size, offset)
}
ssize_t writev(int fd, const struct iovec* parts, int count) {
  WRITE(ssize_t, writev, fd, REAL(write)(fd, parts[0].iov_base, parts[0].iov_len / 2), parts, count)
}
ssize_t copy_file_range(int from, off64_t* from_at, int fd, off64_t* at, size_t size, unsigned flags) {
  char path[PATH_MAX];
  if (Fails("copy_file_range", PathOf(fd, path), 1)) return -1;
  return REAL(copy_file_range)(from, from_at, fd, at, size, flags);
}
ssize_t sendfile(int fd, int from, off_t* from_at, size_t size) {
  char path[PATH_MAX];
  if (IsFile(fd) && Fails("sendfile", PathOf(fd, path), 1)) return -1;
  ssize_t (*real)(int, int, off_t*, size_t) = (ssize_t(*)(int, int, off_t*, size_t))dlsym(RTLD_NEXT, "sendfile");
  return real(fd, from, from_at, size);
}

#define ON_FD(call, space, parameters, ...)                                             \
  int call parameters {                                                                 \
    char path[PATH_MAX];                                                                \
    if (IsFile(fd) && Fails(#call, PathOf(fd, path), space)) return -1;                 \
    return REAL(call)(__VA_ARGS__);                                                     \
  }
ON_FD(fsync, 1, (int fd), fd)
ON_FD(fdatasync, 1, (int fd), fd)
ON_FD(syncfs, 1, (int fd), fd)
ON_FD(ftruncate, 1, (int fd, off_t size), fd, size)
ON_FD(ftruncate64, 1, (int fd, off64_t size), fd, size)
ON_FD(fchown, 0, (int fd, uid_t uid, gid_t gid), fd, uid, gid)
ON_FD(fchmod, 0, (int fd, mode_t mode), fd, mode)
ON_FD(futimens, 0, (int fd, const struct timespec times[2]), fd, times)

#define ON_PATH(call, space, parameters, ...)                                           \
  int call parameters {                                                                 \
    if (Fails(#call, path, space)) return -1;                                           \
    return REAL(call)(__VA_ARGS__);                                                     \
  }
ON_PATH(truncate, 1, (const char* path, off_t size), path, size)
ON_PATH(truncate64, 1, (const char* path, off64_t size), path, size)
ON_PATH(rename, 0, (const char* path, const char* to), path, to)
ON_PATH(renameat2, 0, (int folder, const char* path, int to_folder, const char* to, unsigned flags), folder, path, to_folder, to, flags)
ON_PATH(unlink, 0, (const char* path), path)
ON_PATH(rmdir, 0, (const char* path), path)
ON_PATH(mkdir, 1, (const char* path, mode_t mode), path, mode)
ON_PATH(chmod, 0, (const char* path, mode_t mode), path, mode)
ON_PATH(chown, 0, (const char* path, uid_t uid, gid_t gid), path, uid, gid)
ON_PATH(unlinkat, 0, (int folder, const char* path, int flags), folder, path, flags)
ON_PATH(utimensat, 0, (int folder, const char* path, const struct timespec times[2], int flags), folder, path, times, flags)
ON_PATH(remove, 0, (const char* path), path)

// Opening counts where it makes a file.
#define OPEN(call, parameters, ...)                                                     \
  int call parameters {                                                                 \
    mode_t mode = 0;                                                                    \
    if (flags & (O_CREAT | O_TMPFILE)) {                                                \
      va_list rest;                                                                     \
      va_start(rest, flags);                                                            \
      mode = va_arg(rest, mode_t);                                                      \
      va_end(rest);                                                                     \
    }                                                                                   \
    if (flags & O_CREAT && Fails(#call, path, 1)) return -1;                            \
    return REAL(call)(__VA_ARGS__, mode);                                               \
  }
OPEN(open, (const char* path, int flags, ...), path, flags)
OPEN(open64, (const char* path, int flags, ...), path, flags)
OPEN(openat, (int folder, const char* path, int flags, ...), folder, path, flags)
OPEN(openat64, (int folder, const char* path, int flags, ...), folder, path, flags)
