// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/mem.h"

#include <assert.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 16 * 1024, ALIGN = alignof(max_align_t) };

static void *or_abort(void *memory)
{
    if (!memory) {
        fputs("kinreel: out of memory\n", stderr);
        abort();
    }
    return memory;
}

void *kr_alloc(size_t size)
{
    return or_abort(calloc(1, size ? size : 1));
}

void *kr_alloc_array(size_t n, size_t size)
{
    return or_abort(calloc(n ? n : 1, size ? size : 1));
}

void *kr_realloc_array(void *old, size_t n, size_t size)
{
    return or_abort(reallocarray(old, n ? n : 1, size));
}

char *kr_strdup(const char *text)
{
    return or_abort(strdup(text));
}

void kr_free_at(void *address_of_pointer)
{
    void *memory;
    memcpy(&memory, address_of_pointer, sizeof memory);
    free(memory);
    memset(address_of_pointer, 0, sizeof memory);
}

bool kr_big_alloc(size_t size, size_t limit, void **out, struct kr_err *err)
{
    if (size > limit)
        return kr_fail(err, KR_E_TOO_BIG, "%zu bytes wanted, at most %zu", size, limit);
    void *memory = calloc(1, size ? size : 1);
    if (!memory)
        return kr_fail(err, KR_E_TOO_BIG, "%zu bytes wanted, the machine has no more", size);
    *out = memory;
    return true;
}

struct block {
    struct block *next;
    size_t used, size;
    alignas(max_align_t) char bytes[];
};

struct deferred {
    struct deferred *next;
    void (*finish)(void *thing);
    void *thing;
};

struct kr_arena {
    struct block *first;
    struct deferred *deferred; // in the arena's own memory
};

struct kr_arena *kr_arena_create(void)
{
    return kr_new(struct kr_arena);
}

void kr_arena_destroy(struct kr_arena **arena)
{
    if (!*arena)
        return;
    for (struct deferred *one = (*arena)->deferred; one; one = one->next)
        one->finish(one->thing);
    for (struct block *block = (*arena)->first, *next; block; block = next) {
        next = block->next;
        free(block);
    }
    kr_free(arena);
}

// A large piece gets a block of its own behind the first, which keeps its room.
static struct block *block_for(struct kr_arena *mem, size_t size)
{
    bool large = size > BLOCK / 2;
    size_t room = large ? size : BLOCK;
    struct block *block = kr_alloc(sizeof *block + room);
    block->size = room;
    if (large && mem->first) {
        block->next = mem->first->next;
        mem->first->next = block;
    } else {
        block->next = mem->first;
        mem->first = block;
    }
    return block;
}

void *kr_arena_alloc(struct kr_arena *mem, size_t size)
{
    assert(size < SIZE_MAX / 2);
    size = (size + ALIGN - 1) / ALIGN * ALIGN;
    struct block *block = mem->first;
    if (!block || block->size - block->used < size)
        block = block_for(mem, size);
    void *memory = block->bytes + block->used;
    block->used += size;
    return memory;
}

void kr_arena_defer(struct kr_arena *mem, void (*finish)(void *thing), void *thing)
{
    struct deferred *one = kr_arena_new(mem, struct deferred);
    *one = (struct deferred){.next = mem->deferred, .finish = finish, .thing = thing};
    mem->deferred = one;
}

void *kr_arena_array_of(struct kr_arena *mem, size_t n, size_t size)
{
    assert(size == 0 || n < SIZE_MAX / 4 / size);
    return kr_arena_alloc(mem, n * size);
}

char *kr_arena_copy(struct kr_arena *mem, const void *bytes, size_t n)
{
    char *copy = kr_arena_alloc(mem, n + 1);
    if (n)
        memcpy(copy, bytes, n);
    return copy;
}

char *kr_arena_strdup(struct kr_arena *mem, const char *text)
{
    return kr_arena_copy(mem, text, strlen(text));
}

char *kr_arena_format(struct kr_arena *mem, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    assert(n >= 0);
    char *text = kr_arena_alloc(mem, (size_t)n + 1);
    vsnprintf(text, (size_t)n + 1, format, again);
    va_end(again);
    va_end(args);
    return text;
}
