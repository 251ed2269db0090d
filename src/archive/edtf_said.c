// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/edtf_said_priv.h"

void kr_said_skip(struct kr_said *c)
{
    while (*c->at == ' ' || *c->at == '\t' || *c->at == '\n')
        c->at++;
}

static bool is_letter(char ch)
{
    return ch >= 'a' && ch <= 'z';
}

int kr_said_one(struct kr_said *c, const char *const *list, size_t n)
{
    struct kr_said start = *c;
    kr_said_skip(&start);
    for (size_t i = 0; i < n; i++) {
        size_t length = strlen(list[i]);
        if (strncmp(start.at, list[i], length) != 0)
            continue;
        if (is_letter(list[i][length - 1]) && is_letter(start.at[length]))
            continue;
        c->at = start.at + length;
        return (int)i;
    }
    return -1;
}
bool kr_said_any(struct kr_said *c, const char *const *list, size_t n)
{
    return kr_said_one(c, list, n) >= 0;
}

// One Chinese digit, ten or hundred: its value, or -1.
static int han_digit(const char *at)
{
    static const char *const signs[] = {"〇", "一", "二", "三", "四", "五", "六", "七",
                                        "八", "九", "十", "零", "○",  "元", "两"};
    static const int values[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 0, 1, 2};
    for (size_t i = 0; i < KR_COUNT(signs); i++)
        if (strncmp(at, signs[i], strlen(signs[i])) == 0)
            return values[i];
    return -1;
}

// 一九八五 by its digits, 八十 and 三十一 by their tens. All signs take three bytes.
static bool take_han_number(struct kr_said *c, int *value, int *count)
{
    int total = 0, last = -1, digit;
    bool tens = false;
    *count = 0;
    for (; *count < 5 && (digit = han_digit(c->at)) >= 0; c->at += 3, ++*count) {
        if (digit == 10) {
            total = (last < 0 ? 1 : total) * 10;
            tens = true;
        } else {
            total = tens ? total + digit : total * 10 + digit;
        }
        last = digit;
    }
    *value = total;
    return *count > 0;
}

bool kr_said_number(struct kr_said *c, int *value, int *count)
{
    struct kr_said start = *c;
    kr_said_skip(&start);
    *value = *count = 0;
    if (han_digit(start.at) >= 0) {
        if (!take_han_number(&start, value, count))
            return false;
    } else {
        for (; *start.at >= '0' && *start.at <= '9' && *count < 5; start.at++, ++*count)
            *value = *value * 10 + (*start.at - '0');
    }
    if (!*count || *count > 4)
        return false;
    c->at = start.at;
    return true;
}

static void set_year(struct kr_said_point *p, int year)
{
    kr_format(p->year, sizeof p->year, "%04u", (unsigned)year % 10000);
}

// 85 is 1985 and 03 is 2003: nobody's album is from the year 85.
static int full_year(int year, int count)
{
    if (count > 2)
        return year;
    return year <= 29 ? 2000 + year : 1900 + year;
}

static bool set_decade(struct kr_said_point *p, int year, int count)
{
    if (count <= 2)
        year = year <= 10 ? 2000 + year : 1900 + year;
    if (year % 10 || (count != 4 && count > 2))
        return false;
    set_year(p, year);
    p->year[3] = 'X';
    return true;
}

static bool set_century(struct kr_said_point *p, int number)
{
    if (number < 1 || number > 21)
        return false;
    set_year(p, (number - 1) * 100);
    p->year[2] = p->year[3] = 'X';
    return true;
}

static void take_part(struct kr_said *c, struct kr_said_point *p)
{
    if (TAKES(c, "初期", "初", "早期", "前期", "前半"))
        p->part = 1;
    else if (TAKES(c, "中期", "中叶", "中"))
        p->part = 2;
    else if (TAKES(c, "末期", "末", "后期", "晚期", "后半", "底"))
        p->part = 3;
}

// The day of the Chinese new year, 1900 to 2100, as days after 21 January
// (0-9, then a-v; computed with ICU's Chinese calendar).
static bool new_year_day(int year, int *month, int *day)
{
    static const char after[] = "ati8qe4nc1k9sg5od2lbui7qf3nc2k9rg5oe3lati6pf4nc1k8"
                                "rg6oe3masi7pf4nc0j9rg6pd2lash7qf4ncuj8rg6pe2kath7q"
                                "f3mb1j8sh5od2kati7qf4mb1k8rh5nc2lati7pe3mb1k9rg5oc"
                                "2lbti7pe3mc0j8rf5od2lath6pf3mc1j8rg5od3k9sh6pf4mb0j";
    if (year < 1900 || year > 2100)
        return false;
    char sign = after[year - 1900];
    int days = 21 + (sign <= '9' ? sign - '0' : sign - 'a' + 10);
    *month = days > 31 ? 2 : 1;
    *day = days > 31 ? days - 31 : days;
    return true;
}

// A feast stands for the days around it.
static bool take_feast(struct kr_said *c, struct kr_said_point *p)
{
    static const struct {
        const char *zh, *en;
        int month, day; // 0: by the moon
    } feasts[] = {{"春节", "chinese new year", 0, 0},
                  {"过年", "spring festival", 0, 0},
                  {"大年初一", "lunar new year", 0, 0},
                  {"元旦", "new year's day", 1, 1},
                  {"五一", "may day", 5, 1},
                  {"六一", "children's day", 6, 1},
                  {"国庆", "national day", 10, 1},
                  {"圣诞", "christmas", 12, 25}};
    struct kr_said start = *c;
    int year = 0;
    for (const char *d = p->year; *d >= '0' && *d <= '9'; d++)
        year = year * 10 + (*d - '0');
    for (size_t i = 0; i < KR_COUNT(feasts); i++) {
        int day = feasts[i].day;
        p->month = feasts[i].month;
        if (!TAKES(c, feasts[i].zh, feasts[i].en))
            continue;
        if (!day && !new_year_day(year, &p->month, &day)) {
            *c = start;
            break;
        }
        TAKES(c, "节", "期间", "假期", "的时候");
        kr_format(p->day, sizeof p->day, "%02u", (unsigned)day % 100);
        return p->approximate = true;
    }
    p->month = 0;
    return false;
}

static bool take_season(struct kr_said *c, struct kr_said_point *p)
{
    static const char *const names[] = {"春天", "春季",   "春",   "spring", "夏天", "夏季",
                                        "夏",   "summer", "秋天", "秋季",   "秋",   "autumn",
                                        "冬天", "冬季",   "冬",   "winter", "fall"};
    int i = kr_said_one(c, names, KR_COUNT(names));
    if (i < 0)
        return false;
    p->season = i == 16 ? 23 : 21 + i / 4;
    return true;
}

static bool take_month_name(struct kr_said *c, int *month)
{
    static const char *const names[] = {
        "january",   "february", "march",    "april",    "may",   "june", "july", "august",
        "september", "october",  "november", "december", "jan.",  "feb.", "mar.", "apr.",
        "may.",      "jun.",     "jul.",     "aug.",     "sep.",  "oct.", "nov.", "dec.",
        "jan",       "feb",      "mar",      "apr",      "may",   "jun",  "jul",  "aug",
        "sep",       "oct",      "nov",      "dec",      "sept.", "sept"};
    int i = kr_said_one(c, names, KR_COUNT(names));
    if (i < 0)
        return false;
    *month = i >= 36 ? 9 : i % 12 + 1;
    return true;
}

static bool set_day(struct kr_said_point *p, int day)
{
    if (day < 1 || day > 31)
        return false;
    kr_format(p->day, sizeof p->day, "%02u", (unsigned)day % 100);
    return true;
}

// What may follow "6月": a day, or a third of the month.
static bool take_han_day(struct kr_said *c, struct kr_said_point *p)
{
    struct kr_said start = *c;
    int day, count;
    int third = TAKE(c, "上旬", "初", "中旬", "下旬", "底", "末");
    if (third >= 0) {
        static const char *const days[] = {"0X", "0X", "1X", "2X", "2X", "2X"};
        memcpy(p->day, days[third], 3);
        return true;
    }
    if (kr_said_number(c, &day, &count) && TAKES(c, "日", "号"))
        return set_day(p, day);
    *c = start;
    return true;
}

// What may follow "1985年".
static bool take_after_year(struct kr_said *c, struct kr_said_point *p)
{
    struct kr_said start = *c;
    int n, count;
    TAKES(c, "的");
    if (take_feast(c, p) || take_season(c, p))
        return true;
    int edge = TAKE(c, "年初", "初", "年中", "年底", "年末", "底", "末");
    if (edge >= 0) {
        p->month = edge < 2 ? 1 : edge == 2 ? 6 : 12;
        return p->approximate = true;
    }
    if (kr_said_number(c, &n, &count) && TAKES(c, "月份", "月")) {
        p->month = n;
        return n >= 1 && n <= 12 && take_han_day(c, p);
    }
    *c = start;
    return true;
}

// "-06-15", "/6/15", ".6": the rest of a date by numbers.
static bool take_numbers_after(struct kr_said *c, struct kr_said_point *p)
{
    struct kr_said start = *c;
    char sign = *c->at;
    int month, day, count;
    if (sign != '-' && sign != '/' && sign != '.')
        return true;
    c->at++;
    if (*c->at < '0' || *c->at > '9' || !kr_said_number(c, &month, &count) || count > 2 ||
        month < 1 || month > 12) {
        *c = start; // the end of a span perhaps: 1976-1978
        return true;
    }
    p->month = month;
    if (*c->at != sign)
        return true;
    c->at++;
    return kr_said_number(c, &day, &count) && count <= 2 && set_day(p, day);
}

// "6th of June 1985", "June 6, 1985", "June 1985": the year behind a month's name.
static bool take_year_behind(struct kr_said *c, struct kr_said_point *p)
{
    int year, count;
    struct kr_said start;
    TAKES(c, ",", "of");
    start = *c;
    if (TAKES(c, "'", "’") && kr_said_number(c, &year, &count) && count == 2) {
        set_year(p, full_year(year, count));
        return true;
    }
    *c = start;
    if (kr_said_number(c, &year, &count) && count == 4) {
        set_year(p, year);
        return true;
    }
    *c = start;
    return false;
}

static bool take_english(struct kr_said *c, struct kr_said_point *p)
{
    int day, count;
    struct kr_said start;
    if (take_feast(c, p) || take_season(c, p)) // feasts by the moon need their year first
        return take_year_behind(c, p);
    if (!take_month_name(c, &p->month))
        return false;
    start = *c;
    if (kr_said_number(c, &day, &count) && count <= 2) {
        TAKES(c, "st", "nd", "rd", "th");
        return set_day(p, day) && take_year_behind(c, p);
    }
    *c = start;
    return take_year_behind(c, p);
}

// What may follow a number of one to four digits.
static bool take_by_number(struct kr_said *c, struct kr_said_point *p)
{
    int n, count;
    if (!kr_said_number(c, &n, &count))
        return false;
    if (TAKES(c, "年代")) {
        take_part(c, p);
        return set_decade(p, n, count);
    }
    if (*c->at == 's' || strncmp(c->at, "'s", 2) == 0) {
        c->at += *c->at == 's' ? 1 : 2;
        if (count == 4 && n % 100 == 0 && n < 2000)
            return set_century(p, n / 100 + 1);
        return set_decade(p, n, count);
    }
    if (TAKES(c, "世纪")) {
        struct kr_said start = *c;
        int tens, digits;
        if (kr_said_number(c, &tens, &digits) && TAKES(c, "年代") && digits <= 2 && tens < 100) {
            take_part(c, p);
            return set_decade(p, (n - 1) * 100 + tens, 4);
        }
        *c = start;
        return set_century(p, n);
    }
    if (TAKES(c, "年")) {
        set_year(p, full_year(n, count));
        return count != 3 && take_after_year(c, p);
    }
    if (TAKES(c, "月份", "月")) {
        p->month = n;
        return n >= 1 && n <= 12 && take_han_day(c, p);
    }
    if (count <= 2) {
        TAKES(c, "st", "nd", "rd", "th");
        if (TAKES(c, "century"))
            return set_century(p, n);
        TAKES(c, "of");
        return take_month_name(c, &p->month) && set_day(p, n) && take_year_behind(c, p);
    }
    set_year(p, n);
    if (count != 4)
        return false;
    struct kr_said start = *c;
    if (take_feast(c, p) || take_season(c, p))
        return true;
    *c = start;
    return take_numbers_after(c, p);
}

static bool take_decade_name(struct kr_said *c, struct kr_said_point *p)
{
    static const char *const names[] = {"twenties", "thirties",  "forties",  "fifties",
                                        "sixties",  "seventies", "eighties", "nineties"};
    int i = kr_said_one(c, names, KR_COUNT(names));
    return i >= 0 && set_decade(p, 1920 + 10 * i, 4);
}

static bool take_core(struct kr_said *c, struct kr_said_point *p)
{
    int n, count;
    TAKES(c, "公元");
    if (TAKES(c, "民国")) {
        if (!kr_said_number(c, &n, &count) || count > 3 || n < 1 || n > 150 || !TAKES(c, "年"))
            return false;
        set_year(p, 1911 + n);
        return take_after_year(c, p);
    }
    if (TAKES(c, "上个世纪", "上世纪")) {
        if (!kr_said_number(c, &n, &count))
            return set_century(p, 20);
        if (!TAKES(c, "年代") || count > 2)
            return false;
        take_part(c, p);
        return set_decade(p, 1900 + n, 4);
    }
    TAKES(c, "the");
    p->part = 1 + TAKE(c, "early", "mid", "late");
    TAKES(c, "-");
    TAKES(c, "in");
    TAKES(c, "the");
    if (TAKES(c, "'", "’")) {
        if (!kr_said_number(c, &n, &count) || count != 2)
            return false;
        if (*c->at == 's') {
            c->at++;
            return set_decade(p, n, count);
        }
        set_year(p, full_year(n, count));
        return true;
    }
    return take_decade_name(c, p) || take_english(c, p) || take_by_number(c, p);
}

static void take_doubts(struct kr_said *c, struct kr_said_point *p, bool before)
{
    for (;;) {
        if (before ? TAKES(c, "大约在", "大约", "大概", "约", "around", "about", "circa", "ca.",
                           "c.", "approximately", "approx.", "roughly")
                   : TAKES(c, "前后", "左右", "上下", "那几年", "or so", "~"))
            p->approximate = true;
        else if (before ? TAKES(c, "可能是", "可能", "好像是", "好像", "也许是", "也许", "perhaps",
                                "maybe", "probably", "possibly")
                        : TAKES(c, "吧", "?", "？"))
            p->uncertain = true;
        else if (!before || !TAKES(c, "在", "in the", "in", "on"))
            return;
    }
}

bool kr_said_point(struct kr_said *c, struct kr_said_point *p)
{
    *p = (struct kr_said_point){0};
    take_doubts(c, p, true);
    struct kr_said start = *c;
    if (!take_core(c, p)) {
        // feasts by the moon: "chinese new year 1976" asks for the year before the day
        struct kr_said feast = start;
        struct kr_said_point year = {0};
        static const char *const moon[] = {"chinese new year", "spring festival", "lunar new year"};
        if (kr_said_one(&feast, moon, KR_COUNT(moon)) < 0 || !take_year_behind(&feast, &year))
            return false;
        *c = feast;
        memcpy(p->year, year.year, sizeof p->year);
        p->part = 0;
        if (!take_feast(&start, p))
            return false;
    }
    take_doubts(c, p, false);
    return true;
}
