// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/again.h"

#include <pthread.h>
#include <string.h>

enum { KEPT = 256, TEXT_MOST = 256 * 1024 };

struct asked {
    struct kr_again_key key;
    bool used;
    int status; // 0: not answered yet
    char *text; // owned
    size_t n;
    uint64_t turn; // the least is the oldest
};

struct kr_again {
    pthread_mutex_t lock;
    uint64_t turn;
    struct asked asked[KEPT];
};

struct kr_again *kr_again_create(void)
{
    struct kr_again *again = kr_new(struct kr_again);
    pthread_mutex_init(&again->lock, NULL);
    return again;
}

void kr_again_destroy(struct kr_again **again)
{
    if (!*again)
        return;
    for (size_t i = 0; i < KEPT; i++)
        kr_free(&(*again)->asked[i].text);
    pthread_mutex_destroy(&(*again)->lock);
    kr_free(again);
}

struct kr_again_key kr_again_key_of(const char *key, struct kr_str path, struct kr_str body)
{
    struct kr_again_key out;
    struct kr_sha256 *hash = kr_sha256_begin();
    kr_sha256_add(hash, key, strlen(key) + 1);
    kr_sha256_add(hash, path.at, path.n);
    kr_sha256_end(&hash, out.asked);
    kr_sha256(body.at, body.n, out.body);
    return out;
}

static struct asked *find(struct kr_again *again, const struct kr_again_key *key)
{
    for (size_t i = 0; i < KEPT; i++)
        if (again->asked[i].used &&
            memcmp(again->asked[i].key.asked, key->asked, sizeof key->asked) == 0)
            return &again->asked[i];
    return NULL;
}

static void forget(struct asked *asked)
{
    kr_free(&asked->text);
    *asked = (struct asked){0};
}

// A free place, else the oldest one; what is still being done goes last.
static struct asked *place(struct kr_again *again)
{
    struct asked *best = &again->asked[0];
    for (size_t i = 0; i < KEPT; i++) {
        struct asked *asked = &again->asked[i];
        if (!asked->used)
            return asked;
        if ((asked->status != 0) > (best->status != 0) ||
            ((asked->status != 0) == (best->status != 0) && asked->turn < best->turn))
            best = asked;
    }
    forget(best);
    return best;
}

static enum kr_again_is look_up(struct kr_again *again, const struct kr_again_key *key,
                                struct kr_arena *mem, int *status, struct kr_str *text)
{
    struct asked *asked = find(again, key);
    if (!asked) {
        asked = place(again);
        *asked = (struct asked){.key = *key, .used = true, .turn = ++again->turn};
        return KR_AGAIN_NEW;
    }
    if (memcmp(asked->key.body, key->body, sizeof key->body) != 0)
        return KR_AGAIN_OTHER;
    if (asked->status == 0)
        return KR_AGAIN_BUSY;
    *status = asked->status;
    *text = (struct kr_str){kr_arena_copy(mem, asked->text, asked->n), asked->n};
    return KR_AGAIN_KNOWN;
}

enum kr_again_is kr_again_ask(struct kr_again *again, const struct kr_again_key *key,
                              struct kr_arena *mem, int *status, struct kr_str *text)
{
    pthread_mutex_lock(&again->lock);
    enum kr_again_is is = look_up(again, key, mem, status, text);
    pthread_mutex_unlock(&again->lock);
    return is;
}

void kr_again_tell(struct kr_again *again, const struct kr_again_key *key, int status,
                   struct kr_str text)
{
    pthread_mutex_lock(&again->lock);
    struct asked *asked = find(again, key);
    if (asked && (status == 0 || text.n > TEXT_MOST)) {
        forget(asked);
    } else if (asked) {
        asked->status = status;
        asked->text = kr_alloc(text.n + 1);
        if (text.n)
            memcpy(asked->text, text.at, text.n);
        asked->n = text.n;
    }
    pthread_mutex_unlock(&again->lock);
}
