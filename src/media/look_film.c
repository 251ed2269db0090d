// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/demux_priv.h"
#include "media/look_priv.h"
#include "media/reader.h"

#include <math.h>

static const struct {
    const char *name, *video, *audio;
} mimes[] = {
    {"aac", "", "audio/aac"},
    {"aiff", "", "audio/aiff"},
    {"amr", "", "audio/amr"},
    {"ape", "", "audio/x-ape"},
    {"asf", "video/x-ms-asf", "audio/x-ms-wma"},
    {"avi", "video/x-msvideo", "audio/x-msvideo"},
    {"dv", "video/x-dv", "audio/x-dv"},
    {"flac", "", "audio/flac"},
    {"flv", "video/x-flv", "audio/x-flv"},
    {"matroska,webm", "video/x-matroska", "audio/x-matroska"},
    {"mp3", "", "audio/mpeg"},
    {"mpeg", "video/mpeg", "audio/mpeg"},
    {"mpegts", "video/mp2t", "audio/mp2t"},
    {"mpegvideo", "video/mpeg", ""},
    {"ogg", "video/ogg", "audio/ogg"},
    {"rm", "application/vnd.rn-realmedia", "audio/x-pn-realaudio"},
    {"w64", "", "audio/x-w64"},
    {"wav", "", "audio/wav"},
};

// QuickTime and its children tell by their brand which of them they are.
static const char *mime_of_brand(const AVFormatContext *format, bool video)
{
    const AVDictionaryEntry *brand = av_dict_get(format->metadata, "major_brand", NULL, 0);
    if (!video)
        return "audio/mp4";
    if (!brand || strncmp(brand->value, "qt", 2) == 0)
        return "video/quicktime";
    return strncmp(brand->value, "3g", 2) == 0 ? "video/3gpp" : "video/mp4";
}

static const char *mime_of(const struct kr_looking *looking, const struct kr_demux *demux)
{
    const char *name = demux->format->iformat->name;
    bool video = demux->video >= 0;
    if (kr_starts_with(name, "mov"))
        return mime_of_brand(demux->format, video);
    // What is WebM and what is Matroska the first bytes do not tell apart.
    if (kr_starts_with(name, "matroska") && kr_ends_with(looking->mime, "/webm"))
        return video ? "video/webm" : "audio/webm";
    for (size_t i = 0; i < KR_COUNT(mimes); i++)
        if (strcmp(mimes[i].name, name) == 0)
            return video ? mimes[i].video : mimes[i].audio;
    return video ? "video/x-unknown" : "audio/x-unknown";
}

static void describe_video(struct kr_looking *looking, const struct kr_demux *demux)
{
    static const int degrees[9] = {0, 0, 0, 180, 180, 90, 90, 270, 270};
    const AVStream *stream = demux->format->streams[demux->video];
    json_t *answer = looking->answer;
    double width, height, aspect;
    kr_stream_shown(demux, stream, &width, &height, &aspect);
    kr_json_set_int(answer, "width", lround(width));
    kr_json_set_int(answer, "height", lround(height));
    kr_json_set_int(answer, "rotation", degrees[kr_stream_turn(stream)]);
    kr_json_set_str(answer, "video_codec", avcodec_get_name(stream->codecpar->codec_id));
    AVRational rate = stream->avg_frame_rate;
    if (rate.num > 0 && rate.den > 0 && av_q2d(rate) < 1000)
        kr_json_set_real(answer, "fps", round(av_q2d(rate) * 1000) / 1000);
}

static void describe(struct kr_looking *looking, const struct kr_demux *demux)
{
    json_t *answer = looking->answer;
    bool video = demux->video >= 0;
    kr_json_set_str(answer, "kind", video ? "video" : "audio");
    kr_json_set_str(answer, "mime", mime_of(looking, demux));
    if (demux->duration_s > 0 && demux->duration_s < 1e7)
        kr_json_set_int(answer, "duration_ms", llround(demux->duration_s * 1000));
    if (demux->streamed)
        kr_json_set_bool(answer, "streamed", true);
    kr_json_set_bool(answer, "has_sound", demux->sound >= 0);
    if (demux->sound >= 0)
        kr_json_set_str(answer, "audio_codec",
                        avcodec_get_name(demux->format->streams[demux->sound]->codecpar->codec_id));
    if (video)
        describe_video(looking, demux);
}

// The cover picture of a sound.
static void show_cover(struct kr_looking *looking, const struct kr_demux *demux)
{
    const AVFormatContext *format = demux->format;
    for (unsigned i = 0; i < format->nb_streams; i++) {
        const AVPacket *packet = &format->streams[i]->attached_pic;
        if (!(format->streams[i]->disposition & AV_DISPOSITION_ATTACHED_PIC) || packet->size < 16)
            continue;
        struct kr_open_picture open = {.fd = -1,
                                       .bytes = {(const char *)packet->data, (size_t)packet->size},
                                       .fit = KR_THUMB_LARGE,
                                       .most_pixels = KR_LOOK_PIXELS_MOST};
        open.sniffed = kr_sniff(open.bytes, "");
        struct kr_rows *rows = NULL;
        struct kr_frame *frame = NULL;
        // A cover that cannot be read is no damage to the sound.
        if (open.sniffed.kind != KR_KIND_RAW && kr_rows_open(&open, &rows, NULL) &&
            kr_rows_frame(rows, KR_RGB8, KR_THUMB_LARGE, &frame, NULL) &&
            kr_look_show_take(looking, &frame, NULL)) {
            kr_rows_close(&rows);
            return;
        }
        kr_rows_close(&rows);
    }
}

// Whether anything can be heard at all.
static bool hear(struct kr_looking *looking, struct kr_err *err)
{
    struct kr_reader_params params = {.no_video = true};
    KR_AUTO(kr_reader_close) struct kr_reader *reader = NULL;
    struct kr_frame *none = NULL;
    struct kr_samples *some = NULL;
    bool ok = kr_reader_open(looking->fd, &params, &reader, err) &&
              kr_reader_next(reader, &none, &some, err);
    bool heard = ok && some;
    kr_samples_destroy(&some);
    return heard || !ok ? heard : kr_fail(err, KR_E_DAMAGED, "nothing inside can be decoded");
}

static void show_poster(struct kr_looking *looking, const struct kr_demux *demux)
{
    struct kr_err why = {0};
    struct kr_frame *frame = NULL;
    if (!kr_poster(looking->fd, demux->duration_s, KR_THUMB_LARGE, &frame, &why) ||
        !kr_look_show_take(looking, &frame, &why))
        kr_look_damaged(looking, why.text);
}

bool kr_look_film(struct kr_looking *looking, struct kr_err *err)
{
    KR_AUTO(kr_demux_close) struct kr_demux demux = {.video = -1, .sound = -1};
    struct kr_err why = {0};
    bool known = looking->sniffed.kind == KR_KIND_FILM;
    if (!kr_demux_open(looking->fd, &demux, &why)) {
        if (!known || why.code == KR_E_IO)
            return kr_fail(err, known ? why.code : KR_E_UNSUPPORTED, "%s", why.text);
        if (demux.format)
            kr_meta_film(&looking->meta, demux.format);
        kr_look_damaged(looking, why.text);
        return true;
    }
    describe(looking, &demux);
    kr_meta_film(&looking->meta, demux.format);
    if (demux.video >= 0) {
        show_poster(looking, &demux);
    } else {
        show_cover(looking, &demux);
        if (!hear(looking, &why))
            kr_look_damaged(looking, why.text);
    }
    // Bytes without any mark that also decode to nothing are no film.
    if (!known && kr_json_get(looking->answer, "damaged"))
        return kr_fail(err, KR_E_UNSUPPORTED, "neither picture, film nor sound");
    return true;
}
