// SPDX-License-Identifier: AGPL-3.0-or-later
// mem.h: memory, and who frees it.
//
// Small fixed needs abort when there is no memory left: nothing sensible could
// follow. A size that a stranger chose goes through kr_big_alloc(), which fails
// politely. An arena is memory with one end: everything taken from it lives
// until the arena is destroyed; one arena for each request and each job.
// Threads: an arena belongs to one thread at a time.

#pragma once
#include "base/err.h"
#include <stdint.h>

// Zeroed memory for one struct, or for `n`. Abort when there is none.
#define kr_new(type) ((type *)kr_alloc(sizeof(type)))
#define kr_new_array(type, n) ((type *)kr_alloc_array((n), sizeof(type)))
#define KR_COUNT(array) (sizeof(array) / sizeof *(array)) // NOLINT: arrays of pointers too

// A list that grows all through an hour begins with room for so many: it lies apart from the
// heap from the first, and what of it is not touched yet costs nothing.
enum { KR_MANY = 1 << 15 };

__attribute__((malloc, returns_nonnull)) void *kr_alloc(size_t size);
__attribute__((malloc, returns_nonnull)) void *kr_alloc_array(size_t n, size_t size);
__attribute__((returns_nonnull)) void *kr_realloc_array(void *old, size_t n, size_t size);
__attribute__((malloc, returns_nonnull)) char *kr_strdup(const char *text);

// Frees *memory and sets it to NULL. `memory` is the address of any pointer.
#define kr_free(memory) kr_free_at((void *)(memory))
void kr_free_at(void *address_of_pointer);

// Zeroed memory of a size that a stranger chose: KR_E_TOO_BIG above `limit` or
// when the machine has no more. *out is the caller's, to kr_free().
KR_CHECK bool kr_big_alloc(size_t size, size_t limit, void **out, struct kr_err *err);

struct kr_arena;
__attribute__((returns_nonnull)) struct kr_arena *kr_arena_create(void);
void kr_arena_destroy(struct kr_arena **arena);

// Zeroed, aligned for any type; lives as long as the arena.
__attribute__((returns_nonnull)) void *kr_arena_alloc(struct kr_arena *mem, size_t size);
#define kr_arena_new(mem, type) ((type *)kr_arena_alloc((mem), sizeof(type)))
__attribute__((returns_nonnull)) void *kr_arena_array_of(struct kr_arena *mem, size_t n,
                                                         size_t size);
#define kr_arena_array(mem, type, n) ((type *)kr_arena_array_of((mem), (n), sizeof(type)))
__attribute__((returns_nonnull)) char *kr_arena_strdup(struct kr_arena *mem, const char *text);
__attribute__((returns_nonnull)) char *kr_arena_copy(struct kr_arena *mem, const void *bytes,
                                                     size_t n); // ends with a zero byte
__attribute__((returns_nonnull)) char *kr_arena_format(struct kr_arena *mem, const char *format,
                                                       ...) KR_PRINTF(2, 3);

// Calls finish(thing) when the arena is destroyed, the last one first: for what
// a foreign library has allocated and an arena's reader borrows.
void kr_arena_defer(struct kr_arena *mem, void (*finish)(void *thing), void *thing);
