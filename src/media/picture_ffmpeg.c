// SPDX-License-Identifier: AGPL-3.0-or-later
// Still pictures that libvips does not read from strangers: one packet, one frame.
#include "media/map_priv.h"
#include "media/picture_priv.h"

#include <libavcodec/avcodec.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>

struct av_rows {
    struct kr_rows rows; // first: the struct others see
    AVFrame *frame;      // as decoded
    struct SwsContext *scale;
    AVFrame *plain; // the whole picture as RGB(A)
    bool alpha;
    int y;
};

static enum AVCodecID codec_of(enum kr_kind kind, struct kr_str head)
{
    switch (kind) {
    case KR_KIND_BMP:
        return AV_CODEC_ID_BMP;
    case KR_KIND_JP2:
        return AV_CODEC_ID_JPEG2000;
    case KR_KIND_PSD:
        return AV_CODEC_ID_PSD;
    case KR_KIND_JXL:
        return AV_CODEC_ID_JPEGXL;
    case KR_KIND_SGI:
        return AV_CODEC_ID_SGI;
    case KR_KIND_QOI:
        return AV_CODEC_ID_QOI;
    case KR_KIND_TARGA:
        return AV_CODEC_ID_TARGA;
    case KR_KIND_TIFF:
        return AV_CODEC_ID_TIFF;
    default:
        break;
    }
    switch (head.n > 1 ? head.at[1] : 0) {
    case '1':
    case '4':
        return AV_CODEC_ID_PBM;
    case '2':
    case '5':
        return AV_CODEC_ID_PGM;
    case '7':
        return AV_CODEC_ID_PAM;
    case 'f':
    case 'F':
        return AV_CODEC_ID_PFM;
    default:
        return AV_CODEC_ID_PPM;
    }
}

static bool decode(AVCodecContext *codec, struct kr_str bytes, AVFrame *frame, struct kr_err *err)
{
    AVPacket *packet = av_packet_alloc();
    int code = packet ? av_new_packet(packet, (int)bytes.n) : AVERROR(ENOMEM);
    if (code >= 0) {
        memcpy(packet->data, bytes.at, bytes.n);
        packet->flags |= AV_PKT_FLAG_KEY;
        code = avcodec_send_packet(codec, packet);
    }
    if (code >= 0)
        code = avcodec_send_packet(codec, NULL);
    if (code >= 0)
        code = avcodec_receive_frame(codec, frame);
    av_packet_free(&packet);
    return code >= 0 ? true : kr_fail_av(err, code, "decode a picture");
}

static void drop_codec(AVCodecContext **codec)
{
    avcodec_free_context(codec);
}

static bool decode_all(const struct kr_open_picture *open, struct kr_str bytes, AVFrame *frame,
                       struct kr_err *err)
{
    // OpenJPEG reads what FFmpeg's own decoder of JPEG 2000 refuses.
    const AVCodec *decoder =
        open->sniffed.kind == KR_KIND_JP2 ? avcodec_find_decoder_by_name("libopenjpeg") : NULL;
    if (!decoder)
        decoder = avcodec_find_decoder(codec_of(open->sniffed.kind, bytes));
    KR_AUTO(drop_codec) AVCodecContext *codec = decoder ? avcodec_alloc_context3(decoder) : NULL;
    if (!codec)
        return kr_fail(err, KR_E_UNSUPPORTED, "no decoder for %s", open->sniffed.mime);
    codec->max_pixels = open->most_pixels;
    codec->thread_count = 1;
    int code = avcodec_open2(codec, decoder, NULL);
    if (code < 0)
        return kr_fail_av(err, code, "open a decoder");
    if (!decode(codec, bytes, frame, err)) {
        if ((int64_t)codec->width * codec->height > open->most_pixels)
            return kr_fail(err, KR_E_TOO_BIG, "a picture of %d x %d", codec->width, codec->height);
        return false;
    }
    return true;
}

// The whole picture as RGB or RGBA, 8 or 16 bit.
static bool make_plain(struct av_rows *self, struct kr_err *err)
{
    const AVPixFmtDescriptor *is = av_pix_fmt_desc_get(self->frame->format);
    if (!is || self->frame->width < 1 || self->frame->height < 1)
        return kr_fail(err, KR_E_DAMAGED, "a picture without pixels");
    self->rows.wide = is->comp[0].depth > 8;
    self->alpha = (is->flags & AV_PIX_FMT_FLAG_ALPHA) != 0;
    AVFrame *plain = self->plain;
    plain->width = self->frame->width;
    plain->height = self->frame->height;
    plain->format = self->rows.wide ? (self->alpha ? AV_PIX_FMT_RGBA64 : AV_PIX_FMT_RGB48)
                                    : (self->alpha ? AV_PIX_FMT_RGBA : AV_PIX_FMT_RGB24);
    int code = av_frame_get_buffer(plain, 0);
    if (code < 0)
        return kr_fail_av(err, code, "make room for a picture");
    self->scale = sws_getContext(
        plain->width, plain->height, self->frame->format, plain->width, plain->height,
        plain->format, SWS_BICUBIC | SWS_FULL_CHR_H_INT | SWS_ACCURATE_RND, NULL, NULL, NULL);
    if (!self->scale)
        return kr_fail(err, KR_E_UNSUPPORTED, "no way from '%s' to RGB", is->name);
    if (!(is->flags & AV_PIX_FMT_FLAG_RGB)) {
        // Stills are full range with the BT.601 matrix (JFIF) unless they say otherwise.
        int full = self->frame->color_range != AVCOL_RANGE_MPEG;
        sws_setColorspaceDetails(self->scale, sws_getCoefficients(SWS_CS_ITU601), full,
                                 sws_getCoefficients(SWS_CS_DEFAULT), 1, 0, 1 << 16, 1 << 16);
    }
    sws_scale(self->scale, (const uint8_t *const *)self->frame->data, self->frame->linesize, 0,
              plain->height, plain->data, plain->linesize);
    av_frame_unref(self->frame);
    return true;
}

#define FLATTEN(type, most)                                                                        \
    do {                                                                                           \
        const type *in = from;                                                                     \
        type *out = row;                                                                           \
        for (int x = 0; x < rows->width; x++, in += 4)                                             \
            for (int c = 0; c < 3; c++)                                                            \
                *out++ = (type)((in[c] * (unsigned)in[3] + (most) * ((most)-in[3]) + (most) / 2) / \
                                (most));                                                           \
    } while (0)

static bool next_av(struct kr_rows *rows, void *row, struct kr_err *err)
{
    struct av_rows *self = (struct av_rows *)rows;
    (void)err;
    const void *from = self->plain->data[0] + (ptrdiff_t)self->y * self->plain->linesize[0];
    if (!self->alpha)
        memcpy(row, from, (size_t)rows->width * (rows->wide ? 6 : 3));
    else if (rows->wide)
        FLATTEN(uint16_t, 65535U);
    else
        FLATTEN(uint8_t, 255U);
    self->y++;
    return true;
}

static void close_av(struct kr_rows *rows)
{
    struct av_rows *self = (struct av_rows *)rows;
    av_frame_free(&self->frame);
    av_frame_free(&self->plain);
    sws_freeContext(self->scale);
    kr_free(&self);
}

static bool start(struct av_rows *self, const struct kr_open_picture *open, struct kr_err *err)
{
    struct kr_map map = {0};
    struct kr_str bytes = open->bytes;
    if (open->fd >= 0 && !kr_map_open(open->fd, &map, err))
        return false;
    if (open->fd >= 0)
        bytes = map.bytes;
    bool ok = self->frame && self->plain && decode_all(open, bytes, self->frame, err);
    kr_map_close(&map);
    if (!ok)
        return false;
    if (self->frame->flags & AV_FRAME_FLAG_CORRUPT || self->frame->decode_error_flags) {
        self->rows.damaged = true;
        kr_format(self->rows.why, sizeof self->rows.why, "decode: parts are missing");
    }
    self->rows.full_width = self->rows.width = self->frame->width;
    self->rows.full_height = self->rows.height = self->frame->height;
    self->rows.orientation = 1;
    self->rows.model = KR_MODEL_RGB;
    return make_plain(self, err);
}

bool kr_rows_ffmpeg(const struct kr_open_picture *open, struct kr_rows **out, struct kr_err *err)
{
    struct av_rows *self = kr_new(struct av_rows);
    self->rows.next = next_av;
    self->rows.close = close_av;
    self->frame = av_frame_alloc();
    self->plain = av_frame_alloc();
    if (!start(self, open, err)) {
        close_av(&self->rows);
        return false;
    }
    *out = &self->rows;
    return true;
}
