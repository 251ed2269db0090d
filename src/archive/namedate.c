// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/namedate.h"

#include "base/clock.h"

enum { MOST = 255, FIRST_YEAR = 1826, LAST_YEAR = 2098 }; // 1826: the oldest photograph there is

// What programs write before a date, in small letters, and what its day is the day of.
struct start {
    const char *text;
    enum kr_namedate_kind kind;
    enum { WALL, UNIX_MS, UTC } clock;
};
static const struct start starts[] = {
    {"mmexport", KR_NAME_SAVED, UNIX_MS},
    {"fb_img_", KR_NAME_SAVED, UNIX_MS},
    {"wx_camera_", KR_NAME_CAPTURED, UNIX_MS},
    {"pxl_", KR_NAME_CAPTURED, UTC},
    {"whatsapp ", KR_NAME_SENT, WALL},
    {"photo-", KR_NAME_SENT, WALL},
    {"video-", KR_NAME_SENT, WALL},
    {"photo_", KR_NAME_SENT, WALL},
    {"video_", KR_NAME_SENT, WALL},
    {"signal-", KR_NAME_SENT, WALL},
    {"微信图片", KR_NAME_SENT, WALL},
    {"微信视频", KR_NAME_SENT, WALL},
    {"wechat", KR_NAME_SENT, WALL},
    {"qq图片", KR_NAME_SENT, WALL},
    {"qq视频", KR_NAME_SENT, WALL},
    {"screenshot", KR_NAME_SCREEN, WALL},
    {"screen shot", KR_NAME_SCREEN, WALL},
    {"screenrecord", KR_NAME_SCREEN, WALL},
    {"screen_", KR_NAME_SCREEN, WALL},
    {"屏幕", KR_NAME_SCREEN, WALL},
    {"截屏", KR_NAME_SCREEN, WALL},
    {"截图", KR_NAME_SCREEN, WALL},
    {"录屏", KR_NAME_SCREEN, WALL},
    {"scan", KR_NAME_SCANNED, WALL},
    {"camscanner", KR_NAME_SCANNED, WALL},
    {"扫描", KR_NAME_SCANNED, WALL},
    {"mtxx", KR_NAME_SAVED, WALL},
    {"collage", KR_NAME_SAVED, WALL},
    {"retouch", KR_NAME_SAVED, WALL},
};

// Names of counters: what follows them is a number, not a year.
static const char *const counters[] = {
    "img", "dsc",  "dscn",  "dscf",  "dscs",  "image", "photo", "picture", "pict",
    "pic", "mvi",  "mov",   "vid",   "movie", "video", "cimg",  "imag",    "sam",
    "sdc", "hpim", "kif",   "gopr",  "gopro", "dji",   "scan",  "scn",     "page",
    "no",  "nr",   "nikon", "canon", "sony",  "file",  "frame", "track",   "rec",
    "wa",  "p",    "照片",  "图片",  "相片",  "扫描",  "图像",  "视频",    "录音"};

struct name {
    char text[MOST + 1]; // small letters, without its ending
    size_t n;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_han(char c) // or any other letter beyond ASCII
{
    return (unsigned char)c >= 0x80;
}

// Copies the name without its ending. False when there is nothing to read.
static bool read_name(struct kr_str from, bool has_ending, struct name *out)
{
    size_t n = from.n;
    if (has_ending) {
        size_t dot = n;
        while (dot > 1 && from.at[dot - 1] != '.' && n - dot < 6)
            dot--;
        if (dot > 1 && from.at[dot - 1] == '.' && dot < n)
            n = dot - 1;
    }
    if (!n || n > MOST || memchr(from.at, 0, n))
        return false;
    for (size_t i = 0; i < n; i++) {
        char c = from.at[i];
        out->text[i] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
    }
    out->text[n] = 0;
    out->n = n;
    return true;
}

static int take(const char *at, int digits)
{
    int value = 0;
    for (int i = 0; i < digits; i++) {
        if (!is_digit(at[i]))
            return -1;
        value = value * 10 + (at[i] - '0');
    }
    return value;
}

static size_t digits_at(const char *at)
{
    size_t n = 0;
    while (is_digit(at[n]))
        n++;
    return n;
}

struct moment {
    int year, month, day;
    int second; // of the day, -1 where not told
};

static bool day_is_real(int year, int month, int day)
{
    int y, m, d;
    if (year < FIRST_YEAR || year > LAST_YEAR || month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    kr_day_of(kr_days_of(year, month, day), &y, &m, &d);
    return m == month && d == day;
}

static int second_of(int h, int m, int s)
{
    return h < 0 || h > 23 || m < 0 || m > 59 || s < 0 || s > 59 ? -1 : h * 3600 + m * 60 + s;
}

// hhmmss, hh-mm-ss or hh.mm.ss after a day; " at 12.34.56" too. -1 where there is none.
static int time_after(const char *at)
{
    if (strncmp(at, " at ", 4) == 0)
        at += 4;
    else if (*at == '_' || *at == '-' || *at == ' ' || *at == 't')
        at++;
    size_t n = digits_at(at);
    if (n == 6 || n == 9) // with milliseconds
        return second_of(take(at, 2), take(at + 2, 2), take(at + 4, 2));
    if (n == 2 && at[2] && strchr("-._:", at[2]) && at[5] == at[2])
        return second_of(take(at, 2), take(at + 3, 2), take(at + 6, 2));
    return -1;
}

// A day at this place: 20190321, 20190321110422 or 2019-03-21, with its time if told.
static bool day_here(const char *at, struct moment *out)
{
    size_t n = digits_at(at);
    char sign = n == 4 ? at[4] : 0;
    if (n == 8 || n == 14 || n == 17) {
        *out = (struct moment){take(at, 4), take(at + 4, 2), take(at + 6, 2), -1};
        out->second = n == 8 ? time_after(at + 8)
                             : second_of(take(at + 8, 2), take(at + 10, 2), take(at + 12, 2));
        return (n == 8 || out->second >= 0) && day_is_real(out->year, out->month, out->day);
    }
    if ((sign != '-' && sign != '_' && sign != '.') || digits_at(at + 5) != 2 || at[7] != sign ||
        digits_at(at + 8) != 2)
        return false;
    *out = (struct moment){take(at, 4), take(at + 5, 2), take(at + 8, 2), time_after(at + 10)};
    return day_is_real(out->year, out->month, out->day);
}

static bool find_day(const struct name *name, struct moment *out)
{
    for (size_t i = 0; i < name->n; i++)
        if (is_digit(name->text[i]) && (!i || !is_digit(name->text[i - 1])) &&
            day_here(name->text + i, out))
            return true;
    return false;
}

static const char *source_of(enum kr_namedate_kind kind)
{
    return kind == KR_NAME_SENT      ? "filename-sent"
           : kind == KR_NAME_SAVED   ? "filename-saved"
           : kind == KR_NAME_SCANNED ? "filename-scan"
                                     : "filename";
}

static double certain_of(enum kr_namedate_kind kind, bool has_time)
{
    static const double certain[] = {
        [KR_NAME_CAPTURED] = 0.6, [KR_NAME_SCREEN] = 0.7, [KR_NAME_SENT] = 0.3,
        [KR_NAME_WRITTEN] = 0.6,  [KR_NAME_SAVED] = 0.1,  [KR_NAME_SCANNED] = 0.1};
    return certain[kind] + (has_time && kind == KR_NAME_CAPTURED ? 0.1 : 0);
}

// Puts the claim together; false where EDTF would not have it.
static bool state(enum kr_namedate_kind kind, const struct moment *moment, const char *offset,
                  struct kr_namedate *out)
{
    char text[48];
    int s = moment->second;
    *out = (struct kr_namedate){.kind = kind, .has_wall = s >= 0};
    kr_format(text, sizeof text, "%04d-%02d-%02d", moment->year, moment->month, moment->day);
    if (s >= 0)
        kr_format(text + 10, sizeof text - 10, "T%02d:%02d:%02d%s", s / 3600, s / 60 % 60, s % 60,
                  offset);
    if (!kr_edtf_parse(text, &out->date, NULL))
        return false;
    out->wall_ms = s >= 0 ? (out->date.from * 86400 + s) * 1000 : 0;
    out->certain = certain_of(kind, s >= 0);
    out->saved = kind == KR_NAME_SAVED;
    out->scan = kind == KR_NAME_SCANNED;
    out->source = source_of(kind);
    return true;
}

// A moment of the whole world, told on the wall clock of a zone.
static bool state_utc(enum kr_namedate_kind kind, int64_t utc_s, int zone_min,
                      struct kr_namedate *out)
{
    char offset[16];
    int64_t wall = utc_s + (int64_t)zone_min * 60;
    int64_t days = wall >= 0 ? wall / 86400 : -1 - (-1 - wall) / 86400;
    struct moment moment = {.second = (int)(wall - days * 86400)};
    kr_day_of(days, &moment.year, &moment.month, &moment.day);
    if (!day_is_real(moment.year, moment.month, moment.day))
        return false;
    kr_format(offset, sizeof offset, "%c%02d:%02d", zone_min < 0 ? '-' : '+', abs(zone_min) / 60,
              abs(zone_min) % 60);
    return state(kind, &moment, offset, out);
}

// mmexport1553137462000, also with a later counter: mmexport1553137462000_2.
static bool unix_ms(const struct name *name, const struct start *start, int zone_min,
                    struct kr_namedate *out)
{
    const char *at = name->text + strlen(start->text);
    if (digits_at(at) < 13)
        return false;
    int64_t seconds = (int64_t)take(at, 5) * 100000 + take(at + 5, 5); // the first ten digits
    return seconds >= INT64_C(946684800) && state_utc(start->kind, seconds, zone_min, out);
}

static const struct start *start_of(const struct name *name)
{
    for (size_t i = 0; i < KR_COUNT(starts); i++) {
        size_t n = strlen(starts[i].text);
        if (strncmp(name->text, starts[i].text, n) == 0 &&
            !(strcmp(starts[i].text, "scan") == 0 && is_letter(name->text[n])))
            return &starts[i];
    }
    return NULL;
}

// WhatsApp counts what it sends: IMG-20191006-WA0002.
static bool is_whatsapp(const struct name *name)
{
    const char *wa = strstr(name->text, "-wa");
    return wa && digits_at(wa + 3) >= 4;
}

// A day alone is a camera's when nothing but the camera's own letters stand before it.
static bool is_camera_start(const struct name *name)
{
    static const char *const cameras[] = {"img", "vid",  "pano", "mvimg",  "burst", "wp_", "jpeg",
                                          "dji", "b612", "c360", "beauty", "dsc",   "aud", "rec"};
    for (size_t i = 0; i < KR_COUNT(cameras); i++)
        if (strncmp(name->text, cameras[i], strlen(cameras[i])) == 0)
            return true;
    return false;
}

// "12_mmexport1553137462000": a number in front, from whoever gathered the files.
static void skip_counter(struct name *name)
{
    size_t n = digits_at(name->text);
    if (!n || n > 6 || name->text[n] != '_' || !name->text[n + 1] || is_digit(name->text[n + 1]))
        return;
    name->n -= n + 1;
    memmove(name->text, name->text + n + 1, name->n + 1);
}

static bool by_program(const struct name *whole, int zone_min, struct kr_namedate *out)
{
    struct name behind = *whole;
    const struct name *name = &behind;
    skip_counter(&behind);
    const struct start *start = start_of(name);
    struct moment moment;
    if (start && start->clock == UNIX_MS)
        return unix_ms(name, start, zone_min, out);
    if (!find_day(name, &moment))
        return false;
    if (start && start->clock == UTC && moment.second >= 0) {
        int64_t days = kr_days_of(moment.year, moment.month, moment.day);
        return state_utc(start->kind, days * 86400 + moment.second, zone_min, out);
    }
    enum kr_namedate_kind kind = start                   ? start->kind
                                 : is_whatsapp(name)     ? KR_NAME_SENT
                                 : moment.second >= 0    ? KR_NAME_CAPTURED
                                 : is_camera_start(name) ? KR_NAME_CAPTURED
                                                         : KR_NAME_WRITTEN;
    return state(kind, &moment, "", out);
}

// The word before `at`, past the signs between them; its length.
static size_t word_before(const struct name *name, size_t at, const char **word)
{
    size_t end = at;
    while (end && strchr(" _-.,()[]", name->text[end - 1]))
        end--;
    size_t start = end;
    while (start && (is_letter(name->text[start - 1]) || is_han(name->text[start - 1])))
        start--;
    *word = name->text + start;
    return end - start;
}

static bool ends_with(const char *word, size_t n, const char *end)
{
    size_t m = strlen(end);
    if (n < m || memcmp(word + n - m, end, m) != 0)
        return false;
    return n == m || is_han(*end); // Han needs no blank before it
}

// Four digits may be a year only when a person's words stand beside them.
static bool may_be_year(const struct name *name, size_t at, bool alone_is_fine)
{
    const char *word;
    size_t n = word_before(name, at, &word);
    size_t after = at + 4;
    int year = take(name->text + at, 4);
    if (year < FIRST_YEAR || year > LAST_YEAR)
        return false;
    for (size_t i = 0; i < KR_COUNT(counters); i++)
        if (ends_with(word, n, counters[i]))
            return false;
    if (n && !is_han(word[n - 1]) && (n < 3 || word + n == name->text + at))
        return false; // "dh1985", "abc1985"
    if (!n && at)
        return false; // "100_1985"
    if (n || alone_is_fine)
        return true;
    while (name->text[after] && strchr(" _-.,()[]", name->text[after]))
        after++;
    return name->text[after] != 0; // "1985" alone is a number
}

// Whether these words name a year beyond doubt: in four digits, or as a decade or an era.
static bool names_a_year(const char *text)
{
    static const char *const eras[] = {"年代", "民国", "世纪", "0s", "century", "ies"};
    for (size_t i = 0; i < KR_COUNT(eras); i++)
        if (strstr(text, eras[i]))
            return true;
    for (const char *at = text; *at; at++)
        if (digits_at(at) == 4 || (digits_at(at) == 3 && at[3] == 'x') ||
            (digits_at(at) == 2 && at[2] == 'x' && at[3] == 'x'))
            return true;
    return strncmp(text, "一九", 6) == 0 || strncmp(text, "二〇", 6) == 0 ||
           strncmp(text, "二零", 6) == 0;
}

static bool plausible(const struct kr_edtf *date)
{
    return date->from >= kr_days_of(FIRST_YEAR, 1, 1) && date->to < kr_days_of(LAST_YEAR + 1, 1, 1);
}

// "1985-21" is a counter, "1985-06" a month.
static bool is_number_pair(const char *text)
{
    return digits_at(text) == 4 && text[4] == '-' && digits_at(text + 5) == 2 && !text[7] &&
           take(text + 5, 2) > 12;
}

// A boundary of words at `at`: between two letters or two digits there is none.
static bool is_boundary(const struct name *name, size_t at)
{
    if (at == 0 || at == name->n)
        return true;
    char a = name->text[at - 1], b = name->text[at];
    if (is_han(a) || is_han(b))
        return ((uint8_t)b & 0xC0) != 0x80; // never inside a character
    return !((is_letter(a) || is_digit(a)) && (is_letter(b) || is_digit(b)));
}

// The words from `start` to `end` heard as a date.
static bool hear(const struct name *name, size_t start, size_t end, bool folder,
                 struct kr_edtf *out)
{
    char words[64];
    size_t n = end - start;
    if (n < 3 || n >= sizeof words)
        return false;
    memcpy(words, name->text + start, n);
    words[n] = 0;
    for (char *c = words; *c; c++)
        *c = *c == '_' ? ' ' : *c;
    if (digits_at(words) == n)
        return n == 4 && may_be_year(name, start, folder) && kr_edtf_parse(words, out, NULL);
    if (!names_a_year(words) || is_number_pair(words))
        return false;
    if (digits_at(words) == 4 && !is_han(words[4]) && words[4] != 'x' && words[4] != 's' &&
        !may_be_year(name, start, true))
        return false;
    return kr_edtf_from_phrase(words, out, NULL) && plausible(out);
}

// What a person wrote: the longest words that are a date, from the left.
static bool by_person(const struct name *name, bool folder, struct kr_namedate *out)
{
    enum { REACH = 48 }; // bytes of one date in words
    for (size_t start = 0; start < name->n; start++) {
        if (!is_boundary(name, start) || strchr(" _-.,", name->text[start]))
            continue;
        size_t most = start + REACH < name->n ? start + REACH : name->n;
        for (size_t end = most; end > start; end--) {
            struct kr_edtf date;
            if (!is_boundary(name, end) || !hear(name, start, end, folder, &date))
                continue;
            *out = (struct kr_namedate){.date = date,
                                        .kind = KR_NAME_WRITTEN,
                                        .certain = certain_of(KR_NAME_WRITTEN, false),
                                        .source = "filename"};
            return true;
        }
    }
    return false;
}

bool kr_namedate_of_file(struct kr_str name, int zone_min, struct kr_namedate *out)
{
    struct name read = {0};
    struct kr_namedate said;
    if (!read_name(name, true, &read))
        return false;
    if (!by_program(&read, zone_min, &said) && !by_person(&read, false, &said))
        return false;
    *out = said;
    return true;
}

bool kr_namedate_of_folder(struct kr_str name, struct kr_namedate *out)
{
    struct name read = {0};
    struct kr_namedate said;
    struct moment moment;
    if (!read_name(name, false, &read) || start_of(&read))
        return false;
    if (find_day(&read, &moment)) {
        moment.second = -1;
        if (!state(KR_NAME_WRITTEN, &moment, "", &said))
            return false;
    } else if (!by_person(&read, true, &said)) {
        return false;
    }
    said.source = "folder";
    said.certain = 0.4;
    *out = said;
    return true;
}
