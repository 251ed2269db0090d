// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/room.h"

#include <math.h>

enum {
    OPEN = 256,    // falls that have begun and not ended
    STEPS = 200,   // levels, half a dB each, from lowest_db
    FINE = 10,     // of those in a level, for the percentiles
    LONGEST = 200, // slots: what takes longer is no room
    LEAST = 5,     // falls that make one sure
};
static const double lowest_db = -90; // what is below was never recorded
static const double fall_db = 15, over_floor = 3;
static const double voice_share = 0.95, floor_share = 0.03, loud_db = 15;

struct start {
    double db;
    size_t at;
};

struct kr_room {
    double slot_s;
    size_t now, heard;
    // Since nothing louder came, each is at most as loud as those before it.
    struct start open[OPEN];
    size_t first, count;
    uint32_t level[STEPS * FINE];
    uint32_t fall[STEPS][LONGEST + 1]; // how often it took so many slots, by where it began
};

struct kr_room *kr_room_create(double slot_s)
{
    struct kr_room *room = kr_new(struct kr_room);
    room->slot_s = slot_s;
    return room;
}

void kr_room_destroy(struct kr_room **room)
{
    kr_free(room);
}

static size_t step_of(double dbfs, int fine)
{
    double step = (dbfs - lowest_db) * 2 * fine;
    return step < 0 ? 0 : step < STEPS * fine - 1 ? (size_t)step : (size_t)(STEPS * fine - 1);
}

static double db_of(size_t step, int fine)
{
    return lowest_db + ((double)step + 0.5) / (2 * fine);
}

static struct start *open_at(struct kr_room *room, size_t i)
{
    return &room->open[(room->first + i) % OPEN];
}

void kr_room_add(struct kr_room *room, double dbfs)
{
    size_t now = room->now++;
    while (room->count && open_at(room, room->count - 1)->db < dbfs)
        room->count--;
    struct start fell = {0, SIZE_MAX};
    for (; room->count; room->first++, room->count--) { // the oldest are the loudest
        const struct start *from = open_at(room, 0);
        bool falls = from->db - fall_db >= dbfs;
        if (!falls && now - from->at <= LONGEST && room->count < OPEN)
            break;
        if (falls && now - from->at <= LONGEST)
            fell = *from; // the latest: before it the voice may only have been held
    }
    if (fell.at != SIZE_MAX)
        room->fall[step_of(fell.db, 1)][now - fell.at]++;
    if (!(dbfs > lowest_db))
        return;
    *open_at(room, room->count++) = (struct start){dbfs, now};
    room->level[step_of(dbfs, FINE)]++;
    room->heard++;
}

size_t kr_room_slots(const struct kr_room *room)
{
    return room->heard;
}

double kr_room_level(const struct kr_room *room, double share)
{
    size_t below = 0, wanted = (size_t)(share * (double)(room->heard ? room->heard - 1 : 0));
    for (size_t s = 0; s < STEPS * FINE; s++)
        if ((below += room->level[s]) > wanted)
            return db_of(s, FINE);
    return -100;
}

bool kr_room_dies_away(const struct kr_room *room, double *seconds)
{
    double voice = kr_room_level(room, voice_share), floor = kr_room_level(room, floor_share);
    uint64_t took[LONGEST + 1] = {0}, all = 0, sum = 0;
    for (size_t s = 0; s < STEPS; s++) {
        double from = db_of(s, 1);
        if (from <= voice - loud_db || from - fall_db <= floor + over_floor)
            continue;
        for (int n = 0; n <= LONGEST; n++) {
            took[n] += room->fall[s][n];
            all += room->fall[s][n];
        }
    }
    if (all < LEAST)
        return false;
    int n = 0;
    while ((sum += took[n]) * 10 <= (all - 1) * 3)
        n++;
    *seconds = 60 / fall_db * n * room->slot_s;
    return true;
}
