// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/house.h"

#include <string.h>

enum { WRONG_MOST = 10, WRONG_EACH_MS = 30 * 1000 }; // ten at once, then two a minute

void kr_house_init(struct kr_house *house)
{
    pthread_mutex_init(&house->making_lock, NULL);
    pthread_cond_init(&house->made, NULL);
    house->making_count = 0;
    house->again = kr_again_create();
    house->pace = kr_pace_create(WRONG_MOST, WRONG_EACH_MS);
    house->challenges = kr_challenges_create();
}

void kr_house_finish(struct kr_house *house)
{
    kr_challenges_destroy(&house->challenges);
    kr_pace_destroy(&house->pace);
    kr_again_destroy(&house->again);
    pthread_cond_destroy(&house->made);
    pthread_mutex_destroy(&house->making_lock);
}

static size_t place_of(const struct kr_house *house, const struct kr_blob_id *blob)
{
    size_t i = 0;
    while (i < house->making_count && memcmp(&house->making[i], blob, sizeof *blob) != 0)
        i++;
    return i;
}

void kr_house_make(struct kr_house *house, const struct kr_blob_id *blob)
{
    pthread_mutex_lock(&house->making_lock);
    while (place_of(house, blob) < house->making_count || house->making_count == KR_MAKING_MOST)
        pthread_cond_wait(&house->made, &house->making_lock);
    house->making[house->making_count++] = *blob;
    pthread_mutex_unlock(&house->making_lock);
}

void kr_house_made(struct kr_house *house, const struct kr_blob_id *blob)
{
    pthread_mutex_lock(&house->making_lock);
    size_t at = place_of(house, blob);
    if (at < house->making_count)
        house->making[at] = house->making[--house->making_count];
    pthread_cond_broadcast(&house->made);
    pthread_mutex_unlock(&house->making_lock);
}

static bool opened(struct kr_desk *desk, enum kr_store_mode mode, struct kr_store **kept,
                   struct kr_store **out, struct kr_err *err)
{
    if (!*kept && !kr_store_open(desk->house->archive, mode, kept, err))
        return false;
    *out = *kept;
    memcpy((*out)->home, *desk->home ? desk->home : desk->house->home, sizeof desk->home);
    return true;
}

bool kr_desk_read(struct kr_desk *desk, struct kr_store **out, struct kr_err *err)
{
    return opened(desk, KR_STORE_READ, &desk->reader, out, err);
}

bool kr_desk_write(struct kr_desk *desk, struct kr_store **out, struct kr_err *err)
{
    return opened(desk, KR_STORE_WRITE, &desk->writer, out, err);
}

void kr_desk_clear(struct kr_desk *desk)
{
    kr_store_close(&desk->reader);
    kr_store_close(&desk->writer);
}
