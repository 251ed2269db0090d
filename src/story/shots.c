// SPDX-License-Identifier: AGPL-3.0-or-later
#include "story/shots.h"

#include "base/file.h"
#include "base/words.h"
#include "story/moves.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    VERSION = 1,
    CHAPTER_BEATS = 3, // without captions, a chapter for every so many beats
    CHAPTER_LETTERS = 60,
};
#define FADE_S 0.8
#define TITLE_S 4.0
#define STILL_S 5.0
#define END_S 4.0
#define END_LINE_S 0.8 // for each line of the end card
#define READ_MOST_S 60.0

// What is known while the shots are made, one after another.
struct making {
    struct kr_arena *mem;
    const struct kr_story *story;
    enum kr_lang lang;
    const char **references;
    size_t reference_count;
    size_t pictures;             // so far, for the turns of the gentle moves
    size_t parts, since_chapter; // chapters without a caption; beats since the last chapter
    bool told_chapters;          // the story names its chapters itself
};

// The number of a reference; each is opened once, however often it is shown.
static size_t number_of(struct making *making, const char *reference)
{
    for (size_t i = 0; i < making->reference_count; i++)
        if (strcmp(making->references[i], reference) == 0)
            return i;
    making->references[making->reference_count] = reference;
    return making->reference_count++;
}

static bool starts_letter(char byte)
{
    return ((unsigned char)byte & 0xc0) != 0x80;
}

// How long a reader of ordinary speed needs: a Chinese character counts as four
// letters (about 4.5 characters or 17 letters a second), and a breath before.
static double reading_s(const char *text)
{
    double seconds = 1.5;
    for (; *text; text++)
        if (starts_letter(*text))
            seconds += (unsigned char)*text >= 0xe3 ? 0.22 : 0.06;
    seconds = seconds < READ_MOST_S ? seconds : READ_MOST_S;
    return (double)(long)(seconds * 100 + 0.5) / 100; // hundredths read better in the list
}

static double longer(double a, double b)
{
    return a > b ? a : b;
}

// The first line, cut at CHAPTER_LETTERS.
static const char *short_of(struct kr_arena *mem, const char *text)
{
    size_t n = 0, letters = 0;
    while (text[n] && text[n] != '\n') {
        if (starts_letter(text[n]) && letters++ == CHAPTER_LETTERS)
            return kr_arena_format(mem, "%.*s…", (int)n, text);
        n++;
    }
    return kr_arena_copy(mem, text, n);
}

static const char *chapter_of(struct making *making, const struct kr_beat *beat)
{
    if (making->told_chapters)
        return beat->chapter;
    if (beat->caption) {
        making->since_chapter = 1;
        return short_of(making->mem, beat->caption);
    }
    if (making->since_chapter > 0 && making->since_chapter < CHAPTER_BEATS) {
        making->since_chapter++;
        return NULL;
    }
    making->since_chapter = 1;
    const char *number = kr_arena_format(making->mem, "%zu", ++making->parts);
    return kr_words(making->mem, making->lang, "film.chapter", "n", number, NULL);
}

static json_t *new_rect(const struct kr_rect *rect)
{
    json_t *list = kr_json_new_array();
    const double side[] = {rect->x, rect->y, rect->w, rect->h};
    for (size_t i = 0; i < KR_COUNT(side); i++)
        kr_json_append_take(list, json_real(side[i]));
    return list;
}

// "1985 · Hangzhou", or NULL.
static const char *when_and_where(struct kr_arena *mem, const char *date, const char *place)
{
    if (date && place)
        return kr_arena_format(mem, "%s · %s", date, place);
    return date ? date : place;
}

// The small line under the caption, and the line of the years around it below that.
static const char *small_of(struct kr_arena *mem, const struct kr_beat *beat)
{
    const char *own = when_and_where(mem, beat->date, beat->place), *era = beat->era.text;
    if (own && era)
        return kr_arena_format(mem, "%s\n%s", own, era);
    return own ? own : era;
}

static void set_text(json_t *object, const char *name, const char *text)
{
    if (text)
        kr_json_set_str(object, name, text);
}

static void add_move(struct making *making, const struct kr_beat *beat, json_t *shot)
{
    struct kr_rect from = beat->from, to = beat->to;
    if (beat->move == KR_MOVE_GENTLE)
        kr_move_choose(beat->face, beat->face_count, making->pictures++, &from, &to);
    if (beat->move == KR_MOVE_NONE)
        from = to = (struct kr_rect){0, 0, 1, 1};
    kr_json_set_take(shot, "from", new_rect(&from));
    kr_json_set_take(shot, "to", new_rect(&to));
}

static void add_media(struct making *making, const struct kr_beat *beat, json_t *shot)
{
    kr_json_set_str(shot, "kind", "media");
    kr_json_set_int(shot, "media", (int64_t)number_of(making, beat->media));
    if (beat->in_s > 0)
        kr_json_set_real(shot, "in_s", beat->in_s);
    if (beat->out_s > 0)
        kr_json_set_real(shot, "out_s", beat->out_s);
    kr_json_set_real(shot, "volume", beat->volume);
    add_move(making, beat, shot);
    if (!beat->kit.wanted)
        return;
    json_t *kit = kr_json_new_object();
    kr_json_set_bool(kit, "steady", beat->kit.steady);
    kr_json_set_bool(kit, "light", beat->kit.light);
    kr_json_set_bool(kit, "sound", beat->kit.sound);
    kr_json_set_bool(kit, "keep_viewpoint", beat->kit.keep_viewpoint);
    kr_json_set_real(kit, "strength", beat->kit.strength);
    kr_json_set_take(shot, "kit", kit);
}

// Without a told time: as long as the recording (the sealed side learns how
// long), or as the words need, or STILL_S; a clip has its own length.
static double still_s(const struct kr_beat *beat)
{
    double seconds = STILL_S;
    const char *texts[] = {beat->text, beat->caption,
                           beat->narration ? NULL : beat->narration_text};
    for (size_t i = 0; i < KR_COUNT(texts); i++)
        if (texts[i])
            seconds = longer(seconds, reading_s(texts[i]));
    return seconds;
}

static json_t *new_shot(struct making *making, const struct kr_beat *beat)
{
    json_t *shot = kr_json_new_object();
    if (beat->media) {
        add_media(making, beat, shot);
    } else {
        kr_json_set_str(shot, "kind", "text");
        kr_json_set_str(shot, "text", beat->text);
    }
    kr_json_set_real(shot, "still_s", still_s(beat));
    if (beat->duration_s > 0)
        kr_json_set_real(shot, "duration_s", beat->duration_s);
    if (beat->narration)
        kr_json_set_int(shot, "narration", (int64_t)number_of(making, beat->narration));
    set_text(shot, "narration_text", beat->narration_text);
    set_text(shot, "caption", beat->caption);
    set_text(shot, "small", small_of(making->mem, beat));
    set_text(shot, "chapter", chapter_of(making, beat));
    return shot;
}

static json_t *new_title(const struct making *making)
{
    const struct kr_story *story = making->story;
    json_t *shot = kr_json_new_object();
    kr_json_set_str(shot, "kind", "title");
    kr_json_set_str(shot, "text", story->title);
    set_text(shot, "small", story->subtitle);
    kr_json_set_real(shot, "still_s", longer(TITLE_S, reading_s(story->title)));
    kr_json_set_str(shot, "chapter", short_of(making->mem, story->title));
    return shot;
}

static const char *music_line(const struct making *making)
{
    const struct kr_story_music *music = &making->story->music;
    const char *what = music->title;
    if (what && music->author)
        what = kr_arena_format(making->mem, "%s · %s", what, music->author);
    else if (!what)
        what = music->author;
    if (!what)
        return kr_words(making->mem, making->lang, "film.music_licence", "licence", music->licence,
                        NULL);
    return kr_words(making->mem, making->lang, "film.music", "title", what, "licence",
                    music->licence, NULL);
}

static json_t *new_end(const struct making *making)
{
    const struct kr_story *story = making->story;
    json_t *shot = kr_json_new_object();
    kr_json_set_str(shot, "kind", "end");
    kr_json_set_str(shot, "text", story->title);
    set_text(shot, "small", when_and_where(making->mem, story->date, story->place));
    json_t *lines = kr_json_new_array();
    for (size_t i = 0; i < story->credit_count; i++)
        kr_json_append_take(lines, json_string(story->credits[i]));
    if (story->music.media)
        kr_json_append_take(lines, json_string(music_line(making)));
    kr_json_set_real(shot, "still_s", END_S + END_LINE_S * (double)json_array_size(lines));
    kr_json_set_take(shot, "lines", lines);
    kr_json_set_str(shot, "chapter", kr_word(making->lang, "film.end"));
    return shot;
}

static json_t *new_shots(struct making *making)
{
    json_t *shots = kr_json_new_array();
    const struct kr_story *story = making->story;
    kr_json_append_take(shots, new_title(making));
    for (size_t i = 0; i < story->beat_count; i++)
        kr_json_append_take(shots, new_shot(making, &story->beats[i]));
    kr_json_append_take(shots, new_end(making));
    return shots;
}

bool kr_shots_make(struct kr_arena *mem, const struct kr_story *story,
                   const struct kr_shots_params *params, struct kr_shots *out, struct kr_err *err)
{
    if (params->width < 64 || params->width > 3840 || params->height < 64 ||
        params->height > 3840 || params->width % 2 || params->height % 2 || params->fps < 1 ||
        params->fps > 60)
        return kr_fail(err, KR_E_INVALID, "a film of %d x %d at %d frames a second", params->width,
                       params->height, params->fps);
    struct making making = {.mem = mem, .story = story, .lang = kr_lang_of(story->lang)};
    making.references = kr_arena_array(mem, const char *, 2 * story->beat_count + 1);
    for (size_t i = 0; i < story->beat_count; i++)
        making.told_chapters |= story->beats[i].chapter != NULL;
    json_t *list = kr_json_new_object();
    kr_json_set_int(list, "version", VERSION);
    kr_json_set_str(list, "title", story->title);
    kr_json_set_str(list, "lang", story->lang);
    kr_json_set_int(list, "width", params->width);
    kr_json_set_int(list, "height", params->height);
    kr_json_set_int(list, "fps", params->fps);
    kr_json_set_real(list, "fade_s", FADE_S);
    kr_json_set_str(list, "ground", story->ground == KR_GROUND_PAPER ? "paper" : "blur");
    kr_json_set_take(list, "shots", new_shots(&making));
    if (story->music.media) {
        json_t *music = kr_json_new_object();
        kr_json_set_int(music, "media", (int64_t)number_of(&making, story->music.media));
        kr_json_set_real(music, "volume", story->music.volume);
        kr_json_set_take(list, "music", music);
    }
    *out = (struct kr_shots){list, making.references, making.reference_count};
    return true;
}

void kr_shots_finish(struct kr_shots *shots)
{
    kr_json_drop(&shots->list);
    *shots = (struct kr_shots){0};
}

bool kr_shots_open(const struct kr_shots *shots, kr_shots_resolver resolver, void *context,
                   int *fds, struct kr_err *err)
{
    for (size_t i = 0; i < shots->reference_count; i++)
        fds[i] = -1;
    for (size_t i = 0; i < shots->reference_count; i++)
        if (!resolver(context, shots->references[i], &fds[i], err)) {
            kr_shots_close(shots, fds);
            return kr_within(err, "open media %zu of the story", i + 1);
        }
    return true;
}

void kr_shots_close(const struct kr_shots *shots, int *fds)
{
    for (size_t i = 0; i < shots->reference_count; i++)
        kr_fd_close(&fds[i]);
}

// RESOLVE_BENEATH keeps links and '..' from leading out of the folder; glibc
// has no wrapper for openat2(2). O_NONBLOCK: a pipe must not hold us up.
static int open_beneath(int dir, const char *path)
{
    struct open_how how = {.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
    return (int)syscall(SYS_openat2, dir, path, &how, sizeof how);
}

bool kr_shots_resolve_file(void *context, const char *reference, int *fd, struct kr_err *err)
{
    int dir = *(const int *)context;
    KR_AUTO(kr_fd_close) int file = open_beneath(dir, reference);
    if (file < 0 && (errno == EXDEV || errno == ELOOP))
        return kr_fail(err, KR_E_REFUSED, "'%s' leads out of the story's folder", reference);
    if (file < 0)
        return kr_fail_errno(err, "'%s'", reference);
    struct stat about;
    if (fstat(file, &about) != 0)
        return kr_fail_errno(err, "'%s'", reference);
    if (!S_ISREG(about.st_mode))
        return kr_fail(err, KR_E_UNSUPPORTED, "'%s' is no file", reference);
    *fd = file;
    file = -1;
    return true;
}
