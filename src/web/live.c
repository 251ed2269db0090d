// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/live.h"

#include "base/clock.h"
#include "base/log.h"
#include "store/claims.h"
#include <string.h>

enum {
    LOOK_MS = 100,
    BEAT_MS = 15000,
    KEPT = 4096, // events; a page that is farther behind reads everything again (4)
    BATCH = 500,
    LINE = 160,
};

struct event {
    int64_t seq;
    char home[KR_UUID_TEXT], subject[KR_UUID_TEXT];
    const char *kind; // constant
};

struct kr_live {
    struct kr_house *house;
    pthread_mutex_t lock;
    pthread_cond_t end;
    pthread_t thread;
    bool ending;
    struct kr_live_stream *streams;
    struct event kept[KEPT]; // a ring; the newest has the number `latest`
    size_t first, n;
    int64_t latest, turn; // turn: how often jobs moved
};

struct kr_live_stream {
    struct kr_live *live;
    struct kr_live_stream *next, **before;
    char home[KR_UUID_TEXT], about[KR_UUID_TEXT];
    int64_t seen, turn, beat_ms;
    bool asleep, greeted, behind;
    void (*wake)(void *context);
    void *context;
    char line[LINE]; // begun to be sent
    size_t line_n, line_at;
};

// What kind of page should look again.
static const char *kind_of(const char *predicate)
{
    static const char *const kinds[][2] = {
        {"answer", "ask"},   {"ask_first", "may"}, {"avoid", "may"},       {"born", "person"},
        {"consent", "may"},  {"delay", "may"},     {"died", "person"},     {"name", "person"},
        {"question", "ask"}, {"release", "may"},   {"relation", "person"}, {"rest", "may"},
        {"round", "ask"},    {"sex", "person"},    {"story", "film"}};
    for (size_t i = 0; i < KR_COUNT(kinds); i++)
        if (strcmp(predicate, kinds[i][0]) == 0)
            return kinds[i][1];
    // What was taken back may have been anything: whoever shows something asks again.
    return strcmp(predicate, "retract") == 0 ? "may" : "item";
}

static bool is_word_of_consent(const struct event *event)
{
    return strcmp(event->kind, "may") == 0;
}

// After a word of consent every page of the home reads again: what came before names no thing more.
static void forget_subjects(struct kr_live *live, const char *home)
{
    for (size_t i = 0; i < live->n; i++) {
        struct event *event = &live->kept[(live->first + i) % KEPT];
        if (strcmp(event->home, home) == 0 && strcmp(event->kind, "person") != 0)
            event->subject[0] = '\0';
    }
}

static void keep_event(void *context, int64_t seq, const char *home, const char *subject,
                       const char *predicate)
{
    struct kr_live *live = context;
    struct event *event = &live->kept[(live->first + live->n) % KEPT];
    if (live->n == KEPT)
        live->first = (live->first + 1) % KEPT;
    else
        live->n++;
    // About what the home may not see it says no more than of consent: whoever shows it reads
    // again.
    *event = (struct event){.seq = seq, .kind = *subject ? kind_of(predicate) : "may"};
    kr_format(event->home, sizeof event->home, "%.36s", home);
    kr_format(event->subject, sizeof event->subject, "%.36s", subject);
    live->latest = seq;
    if (is_word_of_consent(event))
        forget_subjects(live, home);
}

static bool is_for(const struct kr_live_stream *stream, const struct event *event)
{
    return strcmp(event->home, stream->home) == 0 && // (2)
           (!*stream->about || strcmp(event->subject, stream->about) == 0 ||
            is_word_of_consent(event));
}

// The next event for a stream, or NULL; what is for others is passed over.
static const struct event *next_event(struct kr_live_stream *stream)
{
    const struct kr_live *live = stream->live;
    size_t low = 0, high = live->n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (live->kept[(live->first + middle) % KEPT].seq <= stream->seen)
            low = middle + 1;
        else
            high = middle;
    }
    for (size_t i = low; i < live->n; i++) {
        const struct event *event = &live->kept[(live->first + i) % KEPT];
        stream->seen = event->seq;
        if (is_for(stream, event))
            return event;
    }
    return NULL;
}

static void say_line(struct kr_live_stream *stream, const char *text)
{
    kr_format(stream->line, sizeof stream->line, "%s", text);
    stream->line_n = strlen(stream->line);
    stream->line_at = 0;
    stream->beat_ms = kr_monotonic_ms();
}

// Whether what is kept no longer reaches back to what the stream saw last.
static bool is_behind(const struct kr_live_stream *stream)
{
    const struct kr_live *live = stream->live;
    return stream->behind || (live->n == KEPT && live->kept[live->first].seq > stream->seen + 1);
}

// Readies the next line; false: nothing to say.
static bool next_line(struct kr_live_stream *stream)
{
    struct kr_live *live = stream->live;
    char text[LINE];
    if (!stream->greeted) {
        stream->greeted = true;
        kr_format(text, sizeof text, "retry: 2000\nid: %jd\nevent: hello\ndata: {}\n\n",
                  (intmax_t)stream->seen);
        say_line(stream, text);
        return true;
    }
    if (is_behind(stream)) { // (4)
        stream->behind = false;
        stream->seen = live->latest;
        kr_format(text, sizeof text, "id: %jd\ndata: {\"kind\":\"all\"}\n\n",
                  (intmax_t)stream->seen);
        say_line(stream, text);
        return true;
    }
    const struct event *event = next_event(stream);
    if (event) {
        kr_format(text, sizeof text, "id: %jd\ndata: {\"kind\":\"%s\",\"id\":\"%s\"}\n\n",
                  (intmax_t)event->seq, event->kind, event->subject); // (1)
        say_line(stream, text);
    } else if (stream->turn != live->turn && !*stream->about) {
        stream->turn = live->turn;
        say_line(stream, "data: {\"kind\":\"job\"}\n\n");
    } else if (kr_monotonic_ms() - stream->beat_ms >= BEAT_MS) { // (3)
        say_line(stream, ":\n\n");
    } else {
        return false;
    }
    return true;
}

long kr_live_read(struct kr_live_stream *stream, char *out, size_t room,
                  void (*sleep)(void *context))
{
    struct kr_live *live = stream->live;
    size_t n = 0;
    pthread_mutex_lock(&live->lock);
    while (n < room && !live->ending) {
        if (stream->line_at == stream->line_n && !next_line(stream))
            break;
        size_t part = stream->line_n - stream->line_at;
        part = part < room - n ? part : room - n;
        memcpy(out + n, stream->line + stream->line_at, part);
        stream->line_at += part;
        n += part;
    }
    bool over = live->ending && n == 0;
    if (n == 0 && !over) {
        stream->asleep = true;
        sleep(stream->context);
    }
    pthread_mutex_unlock(&live->lock);
    return over ? -1 : (long)n;
}

static bool has_news(struct kr_live_stream *stream)
{
    return !stream->greeted || stream->seen < stream->live->latest ||
           stream->turn != stream->live->turn || kr_monotonic_ms() - stream->beat_ms >= BEAT_MS;
}

static void wake_all(struct kr_live *live)
{
    for (struct kr_live_stream *stream = live->streams; stream; stream = stream->next)
        if (stream->asleep && (live->ending || has_news(stream))) {
            stream->asleep = false;
            stream->wake(stream->context);
        }
}

// Takes over what others wrote since; outside the lock, but for the ring.
static bool look(struct kr_live *live, struct kr_desk *desk, int64_t *version, struct kr_err *err)
{
    struct kr_store *store;
    int64_t now;
    if (!kr_desk_read(desk, &store, err) || !kr_db_version(store->db, &now, err))
        return false;
    if (now == *version)
        return true;
    *version = now;
    pthread_mutex_lock(&live->lock);
    int64_t before = live->latest;
    bool fine = kr_claims_since(store, live->latest, BATCH, keep_event, live, err);
    bool full = live->latest - before >= BATCH;
    live->turn += live->latest == before; // no claim: then a job moved
    pthread_mutex_unlock(&live->lock);
    if (full)
        *version = -1; // there may be more
    return fine;
}

static void *watch(void *context)
{
    struct kr_live *live = context;
    struct kr_desk desk = {.house = live->house};
    int64_t version = -1;
    pthread_mutex_lock(&live->lock);
    while (!live->ending) {
        struct timespec until;
        struct kr_err err = {0};
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += LOOK_MS * 1000000;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        pthread_cond_timedwait(&live->end, &live->lock, &until);
        bool listened = live->streams != NULL;
        pthread_mutex_unlock(&live->lock);
        if (listened && !look(live, &desk, &version, &err))
            kr_log(KR_WARN, "web.live", KR_T("code", kr_code_name(err.code)));
        pthread_mutex_lock(&live->lock);
        wake_all(live);
    }
    pthread_mutex_unlock(&live->lock);
    kr_desk_clear(&desk);
    return NULL;
}

static bool begin_at_the_end(struct kr_live *live, struct kr_err *err)
{
    struct kr_desk desk = {.house = live->house};
    struct kr_store *store;
    bool fine = kr_desk_read(&desk, &store, err) && kr_claims_last(store, &live->latest, err);
    kr_desk_clear(&desk);
    return fine;
}

bool kr_live_create(struct kr_house *house, struct kr_live **out, struct kr_err *err)
{
    struct kr_live *live = kr_new(struct kr_live);
    pthread_condattr_t steady;
    live->house = house;
    pthread_mutex_init(&live->lock, NULL);
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&live->end, &steady);
    pthread_condattr_destroy(&steady);
    if (!begin_at_the_end(live, err) || pthread_create(&live->thread, NULL, watch, live) != 0) {
        kr_free(&live);
        return err && err->code ? false : kr_fail(err, KR_E_INTERNAL, "start the thread of news");
    }
    *out = live;
    return true;
}

void kr_live_end(struct kr_live *live)
{
    pthread_mutex_lock(&live->lock);
    bool first = !live->ending;
    live->ending = true;
    pthread_cond_signal(&live->end);
    wake_all(live);
    pthread_mutex_unlock(&live->lock);
    if (first)
        pthread_join(live->thread, NULL);
}

void kr_live_destroy(struct kr_live **address)
{
    struct kr_live *live = *address;
    if (!live)
        return;
    kr_live_end(live);
    pthread_cond_destroy(&live->end);
    pthread_mutex_destroy(&live->lock);
    kr_free(address);
}

struct kr_live_stream *kr_live_join(struct kr_live *live, const char *home, const char *about,
                                    int64_t after, void (*wake)(void *context), void *context)
{
    struct kr_live_stream *stream = kr_new(struct kr_live_stream);
    stream->live = live;
    stream->wake = wake;
    stream->context = context;
    stream->beat_ms = kr_monotonic_ms();
    kr_format(stream->home, sizeof stream->home, "%s", home);
    kr_format(stream->about, sizeof stream->about, "%s", about);
    pthread_mutex_lock(&live->lock);
    stream->seen = after;
    stream->behind = after < live->latest && (!live->n || live->kept[live->first].seq > after + 1);
    stream->turn = live->turn;
    stream->next = live->streams;
    stream->before = &live->streams;
    if (stream->next)
        stream->next->before = &stream->next;
    live->streams = stream;
    pthread_mutex_unlock(&live->lock);
    return stream;
}

void kr_live_leave(struct kr_live_stream **address)
{
    struct kr_live_stream *stream = *address;
    if (!stream)
        return;
    struct kr_live *live = stream->live;
    pthread_mutex_lock(&live->lock);
    *stream->before = stream->next;
    if (stream->next)
        stream->next->before = stream->before;
    pthread_mutex_unlock(&live->lock);
    kr_free(address);
}
