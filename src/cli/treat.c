// SPDX-License-Identifier: AGPL-3.0-or-later
// Files in, files out: restore, kit, film. No archive is needed for files.
#include "cli/commands.h"

#include "archive/may.h"
#include "archive/mounts.h"
#include "archive/treat.h"
#include "base/newfile.h"
#include "cli/body.h"
#include "store/items.h"
#include "story/make.h"
#include "story/withheld.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

// The file to be, in its own folder, so that it gets its name in one step.
struct output {
    int folder;
    const char *name;
    struct kr_newfile file;
};
#define OUTPUT_NONE ((struct output){.folder = -1, .file = KR_NEWFILE_NONE})

static void discard(struct output *output)
{
    kr_newfile_discard(&output->file);
    kr_fd_close(&output->folder);
}

// The folder a path lies in, as a path, and its last part.
static const char *folder_of(struct kr_cli *cli, const char *path, const char **name)
{
    const char *slash = strrchr(path, '/');
    *name = slash ? slash + 1 : path;
    return !slash          ? "."
           : slash == path ? "/"
                           : kr_arena_copy(cli->mem, path, (size_t)(slash - path));
}

static bool begin(struct kr_cli *cli, const char *path, bool force, struct output *out)
{
    const char *folder = folder_of(cli, path, &out->name);
    if (!*out->name)
        return kr_fail(&cli->err, KR_E_USAGE, "'%s' is no name of a file", path);
    if (!kr_open_folder(AT_FDCWD, folder, false, &out->folder, &cli->err))
        return false;
    if (!force && faccessat(out->folder, out->name, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
        return kr_fail(&cli->err, KR_E_EXISTS, "'%s' is there already; --force writes over it",
                       path);
    return kr_newfile_begin(out->folder, &out->file, &cli->err);
}

static bool end(struct kr_cli *cli, struct output *output)
{
    return kr_newfile_replace(&output->file, output->name, &cli->err);
}

enum holds { PICTURE = 1, FILM = 2, SOUND = 4 };
static const struct {
    const char *ending, *format;
    unsigned holds;
} formats[] = {
    {".jpg", "jpeg", PICTURE},     {".jpeg", "jpeg", PICTURE}, {".png", "png", PICTURE},
    {".tif", "tiff", PICTURE},     {".tiff", "tiff", PICTURE}, {".webp", "webp", PICTURE},
    {".mp4", "mp4", FILM | SOUND}, {".m4v", "mp4", FILM},      {".m4a", "m4a", SOUND},
    {".flac", "flac", SOUND},      {".wav", "wav", SOUND},     {".opus", "opus", SOUND}};

// The format that a file of this name has, among those that hold one of `kinds`.
static bool format_of(struct kr_cli *cli, const char *path, unsigned kinds, const char **out)
{
    const char *dot = strrchr(path, '.'), *names = "";
    for (size_t i = 0; i < KR_COUNT(formats); i++) {
        if (!(formats[i].holds & kinds))
            continue;
        names = kr_arena_format(cli->mem, "%s %s", names, formats[i].ending);
        if (dot && strcasecmp(dot, formats[i].ending) == 0) {
            *out = formats[i].format;
            return true;
        }
    }
    return kr_fail(&cli->err, KR_E_UNSUPPORTED, "'%s': a name that ends in one of%s", path, names);
}

static bool treat(struct kr_cli *cli, const char *kind, const json_t *options, const char *in,
                  struct output *output, json_t **answer)
{
    KR_AUTO(kr_fd_close) int fd = -1;
    KR_AUTO(kr_wall_close) struct kr_wall *wall = NULL;
    struct kr_bar bar = {0};
    const struct kr_treatment treatment = {kind, options, kr_bar_progress, &bar};
    bool fine = kr_cli_input(cli, in, &fd) && kr_cli_wall(cli, &wall) &&
                kr_treat_fds(wall, &treatment, fd, output->file.fd, answer, &cli->err);
    kr_bar_end(&bar);
    return fine;
}

static bool write_recipe(struct kr_cli *cli, const char *path, bool force, const json_t *answer)
{
    KR_AUTO(discard) struct output output = OUTPUT_NONE;
    const char *text = kr_json_text(cli->mem, answer);
    return begin(cli, path, force, &output) &&
           kr_newfile_write(&output.file, text, strlen(text), &cli->err) &&
           kr_newfile_write(&output.file, "\n", 1, &cli->err) && end(cli, &output);
}

// What the coach says of a clip before and after the kit, where both are told.
static void tell_effect(struct kr_cli *cli, const json_t *answer)
{
    static const char *const parts[] = {"sound", "light", "steady"};
    for (size_t i = 0; i < KR_COUNT(parts); i++) {
        const json_t *before = kr_json_get(kr_json_get(answer, "before"), parts[i]);
        const json_t *after = kr_json_get(kr_json_get(answer, "after"), parts[i]);
        if (!kr_json_get(before, "score") || !kr_json_get(after, "score"))
            continue;
        kr_cli_answer(cli, "treat.effect", "part",
                      kr_word(cli->lang, kr_arena_format(cli->mem, "coach.part.%s", parts[i])),
                      "before", kr_cli_number(cli, kr_json_int(before, "score", 0)), "after",
                      kr_cli_number(cli, kr_json_int(after, "score", 0)), NULL);
    }
}

// What lay beside the picture and found no room in the new file.
static void tell_left(struct kr_cli *cli, const json_t *answer)
{
    const json_t *carried = kr_json_get(answer, "carried");
    for (size_t i = 0; i < json_array_size(carried); i++) {
        const json_t *one = json_array_get(carried, i);
        const char *kind = kr_json_str(one, "kind", "");
        if (strcmp(kr_json_str(one, "way", ""), "left") != 0 || strcmp(kind, "data") == 0)
            continue;
        kr_cli_answer(cli, "treat.left", "codec", kr_json_str(one, "codec", ""), "kind",
                      kr_word(cli->lang, kr_arena_format(cli->mem, "treat.kind.%s", kind)), NULL);
    }
}

static int tell_rendition(struct kr_cli *cli, const struct kr_rendition *made)
{
    const char *path = kr_arena_format(cli->mem, "%s/cache/renditions/%s.%s", cli->archive,
                                       made->id, made->ending);
    json_t *line = kr_json_new_object(), *recipe = json_deep_copy(made->recipe);
    bool fits = kr_cli_fit(cli, recipe);
    kr_json_set_str(line, "rendition", made->id);
    kr_json_set_str(line, "of", made->subject);
    kr_json_set_take(line, "out", json_string(kr_path_escape(cli->mem, kr_str_of(path))));
    kr_json_set_take(line, "recipe", recipe);
    kr_cli_json(cli, line);
    tell_effect(cli, made->recipe);
    tell_left(cli, made->recipe);
    kr_cli_answer(cli, "treat.done", "path", path, NULL);
    return fits ? KR_EXIT_DONE : kr_cli_failed(cli);
}

static int finish(struct kr_cli *cli, struct output *output, const char *path, json_t *answer)
{
    if (!kr_cli_fit(cli, answer) || !end(cli, output))
        return kr_cli_failed(cli);
    kr_json_set_take(answer, "out", json_string(kr_path_escape(cli->mem, kr_str_of(path))));
    kr_cli_json(cli, json_incref(answer));
    tell_effect(cli, answer);
    tell_left(cli, answer);
    kr_cli_answer(cli, "treat.done", "path", path, NULL);
    return KR_EXIT_DONE;
}

// Without -o an item is treated in the archive: a rendition beside the original.
static int treat_item(struct kr_cli *cli, const char *kind, const json_t *options, const char *id)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    KR_AUTO(kr_wall_close) struct kr_wall *wall = NULL;
    struct kr_bar bar = {0};
    const struct kr_treatment treatment = {kind, options, kr_bar_progress, &bar};
    struct kr_rendition made;
    bool fine = kr_cli_store(cli, KR_STORE_WRITE, &store) && kr_cli_wall(cli, &wall) &&
                kr_treat_item(store, wall, cli->mem, &treatment, id, cli->who, &made, &cli->err);
    kr_bar_end(&bar);
    return fine ? tell_rendition(cli, &made) : kr_cli_failed(cli);
}

static bool set_strength(json_t *options, const char *text)
{
    double strength;
    if (!text)
        return true;
    if (!kr_parse_real(text, 0, 1, &strength))
        return false;
    kr_json_set_real(options, "strength", strength);
    return true;
}

static json_t *new_steps(const char *list)
{
    json_t *steps = kr_json_new_array();
    for (const char *at = list; *at;) {
        size_t n = strcspn(at, ",");
        if (n)
            kr_json_append_take(steps, json_stringn(at, n));
        at += n + (at[n] == ',');
    }
    return steps;
}

int kr_cmd_restore(struct kr_cli *cli, int argc, char **argv)
{
    const char *out = NULL, *steps = "fade", *strength = NULL, *recipe = NULL, *format;
    bool force = false;
    const struct kr_option rows[] = {{"-o", NULL, &out},
                                     {"--steps", NULL, &steps},
                                     {"--strength", NULL, &strength},
                                     {"--recipe", NULL, &recipe},
                                     {"--force", &force, NULL}};
    KR_AUTO(kr_json_drop) json_t *options = kr_json_new_object();
    KR_AUTO(kr_json_drop) json_t *answer = NULL;
    KR_AUTO(discard) struct output output = OUTPUT_NONE;
    struct kr_arguments left;
    if (!kr_cli_options(cli, rows, KR_COUNT(rows), argc, argv, &left) || left.n != 1 ||
        !set_strength(options, strength))
        return kr_cli_usage(cli, "restore");
    kr_json_set_take(options, "steps", new_steps(steps));
    if (!out)
        return treat_item(cli, "restore", options, left.at[0]);
    if (!format_of(cli, out, PICTURE, &format))
        return kr_cli_failed(cli);
    kr_json_set_str(options, "format", format);
    if (!begin(cli, out, force, &output) ||
        !treat(cli, "restore", options, left.at[0], &output, &answer) ||
        (recipe && !write_recipe(cli, recipe, force, answer)))
        return kr_cli_failed(cli);
    return finish(cli, &output, out, answer);
}

int kr_cmd_try(struct kr_cli *cli, int argc, char **argv)
{
    bool force = false;
    const struct kr_option rows[] = {{"--force", &force, NULL}};
    KR_AUTO(kr_json_drop) json_t *options = kr_json_new_object();
    KR_AUTO(kr_json_drop) json_t *answer = NULL;
    KR_AUTO(discard) struct output output = OUTPUT_NONE;
    struct kr_arguments left;
    const char *format;
    if (!kr_cli_options(cli, rows, KR_COUNT(rows), argc, argv, &left) || left.n != 3)
        return kr_cli_usage(cli, "try");
    if (!format_of(cli, left.at[2], PICTURE, &format))
        return kr_cli_failed(cli);
    kr_json_set_str(options, "format", format);
    kr_json_set_take(options, "steps", new_steps(left.at[0]));
    if (!begin(cli, left.at[2], force, &output) ||
        !treat(cli, "restore", options, left.at[1], &output, &answer))
        return kr_cli_failed(cli);
    return finish(cli, &output, left.at[2], answer);
}

// The house knows the mount, also where only files are treated.
static bool use_mount(struct kr_cli *cli, const char *name, json_t *options)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    kr_json_set_str(options, "mount", kr_text_in(cli->mem, kr_str_of(name)));
    return kr_cli_store(cli, KR_STORE_READ, &store) && kr_mount_fill(store, options, &cli->err);
}

int kr_cmd_kit(struct kr_cli *cli, int argc, char **argv)
{
    const char *out = NULL, *strength = NULL, *format;
    const char *scene = NULL, *frame = NULL, *mount = NULL;
    bool force = false, steady = false, light = false, sound = false, footage = false, keep = false,
         fill = false;
    const struct kr_option rows[] = {{"-o", NULL, &out},
                                     {"--strength", NULL, &strength},
                                     {"--scene", NULL, &scene},
                                     {"--fill", &fill, NULL},
                                     {"--frame", NULL, &frame},
                                     {"--mount", NULL, &mount},
                                     {"--footage", &footage, NULL},
                                     {"--force", &force, NULL},
                                     {"--steady", &steady, NULL},
                                     {"--light", &light, NULL},
                                     {"--sound", &sound, NULL},
                                     {"--keep-viewpoint", &keep, NULL}};
    KR_AUTO(kr_json_drop) json_t *options = kr_json_new_object();
    KR_AUTO(kr_json_drop) json_t *answer = NULL;
    KR_AUTO(discard) struct output output = OUTPUT_NONE;
    struct kr_arguments left;
    if (!kr_cli_options(cli, rows, KR_COUNT(rows), argc, argv, &left) || left.n != 1 ||
        !set_strength(options, strength))
        return kr_cli_usage(cli, "kit");
    bool all = !steady && !light && !sound && !footage; // all three when none is named
    kr_json_set_bool(options, "steady", all || steady);
    kr_json_set_bool(options, "light", all || light);
    kr_json_set_bool(options, "sound", all || sound);
    kr_json_set_bool(options, "footage", footage);
    if (keep)
        kr_json_set_bool(options, "keep_viewpoint", true);
    if (fill)
        kr_json_set_bool(options, "fill", true);
    if (scene)
        kr_json_set_str(options, "scene", scene);
    if (frame)
        kr_json_set_str(options, "frame", frame);
    if (mount && !use_mount(cli, mount, options))
        return kr_cli_failed(cli);
    if (!out)
        return treat_item(cli, "kit", options, left.at[0]);
    if (!format_of(cli, out, FILM | SOUND, &format))
        return kr_cli_failed(cli);
    kr_json_set_str(options, "format", format);
    if (!begin(cli, out, force, &output) ||
        !treat(cli, "kit", options, left.at[0], &output, &answer))
        return kr_cli_failed(cli);
    return finish(cli, &output, out, answer);
}

static bool read_story(struct kr_cli *cli, const char *path, struct kr_story *story, int *folder)
{
    const char *name, *dir = folder_of(cli, path, &name);
    struct kr_str text;
    return kr_read_file(cli->mem, AT_FDCWD, path, KR_STORY_MOST, &text, &cli->err) &&
           kr_story_parse(cli->mem, text, story, &cli->err) &&
           kr_open_folder(AT_FDCWD, dir, false, folder, &cli->err);
}

static bool compile(struct kr_cli *cli, const struct kr_story *story, int folder,
                    const struct kr_shots_params *params, struct output files[3], json_t **answer)
{
    KR_AUTO(kr_shots_finish) struct kr_shots shots = {0};
    KR_AUTO(kr_wall_close) struct kr_wall *wall = NULL;
    struct kr_bar bar = {0};
    if (!kr_shots_make(cli->mem, story, params, &shots, &cli->err) || !kr_cli_wall(cli, &wall))
        return false;
    int *media = kr_arena_array(cli->mem, int, shots.reference_count + 1);
    if (!kr_shots_open(&shots, kr_shots_resolve_file, &folder, media, &cli->err))
        return false;
    const struct kr_film_files fds = {files[0].file.fd, files[1].file.fd, files[2].file.fd};
    bool fine =
        kr_film_compile_fds(wall, &shots, media, &fds, kr_bar_progress, &bar, answer, &cli->err);
    kr_bar_end(&bar);
    kr_shots_close(&shots, media);
    return fine;
}

// "OUT.vtt" and "OUT.jpg" beside "OUT.mp4".
static const char *beside(struct kr_cli *cli, const char *out, const char *ending)
{
    const char *dot = strrchr(out, '.'), *slash = strrchr(out, '/');
    int stem = dot && dot > out && (!slash || dot > slash) ? (int)(dot - out) : (int)strlen(out);
    return kr_arena_format(cli->mem, "%.*s%s", stem, out, ending);
}

static void discard_three(struct output (*files)[3])
{
    for (int i = 0; i < 3; i++)
        discard(&(*files)[i]);
}

static bool make_and_tell(struct kr_cli *cli, struct kr_store *store, const json_t *story)
{
    KR_AUTO(kr_wall_close) struct kr_wall *wall = NULL;
    struct kr_bar bar = {0};
    struct kr_rendition made;
    char film[KR_UUID_TEXT];
    bool fine =
        kr_cli_wall(cli, &wall) &&
        kr_film_make(store, wall, story, cli->who, kr_bar_progress, &bar, film, &cli->err) &&
        kr_film_file(store, cli->mem, film, "film", &made, &cli->err);
    kr_bar_end(&bar);
    if (fine)
        tell_rendition(cli, &made);
    return fine;
}

// Without -o the story's media are items, and the film is kept in the archive.
static int film_of_items(struct kr_cli *cli, const char *path)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    KR_AUTO(kr_json_drop) json_t *story = NULL;
    bool fine = kr_json_read_file(AT_FDCWD, path, KR_STORY_MOST, &story, &cli->err) &&
                kr_cli_store(cli, KR_STORE_WRITE, &store) && make_and_tell(cli, store, story);
    return fine ? KR_EXIT_DONE : kr_cli_failed(cli);
}

static int film_without(struct kr_cli *cli, const char *film)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    KR_AUTO(kr_json_drop) json_t *story = NULL;
    bool fine = kr_cli_store(cli, KR_STORE_WRITE, &store) &&
                kr_film_without(store, cli->mem, film, &KR_VIEW_HOME, &story, &cli->err) &&
                make_and_tell(cli, store, story);
    return fine ? KR_EXIT_DONE : kr_cli_failed(cli);
}

static int films_withheld(struct kr_cli *cli)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    struct kr_withheld *withheld;
    size_t n;
    if (!kr_cli_store(cli, KR_STORE_READ, &store) ||
        !kr_films_withheld(store, cli->mem, &KR_VIEW_HOME, &withheld, &n, &cli->err))
        return kr_cli_failed(cli);
    for (size_t i = 0; i < n; i++) {
        const char *title = kr_json_str(withheld[i].film->recipe, "title", "");
        json_t *line = kr_json_new_object();
        kr_json_set_str(line, "id", withheld[i].film->subject);
        kr_json_set_str(line, "title", title);
        kr_json_set_int(line, "in_the_way", (int64_t)withheld[i].in_the_way);
        kr_json_set_bool(line, "tellable", withheld[i].tellable);
        kr_cli_json(cli, line);
        if (!cli->json)
            printf("%s %zu %s\n", withheld[i].film->subject, withheld[i].in_the_way, title);
    }
    return KR_EXIT_DONE;
}

// What is asked of the archive's own films; -1 where nothing was.
static int own_films(struct kr_cli *cli, const char *without, bool withheld, const char *out,
                     size_t words)
{
    if (!without && !withheld)
        return -1;
    if (words || out || (without && withheld))
        return kr_cli_usage(cli, "film");
    return without ? film_without(cli, without) : films_withheld(cli);
}

int kr_cmd_film(struct kr_cli *cli, int argc, char **argv)
{
    const char *out = NULL, *size = NULL, *without = NULL, *format;
    bool force = false, withheld = false;
    const struct kr_option rows[] = {{"-o", NULL, &out},
                                     {"--size", NULL, &size},
                                     {"--force", &force, NULL},
                                     {"--without", NULL, &without},
                                     {"--withheld", &withheld, NULL}};
    KR_AUTO(kr_json_drop) json_t *answer = NULL;
    KR_AUTO(kr_fd_close) int folder = -1;
    KR_AUTO(discard_three) struct output files[3] = {OUTPUT_NONE, OUTPUT_NONE, OUTPUT_NONE};
    struct kr_shots_params params = KR_SHOTS_DEFAULTS;
    struct kr_arguments left;
    struct kr_story story;
    if (!kr_cli_options(cli, rows, KR_COUNT(rows), argc, argv, &left))
        return kr_cli_usage(cli, "film");
    int own = own_films(cli, without, withheld, out, (size_t)left.n);
    if (own >= 0)
        return own;
    if (left.n != 1 || (size && sscanf(size, "%4dx%4d", &params.width, &params.height) != 2))
        return kr_cli_usage(cli, "film");
    if (!out)
        return film_of_items(cli, left.at[0]);
    if (!format_of(cli, out, FILM, &format) || !read_story(cli, left.at[0], &story, &folder) ||
        !begin(cli, out, force, &files[0]) ||
        !begin(cli, beside(cli, out, ".vtt"), force, &files[1]) ||
        !begin(cli, beside(cli, out, ".jpg"), force, &files[2]) ||
        !compile(cli, &story, folder, &params, files, &answer) || !end(cli, &files[1]) ||
        !end(cli, &files[2]))
        return kr_cli_failed(cli);
    return finish(cli, &files[0], out, answer);
}
