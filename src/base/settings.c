// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/settings.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define INT(key, least, most, fallback, restart)                                                   \
    {                                                                                              \
        key, KR_SETTING_INT, least, most, fallback, "setting." key, restart, false                 \
    }
#define TEXT(key, fallback, restart, near)                                                         \
    {                                                                                              \
        key, KR_SETTING_TEXT, 0, 0, fallback, "setting." key, restart, near                        \
    }
#define PATH(key)                                                                                  \
    {                                                                                              \
        key, KR_SETTING_PATH, 0, 0, "", "setting." key, false, true                                \
    }

const struct kr_setting kr_settings[] = {
    INT("add.free_mib", 1, 1048576, "64", false),
    INT("add.most_mib", 1, 16777216, "1048576", false),
    INT("backup.every_days", 0, 365, "7", false),
    PATH("backup.place"),
    INT("consent.own_say_age", 0, 21, "14", false),
    INT("jobs.lease_s", 5, 3600, "30", true),
    INT("jobs.tries", 1, 10, "3", false),
    TEXT("language", "", false, false),
    TEXT("listen", "127.0.0.1:8420", true, true),
    INT("near.bits", 0, 16, "5", false),
    INT("record.silence_s", 1, 86400, "600", true),
    INT("trash.days", 1, 3650, "30", false),
};
const size_t kr_settings_count = KR_COUNT(kr_settings);

static int by_key(const void *key, const void *row)
{
    return strcmp(key, ((const struct kr_setting *)row)->key);
}

const struct kr_setting *kr_setting_of(const char *key)
{
    return bsearch(key, kr_settings, kr_settings_count, sizeof *kr_settings, by_key);
}

bool kr_setting_accepts(const struct kr_setting *setting, const char *value, struct kr_err *err)
{
    int64_t number;
    switch (setting->type) {
    case KR_SETTING_INT:
        return kr_parse_int(value, setting->least, setting->most, &number) ||
               kr_fail(err, KR_E_INVALID, "%s takes a whole number from %jd to %jd", setting->key,
                       (intmax_t)setting->least, (intmax_t)setting->most);
    case KR_SETTING_BOOL:
        return strcmp(value, "yes") == 0 || strcmp(value, "no") == 0 ||
               kr_fail(err, KR_E_INVALID, "%s takes yes or no", setting->key);
    case KR_SETTING_PATH:
        return ((!*value || *value == '/') && kr_is_utf8(kr_str_of(value))) ||
               kr_fail(err, KR_E_INVALID, "%s takes a folder's path from the root", setting->key);
    case KR_SETTING_TEXT:
        return kr_is_utf8(kr_str_of(value)) ||
               kr_fail(err, KR_E_INVALID, "%s takes text in UTF-8", setting->key);
    }
    return false;
}

// "trash.days" is KINREEL_TRASH_DAYS in the environment.
static const char *of_environment(struct kr_arena *mem, const char *key)
{
    char *name = kr_arena_format(mem, "KINREEL_%s", key);
    for (char *c = name; *c; c++)
        *c = *c == '.' ? '_' : (char)toupper((unsigned char)*c);
    return getenv(name);
}

const char *kr_setting_value(struct kr_arena *mem, const struct kr_setting *setting,
                             const char *in_archive, enum kr_setting_from *from)
{
    const char *value = of_environment(mem, setting->key);
    *from = KR_FROM_ENVIRONMENT;
    if (value && kr_setting_accepts(setting, value, NULL))
        return value;
    *from = KR_FROM_ARCHIVE;
    if (in_archive && kr_setting_accepts(setting, in_archive, NULL))
        return in_archive;
    *from = KR_FROM_DEFAULT;
    return setting->fallback;
}
