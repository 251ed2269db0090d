// SPDX-License-Identifier: AGPL-3.0-or-later
// line.h: a stream that three work on at once: one reads and decodes, the caller works,
// one puts away what the caller is done with (encodes it, judges it).
//
// Frames and samples keep their order. Little lies between the three, so memory does not
// grow with the length of the stream.
#pragma once
#include "media/reader.h"

// What becomes of a piece at the end; exactly one of the two is set, it stays the line's.
typedef bool kr_put_away(void *context, const struct kr_frame *frame,
                         const struct kr_samples *samples, struct kr_err *err);

struct kr_line;
// Until the line is closed the reader is its own, and so is `context`.
KR_CHECK bool kr_line_open(struct kr_reader *reader, kr_put_away *put, void *context,
                           struct kr_line **out, struct kr_err *err);
void kr_line_close(struct kr_line **line); // whatever is still on the way is dropped

// As kr_reader_next().
KR_CHECK bool kr_line_next(struct kr_line *line, struct kr_frame **frame,
                           struct kr_samples **samples, struct kr_err *err);
// Hands one of the two over and sets it to NULL. Fails as putting away failed.
KR_CHECK bool kr_line_put(struct kr_line *line, struct kr_frame **frame,
                          struct kr_samples **samples, struct kr_err *err);
// After the last: waits until all is put away.
KR_CHECK bool kr_line_end(struct kr_line *line, struct kr_err *err);
