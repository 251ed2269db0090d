// SPDX-License-Identifier: AGPL-3.0-or-later
// log.h: one line for each event, on standard error, for whoever runs the house.
//
// Never a person in the log: ids and sizes, no names, captions, file names or
// addresses. Only edges (a command, a route, a job) log; library folders return
// errors. Lines look like `2026-11-22T10:00:00.123Z info keep.blob bytes=12`.
// The level is set once at start (KINREEL_LOG=debug|info|warn|error, default
// warn for commands). Threads: any may log; a line is one write.

#pragma once
#include <stddef.h>
#include <stdint.h>

enum kr_level { KR_DEBUG, KR_INFO, KR_WARN, KR_ERROR };

struct kr_field {
    const char *name;
    enum { KR_FIELD_INT, KR_FIELD_TEXT } type;
    int64_t number;
    const char *text;
};
#define KR_I(name, value) ((struct kr_field){(name), KR_FIELD_INT, (int64_t)(value), NULL})
#define KR_T(name, value) ((struct kr_field){(name), KR_FIELD_TEXT, 0, (value)})

void kr_log_start(enum kr_level least); // KINREEL_LOG overrides `least`
#define kr_log(level, event, ...)                                                                  \
    kr_log_fields((level), (event), (const struct kr_field[]){__VA_ARGS__},                        \
                  sizeof((const struct kr_field[]){__VA_ARGS__}) / sizeof(struct kr_field))
void kr_log_fields(enum kr_level level, const char *event, const struct kr_field *fields, size_t n);
