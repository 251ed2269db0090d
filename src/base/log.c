// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/log.h"

#include "base/clock.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const names[] = {"debug", "info", "warn", "error"};
static enum kr_level threshold = KR_WARN; // constant after start

void kr_log_start(enum kr_level least)
{
    threshold = least;
    const char *wish = getenv("KINREEL_LOG");
    for (size_t i = 0; wish && i < sizeof names / sizeof *names; i++)
        if (strcmp(wish, names[i]) == 0)
            threshold = (enum kr_level)i;
}

// Blanks and line ends inside a value would make it look like more fields.
static int put_field(char *line, size_t room, const struct kr_field *field)
{
    if (field->type == KR_FIELD_INT)
        return snprintf(line, room, " %s=%jd", field->name, (intmax_t)field->number);
    int n = snprintf(line, room, " %s=%s", field->name, field->text ? field->text : "-");
    for (char *c = line + strlen(field->name) + 2; c < line + room && *c; c++)
        if ((unsigned char)*c <= ' ')
            *c = '_';
    return n;
}

void kr_log_fields(enum kr_level level, const char *event, const struct kr_field *fields, size_t n)
{
    if (level < threshold)
        return;
    char line[1024], now[KR_TIME_TEXT];
    kr_time_text(kr_now_ms(), now);
    size_t room = sizeof line - 1;
    size_t used = (size_t)snprintf(line, room, "%s %s %s", now, names[level], event);
    for (size_t i = 0; i < n && used < room; i++)
        used += (size_t)put_field(line + used, room - used, &fields[i]);
    used = used < room ? used : room - 1;
    line[used++] = '\n';
    if (write(STDERR_FILENO, line, used) < 0)
        return; // nobody to tell
}
