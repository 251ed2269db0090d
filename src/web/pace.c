// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/pace.h"

#include "base/hash.h"
#include <pthread.h>
#include <string.h>

enum { KEYS = 4096, WAYS = 8 }; // a key has its place among eight

struct failing {
    uint64_t key;  // 0: free
    int64_t until; // when all its failures are forgotten
};

struct kr_pace {
    pthread_mutex_t lock;
    int64_t each_ms, most_ms;
    struct failing failing[KEYS];
};

struct kr_pace *kr_pace_create(int most, int64_t each_ms)
{
    struct kr_pace *pace = kr_new(struct kr_pace);
    pthread_mutex_init(&pace->lock, NULL);
    pace->each_ms = each_ms;
    pace->most_ms = most * each_ms;
    return pace;
}

void kr_pace_destroy(struct kr_pace **pace)
{
    if (*pace)
        pthread_mutex_destroy(&(*pace)->lock);
    kr_free(pace);
}

static uint64_t number_of(const char *key)
{
    uint8_t hash[KR_SHA256_SIZE];
    uint64_t number;
    kr_sha256(key, strlen(key), hash);
    memcpy(&number, hash, sizeof number);
    return number ? number : 1;
}

// The key's own place, else a free one, else that which is forgotten soonest.
static struct failing *place_of(struct kr_pace *pace, uint64_t key)
{
    struct failing *set = &pace->failing[key % (KEYS / WAYS) * WAYS], *best = set;
    for (int i = 0; i < WAYS; i++) {
        if (set[i].key == key)
            return &set[i];
        if (best->key && (!set[i].key || set[i].until < best->until))
            best = &set[i];
    }
    if (best->key != key)
        *best = (struct failing){.key = key};
    return best;
}

bool kr_pace_may(struct kr_pace *pace, const char *key, int64_t now_ms, int *wait_s)
{
    pthread_mutex_lock(&pace->lock);
    const struct failing *failing = place_of(pace, number_of(key));
    int64_t over = failing->until - now_ms - (pace->most_ms - pace->each_ms);
    pthread_mutex_unlock(&pace->lock);
    *wait_s = over > 0 ? (int)(over / 1000) + 1 : 0;
    return over <= 0;
}

void kr_pace_failed(struct kr_pace *pace, const char *key, int64_t now_ms)
{
    pthread_mutex_lock(&pace->lock);
    struct failing *failing = place_of(pace, number_of(key));
    int64_t from = failing->until > now_ms ? failing->until : now_ms;
    failing->until = from + pace->each_ms;
    if (failing->until > now_ms + pace->most_ms)
        failing->until = now_ms + pace->most_ms;
    pthread_mutex_unlock(&pace->lock);
}
