// SPDX-License-Identifier: AGPL-3.0-or-later
// settings.h: every setting is one row of one table.
//
// The value that counts is the first of: the environment (KINREEL_ and the key
// in capitals), the archive (`kinreel settings KEY=VALUE`), the default. The
// table is the only list: help, `kinreel settings` and the checks follow it.

#pragma once
#include "base/text.h"

enum kr_setting_type {
    KR_SETTING_INT,
    KR_SETTING_TEXT,
    KR_SETTING_BOOL,
    KR_SETTING_PATH, // a folder from the root, as kr_path_escape() writes it, or ""
};

struct kr_setting {
    const char *key; // "trash.days"
    enum kr_setting_type type;
    int64_t least, most;   // of an int
    const char *fallback;  // the default, as text
    const char *words_key; // what it does, in words/
    bool needs_restart;
    bool near; // changed through a browser only at the house's own machine
};

extern const struct kr_setting kr_settings[]; // sorted by key
extern const size_t kr_settings_count;

const struct kr_setting *kr_setting_of(const char *key); // NULL when there is none

// Whether `value` may stand for this setting.
KR_CHECK bool kr_setting_accepts(const struct kr_setting *setting, const char *value,
                                 struct kr_err *err);

enum kr_setting_from { KR_FROM_DEFAULT, KR_FROM_ARCHIVE, KR_FROM_ENVIRONMENT };

// The value that counts; `in_archive` is what the archive says, or NULL.
const char *kr_setting_value(struct kr_arena *mem, const struct kr_setting *setting,
                             const char *in_archive, enum kr_setting_from *from);
