// SPDX-License-Identifier: AGPL-3.0-or-later
// The maker of the sample album: `album FOLDER`, with voices FOLDER/voices/*.wav
// already spoken (samples/make does that). Everything is drawn, aged and shaken
// here; each side-car says that it is synthetic. On standard output it tells where
// the faces are: {"a picture's path":[{"x","y","w","h"}]}, fractions of the picture.
#include "base/json.h"
#include "base/newfile.h"
#include "clip.h"
#include "media/picture.h"
#include "media/reader.h"
#include "media/start.h"
#include "scenes.h"
#include "wear.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct print { // one picture of the album
    const char *path, *scene;
    int height;
    double years; // of fading; 0: as new
    double grain;
    int margin;                            // px; 0: none
    const char *date, *caption, *keywords; // of the side-car
    const char *called;                    // whom its one frame shows; NULL: it has none
    size_t figure;                         // which of the scene's people that is
};

static const struct print prints[] = {
    {"1985 全家福/group-portrait-faded.jpg", "group", 1400, 0.95, 5, 60, "1985",
     "八五年夏天，老屋门前的全家福。奶奶抱着弟弟坐在前排。", "全家福,奶奶", "奶奶", 5},
    {"1985 全家福/group-portrait-faded-copy.jpg", "group", 1400, 0.97, 5, 60, "1985~",
     "同一张照片，姑姑家的那份。", "全家福", NULL},
    {"1993-05 wedding/wedding-01.jpg", "wedding", 1500, 0.35, 4, 0, "1993-05",
     "The wedding, May 1993. Paper flowers from the factory.", "wedding,婚礼", "妈妈", 1},
    {"1993-05 wedding/wedding-02-banquet.jpg", "banquet", 1500, 0.4, 4, 0, "1993-05",
     "婚宴，院子里摆了六桌。", "婚礼", NULL},
    {"老屋/IMG_20030412_150322.jpg", "house", 1600, 0, 3, 0, NULL, "桥边的老屋，拆之前的春天。",
     "老屋", NULL},
    {"老屋/IMG_20030412_151840.jpg", "gate", 1600, 0, 3, 0, NULL, "奶奶坐在大门口。", "老屋,奶奶",
     "奶奶", 0},
    {"老屋/IMG_20030719_101507.jpg", "pulled-down", 1600, 0, 3, 0, NULL,
     "The house by the bridge came down in July 2003.", "老屋,demolition", NULL},
    {"hands.jpg", "hands", 1400, 0, 4, 0, "2003~", "奶奶的手，和那张全家福。", "奶奶", NULL},
};

static void put_text(struct kr_buf *buf, const char *text)
{
    for (const char *at = text; *at; at++) {
        const char *as = *at == '&' ? "&amp;" : *at == '<' ? "&lt;" : NULL;
        kr_buf_add(buf, as ? as : at, as ? strlen(as) : 1);
    }
}

static void put_list(struct kr_buf *buf, const char *list)
{
    kr_buf_text(buf, "<dc:subject><rdf:Bag><rdf:li>synthetic</rdf:li>");
    for (const char *at = list; *at;) {
        size_t n = strcspn(at, ",");
        kr_buf_format(buf, "<rdf:li>%.*s</rdf:li>", (int)n, at);
        at += n + (at[n] == ',');
    }
    kr_buf_text(buf, "</rdf:Bag></dc:subject>\n");
}

// A face region as the Metadata Working Group has it (2010): its centre and its size.
static void put_face(struct kr_buf *buf, const char *called, const struct kr_face *face)
{
    kr_buf_format(buf,
                  "<mwg-rs:Regions rdf:parseType='Resource'><mwg-rs:RegionList><rdf:Bag><rdf:li "
                  "rdf:parseType='Resource'><mwg-rs:Name>%s</mwg-rs:Name><mwg-rs:Type>Face"
                  "</mwg-rs:Type><mwg-rs:Area stArea:x='%.3f' stArea:y='%.3f' stArea:w='%.3f' "
                  "stArea:h='%.3f' stArea:unit='normalized'/></rdf:li></rdf:Bag>"
                  "</mwg-rs:RegionList></mwg-rs:Regions>\n",
                  called, face->x + face->w / 2, face->y + face->h / 2, face->w, face->h);
}

static void put_sidecar(struct kr_buf *buf, const struct print *print, const struct kr_faces *faces)
{
    kr_buf_text(buf, "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF "
                     "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\n"
                     "<rdf:Description rdf:about='' xmlns:dc='http://purl.org/dc/elements/1.1/' "
                     "xmlns:photoshop='http://ns.adobe.com/photoshop/1.0/' "
                     "xmlns:mwg-rs='http://www.metadataworkinggroup.com/schemas/regions/' "
                     "xmlns:stArea='http://ns.adobe.com/xmp/sType/Area#'>\n<dc:description>"
                     "<rdf:Alt><rdf:li xml:lang='x-default'>");
    put_text(buf, print->caption);
    kr_buf_text(buf, "</rdf:li></rdf:Alt></dc:description>\n");
    put_list(buf, print->keywords);
    if (print->date)
        kr_buf_format(buf, "<photoshop:DateCreated>%.*s</photoshop:DateCreated>\n",
                      (int)strcspn(print->date, "~"), print->date);
    if (print->called)
        put_face(buf, print->called, &faces->at[print->figure]);
    kr_buf_text(buf, "</rdf:Description></rdf:RDF></x:xmpmeta>\n");
}

static bool write_sidecar(int folder, const struct print *print, const struct kr_faces *faces,
                          struct kr_err *err)
{
    KR_AUTO(kr_buf_finish) struct kr_buf buf = {0};
    KR_AUTO(kr_newfile_discard) struct kr_newfile file = KR_NEWFILE_NONE;
    char path[256];
    kr_format(path, sizeof path, "%s.xmp", print->path);
    put_sidecar(&buf, print, faces);
    return kr_newfile_begin(folder, &file, err) && kr_newfile_write(&file, buf.at, buf.n, err) &&
           kr_newfile_replace(&file, path, err);
}

// Onto the print with its margin, as fractions of it.
static void place_faces(struct kr_faces *faces, const struct kr_frame *picture, int margin)
{
    double width = picture->width, height = picture->height;
    for (size_t i = 0; i < faces->n; i++) {
        struct kr_face *face = &faces->at[i];
        *face = (struct kr_face){(face->x + margin) / width, (face->y + margin) / height,
                                 face->w / width, face->h / height};
    }
}

static json_t *new_faces(const struct kr_faces *faces)
{
    json_t *all = kr_json_new_array();
    for (size_t i = 0; i < faces->n; i++) {
        json_t *one = kr_json_new_object();
        kr_json_set_real(one, "x", faces->at[i].x);
        kr_json_set_real(one, "y", faces->at[i].y);
        kr_json_set_real(one, "w", faces->at[i].w);
        kr_json_set_real(one, "h", faces->at[i].h);
        kr_json_append_take(all, one);
    }
    return all;
}

static bool write_print(int folder, const struct print *print, json_t *people, struct kr_err *err)
{
    KR_AUTO(kr_frame_destroy) struct kr_frame *picture = NULL;
    KR_AUTO(kr_frame_destroy) struct kr_frame *mounted = NULL;
    KR_AUTO(kr_newfile_discard) struct kr_newfile file = KR_NEWFILE_NONE;
    struct kr_dice dice = {(uint32_t)strlen(print->path) * 7919 + (uint32_t)(print->years * 100)};
    struct kr_faces faces;
    if (!kr_scene_paint(print->scene, print->height, &faces, &picture, err))
        return false;
    kr_wear_grain(picture, print->grain, &dice);
    if (print->margin) {
        if (!kr_wear_margin(picture, print->margin, &mounted, err))
            return false;
        kr_frame_destroy(&picture);
        picture = mounted;
        mounted = NULL;
    }
    place_faces(&faces, picture, print->margin);
    kr_json_set_take(people, print->path, new_faces(&faces));
    if (print->years > 0)
        kr_wear_print(picture, print->years, &dice);
    struct kr_picture_save_params params = KR_PICTURE_SAVE_DEFAULTS;
    params.quality = 91;
    return kr_newfile_begin(folder, &file, err) &&
           kr_picture_save(picture, file.fd, &params, err) &&
           kr_newfile_replace(&file, print->path, err) && write_sidecar(folder, print, &faces, err);
}

// All of a recording as one stretch of mono sound; *out stays NULL where there is none.
static bool read_voice(int folder, const char *path, struct kr_samples **out, struct kr_err *err)
{
    KR_AUTO(kr_fd_close) int fd = openat(folder, path, O_RDONLY | O_CLOEXEC);
    KR_AUTO(kr_reader_close) struct kr_reader *reader = NULL;
    struct kr_reader_params params = KR_READER_DEFAULTS;
    params.no_video = true;
    params.channels = 1;
    if (fd < 0)
        return true;
    if (!kr_reader_open(fd, &params, &reader, err) ||
        !kr_samples_create(KR_RATE, 1, KR_RATE * 60, out, err))
        return false;
    for (size_t used = 0;;) {
        struct kr_frame *frame = NULL;
        KR_AUTO(kr_samples_destroy) struct kr_samples *part = NULL;
        if (!kr_reader_next(reader, &frame, &part, err))
            return false;
        if (!part)
            return true;
        size_t n = part->n < (*out)->n - used ? part->n : (*out)->n - used;
        memcpy((*out)->channel[0] + used, part->channel[0], n * sizeof(float));
        used += n;
    }
}

static bool write_clip(int folder, const char *path, const struct kr_clip_params *params,
                       const char *voice_path, struct kr_err *err)
{
    KR_AUTO(kr_newfile_discard) struct kr_newfile file = KR_NEWFILE_NONE;
    KR_AUTO(kr_samples_destroy) struct kr_samples *voice = NULL;
    return read_voice(folder, voice_path, &voice, err) && kr_newfile_begin(folder, &file, err) &&
           kr_clip_write(params, voice, file.fd, err) && kr_newfile_replace(&file, path, err);
}

static bool make(const char *path, json_t *people, struct kr_err *err)
{
    KR_AUTO(kr_fd_close) int folder = -1;
    static const struct kr_clip_params yard = {"house", 7, 4.5, 0.75, 0.012, 2003};
    static const struct kr_clip_params dance = {"banquet", 6, 3, 0.16, 0.02, 1993};
    if (!kr_media_start(err) || !kr_open_folder(AT_FDCWD, path, true, &folder, err))
        return false;
    for (size_t i = 0; i < KR_COUNT(prints); i++)
        if (!write_print(folder, &prints[i], people, err))
            return kr_within(err, "make '%s'", prints[i].path);
    return write_clip(folder, "老屋/VID_20030412_152200_shaky.mp4", &yard, "voices/yard.wav",
                      err) &&
           write_clip(folder, "1993-05 wedding/dance-dark.mp4", &dance, "voices/dance.wav", err);
}

int main(int argc, char **argv)
{
    struct kr_err err = {0};
    if (argc != 2) {
        fputs("album FOLDER\n", stderr);
        return 2;
    }
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_json_drop) json_t *people = kr_json_new_object();
    if (!make(argv[1], people, &err)) {
        fprintf(stderr, "album: %s\n", err.text);
        return 1;
    }
    return puts(kr_json_text(mem, people)) < 0;
}
