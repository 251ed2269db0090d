// SPDX-License-Identifier: AGPL-3.0-or-later
#include "film/vtt.h"

static void add_time(struct kr_buf *out, int64_t ms)
{
    kr_buf_format(out, "%02d:%02d:%02d.%03d", (int)(ms / 3600000), (int)(ms / 60000 % 60),
                  (int)(ms / 1000 % 60), (int)(ms % 1000));
}

// '&' and '<' begin something in a cue, "-->" would begin another; an empty
// line would end it.
static void add_text(struct kr_buf *out, const char *text)
{
    bool line_is_empty = true;
    for (; *text; text++) {
        if (*text == '\n') {
            if (!line_is_empty)
                kr_buf_text(out, "\n");
            line_is_empty = true;
            continue;
        }
        line_is_empty = false;
        if (*text == '&')
            kr_buf_text(out, "&amp;");
        else if (*text == '<')
            kr_buf_text(out, "&lt;");
        else if (*text == '>')
            kr_buf_text(out, "&gt;");
        else
            kr_buf_add(out, text, 1);
    }
    if (!line_is_empty)
        kr_buf_text(out, "\n");
}

void kr_vtt_make(const struct kr_cues *cues, int fps, struct kr_buf *out)
{
    kr_buf_text(out, "WEBVTT\n");
    for (size_t i = 0; i < cues->count; i++) {
        const struct kr_cue *cue = &cues->cues[i];
        kr_buf_format(out, "\n%zu\n", i + 1);
        add_time(out, kr_ms_of_frame(cue->from, fps));
        kr_buf_text(out, " --> ");
        add_time(out, kr_ms_of_frame(cue->to, fps));
        kr_buf_text(out, "\n");
        add_text(out, cue->text);
        if (cue->small)
            add_text(out, cue->small);
    }
}
