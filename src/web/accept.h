// SPDX-License-Identifier: AGPL-3.0-or-later
// accept.h: what the asker can read: encodings, languages, versions it holds.
//
// RFC 9110 sections 12.4.2 (weights), 12.5.3, 12.5.4 and 13.1. Headers are what
// a stranger sent: anything odd counts as not said. NULL is a missing header.

#pragma once
#include "base/words.h"

enum kr_encoding { KR_PLAIN, KR_GZIP, KR_BROTLI };

// The best the asker takes of plain, gzip and br; on a tie the smaller file.
enum kr_encoding kr_accept_encoding(const char *header, bool has_gzip, bool has_brotli);

// The best of our languages; `otherwise` where none of them is wished for.
enum kr_lang kr_accept_language(const char *header, enum kr_lang otherwise);

// The value of a cookie, copied out; false where there is none or it is too long.
bool kr_cookie(const char *header, const char *name, char *out, size_t size);

// Whether a list of ETags (If-None-Match, If-Match) names this one, or is "*".
// `weak` compares as If-None-Match wants it, else W/"…" never matches.
bool kr_etag_listed(const char *header, const char *etag, bool weak);
