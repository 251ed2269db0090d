// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/challenges.h"

#include "base/text.h"
#include <pthread.h>
#include <string.h>

enum { ALL = 1024, OF_ONE = 32, PURPOSE_MOST = 100 };

struct standing {
    uint8_t mark[KR_MARK_SIZE]; // of purpose and challenge together
    uint8_t from[KR_MARK_SIZE];
    int64_t until; // 0: free
};

struct kr_challenges {
    pthread_mutex_t lock;
    struct standing all[ALL];
};

struct kr_challenges *kr_challenges_create(void)
{
    struct kr_challenges *challenges = kr_new(struct kr_challenges);
    pthread_mutex_init(&challenges->lock, NULL);
    return challenges;
}

void kr_challenges_destroy(struct kr_challenges **challenges)
{
    if (*challenges)
        pthread_mutex_destroy(&(*challenges)->lock);
    kr_free(challenges);
}

static void mark_of(const char *purpose, const char *challenge, uint8_t out[static KR_MARK_SIZE])
{
    char both[PURPOSE_MOST + KR_TOKEN_TEXT + 2];
    kr_format(both, sizeof both, "%.*s %.*s", PURPOSE_MOST, purpose, KR_TOKEN_TEXT, challenge);
    kr_secret_mark(both, out);
}

// A free place, unless whoever asks has their share or all are taken: then the oldest one's.
static struct standing *place_for(struct kr_challenges *challenges,
                                  const uint8_t from[static KR_MARK_SIZE], int64_t now_ms)
{
    struct standing *free = NULL, *oldest = challenges->all, *own = NULL;
    int owned = 0;
    for (struct standing *at = challenges->all; at < challenges->all + ALL; at++) {
        if (at->until <= now_ms) {
            free = at;
            continue;
        }
        if (at->until < oldest->until)
            oldest = at;
        if (memcmp(at->from, from, KR_MARK_SIZE) == 0) {
            owned++;
            own = !own || at->until < own->until ? at : own;
        }
    }
    if (owned >= OF_ONE)
        return own;
    return free ? free : oldest;
}

void kr_challenge_new(struct kr_challenges *challenges, const char *purpose, const char *from,
                      int64_t now_ms, char out[static KR_TOKEN_TEXT])
{
    struct standing fresh = {.until = now_ms + KR_CHALLENGE_MS};
    kr_token_new(out);
    mark_of(purpose, out, fresh.mark);
    kr_secret_mark(from, fresh.from);
    pthread_mutex_lock(&challenges->lock);
    *place_for(challenges, fresh.from, now_ms) = fresh;
    pthread_mutex_unlock(&challenges->lock);
}

bool kr_challenge_take(struct kr_challenges *challenges, const char *purpose, const char *challenge,
                       int64_t now_ms)
{
    uint8_t mark[KR_MARK_SIZE];
    bool taken = false;
    mark_of(purpose, challenge, mark);
    pthread_mutex_lock(&challenges->lock);
    for (size_t i = 0; i < ALL && !taken; i++) {
        struct standing *at = &challenges->all[i];
        taken = at->until > now_ms && memcmp(at->mark, mark, sizeof mark) == 0;
        if (taken)
            at->until = 0;
    }
    pthread_mutex_unlock(&challenges->lock);
    return taken;
}
