// SPDX-License-Identifier: AGPL-3.0-or-later
// exif.h (inside media only): the door to gexiv2.
#pragma once
#include "base/text.h"
#include <gexiv2/gexiv2.h>

// Reads the metadata of a whole file in memory, or of an EXIF blob that begins
// with "Exif\0\0" or a TIFF head, or of an XMP packet. NULL when there is none.
// The bytes outlive the answer. The caller's to g_object_unref.
GExiv2Metadata *kr_exif_of_file(struct kr_str bytes);
GExiv2Metadata *kr_exif_of_blob(struct kr_str blob);
GExiv2Metadata *kr_exif_of_xmp(struct kr_str packet);
void kr_exif_close(GExiv2Metadata **metadata);

int kr_exif_orientation(GExiv2Metadata *metadata); // [1,8]
// The text of a tag, or NULL; the caller's to g_free.
char *kr_exif_text(GExiv2Metadata *metadata, const char *tag);
