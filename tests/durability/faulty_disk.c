/* A disk that fails: loaded before libc, it counts what a process writes to (or reads from) the files
   below one folder and lets the n-th call fail, tear in the middle, or kill the process.
   Armed and disarmed by the test itself through ctypes. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { WRITES = 1, READS = 2 };
static char folder[4096];
static int watched, failing, persistent;
static long nth, seen;

/* error 0: the process dies of SIGKILL instead; persist: every later call fails, too. */
void disk_fails(const char *below, int what, long number, int error, int persist) {
    snprintf(folder, sizeof folder, "%s", below);
    nth = number, failing = error, persistent = persist, seen = 0, watched = what;
}

long disk_is_well(void) {
    watched = 0;
    return seen;
}

static int strikes(int what, const char *path) {
    if (!(watched & what) || strncmp(path, folder, strlen(folder)) != 0) return 0;
    seen++;
    if (seen < nth || (seen > nth && !persistent)) return 0;
    if (failing == 0) kill(getpid(), SIGKILL);
    errno = failing;
    return 1;
}

static int strikes_fd(int what, int fd) {
    char link[64], path[4096];
    if (!(watched & what)) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return strikes(what, path);
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* A full disk takes the first half of a large write, and refuses the rest at the next call. */
ssize_t write(int fd, const void *data, size_t count) {
    if (!strikes_fd(WRITES, fd)) return NEXT(write)(fd, data, count);
    if (count > 1 && seen == nth) return NEXT(write)(fd, data, count / 2);
    errno = failing;
    return -1;
}

ssize_t pwrite64(int fd, const void *data, size_t count, off64_t offset) {
    if (!strikes_fd(WRITES, fd)) return NEXT(pwrite64)(fd, data, count, offset);
    if (count > 1 && seen == nth && persistent) return NEXT(pwrite64)(fd, data, count / 2, offset);
    errno = failing;
    return -1;
}

ssize_t pwrite(int fd, const void *data, size_t count, off_t offset) {
    return pwrite64(fd, data, count, offset);
}

ssize_t pread64(int fd, void *data, size_t count, off64_t offset) {
    return strikes_fd(READS, fd) ? -1 : NEXT(pread64)(fd, data, count, offset);
}

ssize_t pread(int fd, void *data, size_t count, off_t offset) {
    return pread64(fd, data, count, offset);
}

int fsync(int fd) { return strikes_fd(WRITES, fd) ? -1 : NEXT(fsync)(fd); }
int fdatasync(int fd) { return strikes_fd(WRITES, fd) ? -1 : NEXT(fdatasync)(fd); }
int ftruncate64(int fd, off64_t size) {
    return strikes_fd(WRITES, fd) ? -1 : NEXT(ftruncate64)(fd, size);
}
int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }
int rename(const char *from, const char *to) {
    return strikes(WRITES, from) ? -1 : NEXT(rename)(from, to);
}
int mkdir(const char *path, mode_t mode) {
    return strikes(WRITES, path) ? -1 : NEXT(mkdir)(path, mode);
}
