// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/exif_priv.h"

static GExiv2Metadata *read_buffer(const void *bytes, size_t n)
{
    GExiv2Metadata *metadata = gexiv2_metadata_new();
    GError *why = NULL;
    if (n == 0 || n > INT32_MAX || !gexiv2_metadata_open_buf(metadata, bytes, (glong)n, &why)) {
        g_clear_error(&why);
        g_clear_object(&metadata);
    }
    return metadata;
}

GExiv2Metadata *kr_exif_of_file(struct kr_str bytes)
{
    return read_buffer(bytes.at, bytes.n);
}

GExiv2Metadata *kr_exif_of_blob(struct kr_str blob)
{
    size_t skip = blob.n > 6 && memcmp(blob.at, "Exif\0\0", 6) == 0 ? 6 : 0;
    if (blob.n < skip + 8 ||
        (memcmp(blob.at + skip, "II", 2) != 0 && memcmp(blob.at + skip, "MM", 2) != 0))
        return NULL;
    return read_buffer(blob.at + skip, blob.n - skip); // an EXIF block is a small TIFF
}

GExiv2Metadata *kr_exif_of_xmp(struct kr_str packet)
{
    // Past a byte order mark and blanks: exiv2 knows a packet by its first bytes.
    while (packet.n && (memchr(" \t\r\n\0", packet.at[0], 5) || (unsigned char)packet.at[0] > 0x7F))
        packet = (struct kr_str){packet.at + 1, packet.n - 1};
    GExiv2Metadata *metadata = read_buffer(packet.at, packet.n);
    if (metadata) {
        // exiv2 makes EXIF and IPTC of it, and "May 1962" becomes the last of April.
        gexiv2_metadata_clear_exif(metadata);
        gexiv2_metadata_clear_iptc(metadata);
    }
    return metadata;
}

void kr_exif_close(GExiv2Metadata **metadata)
{
    g_clear_object(metadata);
}

int kr_exif_orientation(GExiv2Metadata *metadata)
{
    static const char *const tags[] = {"Exif.Image.Orientation", "Xmp.tiff.Orientation"};
    for (size_t i = 0; i < KR_COUNT(tags); i++) {
        char *text = kr_exif_text(metadata, tags[i]);
        int64_t is = 0;
        bool known = text && kr_parse_int(text, 1, 8, &is);
        g_free(text);
        if (known)
            return (int)is;
    }
    return 1;
}

char *kr_exif_text(GExiv2Metadata *metadata, const char *tag)
{
    GError *why = NULL;
    char *text = gexiv2_metadata_try_has_tag(metadata, tag, &why)
                     ? gexiv2_metadata_try_get_tag_string(metadata, tag, &why)
                     : NULL;
    g_clear_error(&why);
    return text;
}
