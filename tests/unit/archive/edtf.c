// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/edtf.h"
#include "base/clock.h"
#include "harness.h"

static const char *day(struct kr_test *t, int64_t days)
{
    int y, m, d;
    kr_day_of(days, &y, &m, &d);
    return kr_arena_format(t->mem, "%s%04d-%02d-%02d", y < 0 ? "-" : "", abs(y), m, d);
}

TEST(what_is_written_is_understood_to_the_day)
{
    static const struct {
        const char *text, *normal, *from, *to;
        enum kr_edtf_precision precision;
    } rows[] = {
        {"1985", "1985", "1985-01-01", "1985-12-31", KR_EDTF_YEAR},
        {"1985~", "1985~", "1985-01-01", "1985-12-31", KR_EDTF_YEAR},
        {"1985-06", "1985-06", "1985-06-01", "1985-06-30", KR_EDTF_MONTH},
        {"1985-06-06", "1985-06-06", "1985-06-06", "1985-06-06", KR_EDTF_DAY},
        {"1985-06-06T07:08:09", "1985-06-06T07:08:09", "1985-06-06", "1985-06-06", KR_EDTF_TIME},
        {"1985-06-06T07:08:09+00:00", "1985-06-06T07:08:09Z", "1985-06-06", "1985-06-06",
         KR_EDTF_TIME},
        {"1985-06-06T07:08:09+08", "1985-06-06T07:08:09+08:00", "1985-06-06", "1985-06-06",
         KR_EDTF_TIME},
        {"1999-12-31T24:00:00", "2000-01-01T00:00:00", "2000-01-01", "2000-01-01", KR_EDTF_TIME},
        {"198X", "198X", "1980-01-01", "1989-12-31", KR_EDTF_DECADE},
        {"19XX", "19XX", "1900-01-01", "1999-12-31", KR_EDTF_CENTURY},
        {"-198X", "-198X", "-1989-01-01", "-1980-12-31", KR_EDTF_DECADE},
        {"XXXX-02-29", "XXXX-02-29", "0000-02-29", "9996-02-29", KR_EDTF_CENTURY},
        {"1985-XX-31", "1985-XX-31", "1985-01-31", "1985-12-31", KR_EDTF_YEAR},
        {"1985-06-2X", "1985-06-2X", "1985-06-20", "1985-06-29", KR_EDTF_MONTH},
        {"1976-21", "1976-21", "1976-03-01", "1976-05-31", KR_EDTF_SEASON},
        {"1975-24", "1975-24", "1975-12-01", "1976-02-29", KR_EDTF_SEASON},
        {"2004?-06-~11", "?2004-06-~11", "2004-06-11", "2004-06-11", KR_EDTF_DAY},
        {"2004~-06~-11~", "%", "", "", KR_EDTF_DAY},
        {"1980~/1983~", "1980~/1983~", "1980-01-01", "1983-12-31", KR_EDTF_YEAR},
        {"1985/..", "1985/..", "1985-01-01", "9999-12-31", KR_EDTF_YEAR},
        {"/1985-06", "/1985-06", "-9999-01-01", "1985-06-30", KR_EDTF_MONTH},
        {"[1667, 1672-12]", "[1667,1672-12]", "1667-01-01", "1672-12-31", KR_EDTF_YEAR},
        {"[..1948]", "[..1948]", "-9999-01-01", "1948-12-31", KR_EDTF_YEAR},
        {"{1960,1961..1963}", "{1960,1961..1963}", "1960-01-01", "1963-12-31", KR_EDTF_YEAR},
        {"-0001", "-0001", "-0001-01-01", "-0001-12-31", KR_EDTF_YEAR},
    };
    for (size_t i = 0; i < KR_COUNT(rows); i++) {
        struct kr_edtf date;
        if (rows[i].normal[0] == '%') { // doubts of the same parts are said once
            EXPECT_OK(kr_edtf_parse(rows[i].text, &date, &t->err));
            EXPECT_STR(date.text, "2004-06-11~");
            continue;
        }
        EXPECT_OK(kr_edtf_parse(rows[i].text, &date, &t->err));
        EXPECT_STR(date.text, rows[i].normal);
        EXPECT_STR(day(t, date.from), rows[i].from);
        EXPECT_STR(day(t, date.to), rows[i].to);
        EXPECT_INT(date.precision, rows[i].precision);
        struct kr_edtf again; // what we write, we read
        EXPECT_OK(kr_edtf_parse(date.text, &again, &t->err));
        EXPECT_INT(kr_edtf_compare(&date, &again), 0);
    }
    EXPECT_INT(kr_days_of(-9999, 1, 1), KR_EDTF_FIRST_DAY);
    EXPECT_INT(kr_days_of(9999, 12, 31), KR_EDTF_LAST_DAY);
}

TEST(doubt_and_time_are_told)
{
    struct kr_edtf date;
    EXPECT_OK(kr_edtf_parse("1985~", &date, &t->err));
    EXPECT(date.approximate && !date.uncertain && date.second == -1);
    EXPECT_OK(kr_edtf_parse("2004-06?/2005~", &date, &t->err));
    EXPECT(date.approximate && date.uncertain);
    EXPECT_OK(kr_edtf_parse("1985-06-06T07:08:09-03:30", &date, &t->err));
    EXPECT_INT(date.second, 7 * 3600 + 8 * 60 + 9);
    EXPECT_INT(date.offset_min, -210);
    EXPECT_OK(kr_edtf_parse("1985-06-06T07:08:09", &date, &t->err));
    EXPECT_INT(date.offset_min, KR_EDTF_NO_OFFSET);
}

TEST(what_is_no_date_is_refused)
{
    static const char *const wrong[] = {"",
                                        "1985-13",
                                        "1985-02-30",
                                        "85",
                                        "1985-6",
                                        "1985-06-06T7:08:09",
                                        "1985/1984",
                                        "../..",
                                        "/",
                                        "[]",
                                        "[..]",
                                        "{1985",
                                        "[1985..,1990]",
                                        "[1985,..1990]",
                                        "198",
                                        "Y12345",
                                        "1985-06-06T10:00:00/1986",
                                        "1985-06-06T10:00:60",
                                        "9999-12-31T24:00:00",
                                        "156X-11-31",
                                        "1985-2X",
                                        "1985 ",
                                        "1985-21-03",
                                        "-0000",
                                        "1985??",
                                        "19850606",
                                        "1985-00",
                                        "[1990..1985]",
                                        "1985,1986"};
    for (size_t i = 0; i < KR_COUNT(wrong); i++) {
        struct kr_edtf date;
        if (kr_edtf_parse(wrong[i], &date, NULL))
            print_message("taken: %s\n", wrong[i]);
        EXPECT_FAIL(kr_edtf_parse(wrong[i], &date, &t->err), KR_E_INVALID);
    }
    char *endless = kr_arena_alloc(t->mem, 4000);
    memset(endless, '9', 3999);
    struct kr_edtf date;
    EXPECT_FAIL(kr_edtf_parse(endless, &date, &t->err), KR_E_INVALID);
}

// Where the library behind the table and the standard of 2019 part ways, or where
// edtf.h says that we do not go: name, and why.
static const struct {
    const char *text, *why;
    bool only_bounds; // we take it too, with other bounds
} exceptions[] = {
    {"-0024S2", "significant digits are not taken", false},
    {"1950S2", "significant digits are not taken", false},
    {"2015S2", "significant digits are not taken", false},
    {"Y-170002", "years beyond four digits are not taken", false},
    {"Y-17E7", "years beyond four digits are not taken", false},
    {"Y170002", "years beyond four digits are not taken", false},
    {"Y17E7", "years beyond four digits are not taken", false},
    {"Y22016", "years beyond four digits are not taken", false},
    {"-009", "three-digit decades are ISO 8601-2, not EDTF", false},
    {"000", "three-digit decades are ISO 8601-2, not EDTF", false},
    {"009", "three-digit decades are ISO 8601-2, not EDTF", false},
    {"019", "three-digit decades are ISO 8601-2, not EDTF", false},
    {"099", "three-digit decades are ISO 8601-2, not EDTF", false},
    {"197%", "three-digit decades are ISO 8601-2, not EDTF", false},
    {"197~", "three-digit decades are ISO 8601-2, not EDTF", false},
    {"-04", "two-digit centuries are ISO 8601-2, not EDTF", false},
    {"-19", "two-digit centuries are ISO 8601-2, not EDTF", false},
    {"19", "two-digit centuries are ISO 8601-2, not EDTF", false},
    {"20", "two-digit centuries are ISO 8601-2, not EDTF", false},
    {"19~", "two-digit centuries are ISO 8601-2, not EDTF", false},
    {"2001-36", "sub-year numbers above 24 are not taken", false},
    {"0014-21", "seasons are not quarters", true},
    {"2001-22", "seasons are not quarters", true},
    {"2001-24", "seasons are not quarters", true},
    {"2016-05-02T16:54:59-11:59", "our day is that of the wall, not of UTC", true},
    {"2016-05-02T16:54:59-12:00", "our day is that of the wall, not of UTC", true},
    {"{2016..2018}", "a range of a set ends at its end", true},
};

static const char *exception_of(const char *text, bool *only_bounds)
{
    for (size_t i = 0; i < KR_COUNT(exceptions); i++)
        if (strcmp(exceptions[i].text, text) == 0) {
            *only_bounds = exceptions[i].only_bounds;
            return exceptions[i].why;
        }
    return NULL;
}

// "-000400-01-01T…" of the table, as a day; "" and infinities are the sentinels.
static int64_t table_day(const char *text, int64_t open)
{
    int sign = *text == '-' ? -1 : 1, year = 0;
    if (!*text || strstr(text, "Infinity"))
        return open;
    if (*text == '-' || *text == '+')
        text++;
    while (*text && *text != '-')
        year = year * 10 + (*text++ - '0');
    int month = (text[1] - '0') * 10 + text[2] - '0', d = (text[4] - '0') * 10 + text[5] - '0';
    return kr_days_of(sign * year, month, d);
}

TEST(a_library_agrees_but_for_named_exceptions)
{
    const char *path = kr_test_material(t, "standards/open/edtf/edtf-open.tsv");
    struct kr_str all;
    int rows = 0, excepted = 0;
    if (!path)
        SKIP("no ../shared/material");
    EXPECT_OK(kr_read_file(t->mem, -100, path, 1 << 20, &all, &t->err));
    char *save = NULL;
    for (char *line = strtok_r((char *)(uintptr_t)all.at, "\n", &save); line;
         line = strtok_r(NULL, "\n", &save)) {
        char *cell[6] = {line, "", "", "", "", ""};
        for (int i = 1; i < 6 && cell[i - 1] && strchr(cell[i - 1], '\t'); i++) {
            cell[i] = strchr(cell[i - 1], '\t');
            *cell[i]++ = 0;
        }
        if (strcmp(cell[0], "edtf") == 0)
            continue;
        rows++;
        struct kr_edtf date;
        bool only_bounds = false, valid = strcmp(cell[1], "valid") == 0;
        const char *why = exception_of(cell[0], &only_bounds);
        bool ours = kr_edtf_parse(cell[0], &date, NULL);
        excepted += why != NULL;
        bool want = valid && (!why || only_bounds);
        if (ours != want)
            print_message("verdict: %s\n", cell[0]);
        EXPECT(ours == want);
        if (!ours)
            continue;
        bool same = date.from == table_day(cell[4], KR_EDTF_FIRST_DAY) &&
                    date.to == table_day(cell[5], KR_EDTF_LAST_DAY);
        if (same == (why != NULL))
            print_message("bounds: %s\n", cell[0]);
        EXPECT(same == (why == NULL)); // an exception that is none any more should go
    }
    EXPECT(rows > 100);
    EXPECT_INT(excepted, KR_COUNT(exceptions));
}

// What people say, and what is meant.
static const char *const understood[][2] = {
    {"八十年代初", "1980~/1983~"},
    {"80年代", "198X"},
    {"八十年代", "198X"},
    {"1980年代中期", "1984~/1986~"},
    {"上世纪七十年代末", "1977~/1979~"},
    {"二十世纪五十年代", "195X"},
    {"20世纪80年代", "198X"},
    {"一九八五年前后", "1985~"},
    {"1985年左右", "1985~"},
    {"大概1985年", "1985~"},
    {"1976年春天", "1976-21"},
    {"1976 年冬", "1976-24"},
    {"民国三十年", "1941"},
    {"民国元年", "1912"},
    {"二〇〇三年", "2003"},
    {"二零零三年六月", "2003-06"},
    {"1985年6月6日", "1985-06-06"},
    {"一九八五年十二月三十一号", "1985-12-31"},
    {"1985年6月中旬", "1985-06-1X"},
    {"85年", "1985"},
    {"03年夏天", "2003-22"},
    {"八五年", "1985"},
    {"1976春节", "1976-01-31~"},
    {"1985年春节", "1985-02-20~"},
    {"1949年以前", "[..1948]"},
    {"1949年之后", "[1950..]"},
    {"1976年到1978年", "1976/1978"},
    {"1976-1978年之间", "[1976..1978]"},
    {"1976到1978年之间", "[1976..1978]"},
    {"1976年3月到5月", "1976-03/1976-05"},
    {"1976年或1977年", "[1976,1977]"},
    {"可能是1985年", "1985?"},
    {"１９８５年", "1985"},
    {"十九世纪", "18XX"},
    {"上世纪", "19XX"},
    {"1985年底", "1985-12~"},
    {"around 1985", "1985~"},
    {"c. 1985", "1985~"},
    {"early 1980s", "1980~/1983~"},
    {"the early 1980s", "1980~/1983~"},
    {"in the mid-1980s", "1984~/1986~"},
    {"late eighties", "1987~/1989~"},
    {"the 1980s", "198X"},
    {"the '80s", "198X"},
    {"80s", "198X"},
    {"the 2000s", "200X"},
    {"the 1800s", "18XX"},
    {"19th century", "18XX"},
    {"spring 1976", "1976-21"},
    {"Summer of '85", "1985-22"},
    {"fall 2001", "2001-23"},
    {"before 1949", "[..1948]"},
    {"after June 1985", "[1985-07..]"},
    {"before 1 March 1976", "[..1976-02-29]"},
    {"since 1985", "1985/.."},
    {"until 1985", "../1985"},
    {"between 1976 and 1978", "[1976..1978]"},
    {"from 1976 to 1978", "1976/1978"},
    {"1976–78", "1976/1978"},
    {"1976 or 1977", "[1976,1977]"},
    {"1985-06", "1985-06"},
    {"1985/6/6", "1985-06-06"},
    {"1985.6.6", "1985-06-06"},
    {"June 1985", "1985-06"},
    {"6 June 1985", "1985-06-06"},
    {"6th of June, 1985", "1985-06-06"},
    {"June 6, 1985", "1985-06-06"},
    {"Christmas 1985", "1985-12-25~"},
    {"Chinese New Year 1976", "1976-01-31~"},
    {"probably 1985", "1985?"},
    {"1985?", "1985?"},
    {" 198x ", "198X"},
};

TEST(people_are_understood)
{
    for (size_t i = 0; i < KR_COUNT(understood); i++) {
        struct kr_edtf date;
        if (!kr_edtf_from_phrase(understood[i][0], &date, &t->err))
            print_message("not understood: %s\n", understood[i][0]);
        EXPECT_OK(kr_edtf_from_phrase(understood[i][0], &date, &t->err));
        EXPECT_STR(date.text, understood[i][1]);
    }
}

TEST(what_nobody_can_date_is_refused)
{
    static const char *const said[] = {"",
                                       "文革期间",
                                       "解放前",
                                       "小时候",
                                       "during the war",
                                       "long ago",
                                       "1985年13月",
                                       "32 June 1985",
                                       "31 June 1985",
                                       "奶奶1985年",
                                       "1985 wedding",
                                       "between 1976",
                                       "from 1980",
                                       "before",
                                       "民国",
                                       "民国一千年",
                                       "80",
                                       "5",
                                       "early 1985",
                                       "1978年到1976年",
                                       "June",
                                       "the day before 1985",
                                       "1985年6月31日",
                                       "12345年"};
    for (size_t i = 0; i < KR_COUNT(said); i++) {
        struct kr_edtf date;
        if (kr_edtf_from_phrase(said[i], &date, NULL))
            print_message("taken: %s as %s\n", said[i], date.text);
        EXPECT_FAIL(kr_edtf_from_phrase(said[i], &date, &t->err), KR_E_INVALID);
        EXPECT(strlen(t->err.text) > 20);
    }
}

TEST(dates_are_said_as_people_say_them)
{
    static const char *const rows[][3] = {
        {"1980~/1983~", "八十年代初", "early 1980s"},
        {"1987~/1989~", "八十年代末", "late 1980s"},
        {"198X", "八十年代", "the 1980s"},
        {"200X", "2000 年代", "the 2000s"},
        {"19XX", "20 世纪", "the 20th century"},
        {"20XX", "21 世纪", "the 21st century"},
        {"1985", "1985 年", "1985"},
        {"1985~", "1985 年前后", "around 1985"},
        {"1985?", "可能是 1985 年", "perhaps 1985"},
        {"1976-21", "1976 年春天", "spring 1976"},
        {"1985-06", "1985 年 6 月", "June 1985"},
        {"1985-06-06", "1985 年 6 月 6 日", "6 June 1985"},
        {"1985-06-06T10:11:12", "1985 年 6 月 6 日", "6 June 1985"},
        {"1985-06-1X", "1985 年 6 月中旬", "mid June 1985"},
        {"1985-XX-XX", "1985 年", "1985"},
        {"[..1948]", "1949 年以前", "before 1949"},
        {"[1950..]", "1949 年以后", "after 1949"},
        {"[1976..1978]", "1976 年到 1978 年之间", "between 1976 and 1978"},
        {"1976/1978", "1976 年到 1978 年", "1976 to 1978"},
        {"1985/..", "1985 年以来", "since 1985"},
        {"[1976,1977]", "1976 年或 1977 年", "1976 or 1977"},
        {"{1976,1977,1980}", "1976 年、1977 年和 1980 年", "1976, 1977 and 1980"},
        {"[..1948-12]", "最晚 1948 年 12 月", "December 1948 or before"},
        {"-0043", "公元前 44 年", "44 BC"},
        {"2X1X-0X-15", "2010 年到 2919 年之间", "between 2010 and 2919"},
        {"", "", ""},
        {"no date", "no date", "no date"},
    };
    for (size_t i = 0; i < KR_COUNT(rows); i++) {
        EXPECT_STR(kr_edtf_words(t->mem, KR_ZH, rows[i][0]), rows[i][1]);
        EXPECT_STR(kr_edtf_words(t->mem, KR_EN, rows[i][0]), rows[i][2]);
    }
}

TEST(what_we_say_we_understand)
{
    static const char *const dates[] = {
        "1980~/1983~",  "198X",      "1985~",   "1976-21", "1985-06",    "1985-06-06", "[..1948]",
        "[1976..1978]", "1976/1978", "1985/..", "19XX",    "1985-06-1X", "[1976,1977]"};
    for (size_t i = 0; i < KR_COUNT(dates); i++) {
        struct kr_edtf date;
        EXPECT_OK(kr_edtf_from_phrase(kr_edtf_words(t->mem, KR_ZH, dates[i]), &date, &t->err));
        EXPECT_STR(date.text, dates[i]);
        if (strcmp(dates[i], "1985-06-1X") != 0) { // English has no word for ten days
            EXPECT_OK(kr_edtf_from_phrase(kr_edtf_words(t->mem, KR_EN, dates[i]), &date, &t->err));
            EXPECT_STR(date.text, dates[i]);
        }
    }
}

TEST(every_date_has_its_chapter)
{
    static const char *const rows[][2] = {{"1985-06", "1985-06"},
                                          {"1985-06-06", "1985-06"},
                                          {"1985~", "1985"},
                                          {"1985-XX-15", "1985"},
                                          {"198X", "198X"},
                                          {"19XX", "190X"},
                                          {"1976-24", "1976"},
                                          {"1980~/1983~", "198X"},
                                          {"1985-06-01/1985-06-20", "1985-06"},
                                          {"1985-12/1986-01", "1985"},
                                          {"[..1948]", "194X"},
                                          {"1985/..", "198X"},
                                          {"-0044", "-0044"},
                                          {"1985-06-06T10:00:00", "1985-06"}};
    char section[KR_EDTF_SECTION];
    struct kr_edtf date;
    for (size_t i = 0; i < KR_COUNT(rows); i++) {
        EXPECT_OK(kr_edtf_parse(rows[i][0], &date, &t->err));
        kr_edtf_section(&date, section);
        EXPECT_STR(section, rows[i][1]);
    }
    kr_edtf_section(NULL, section);
    EXPECT_STR(section, "none");
}

TEST(an_uncertain_date_is_a_band)
{
    static const char *const rows[][3] = {{"1985~", "1984-01-01", "1986-12-31"},
                                          {"1985", "1985-01-01", "1985-12-31"},
                                          {"1985-06-06~", "1985-06-03", "1985-06-09"},
                                          {"../1985~", "-9999-01-01", "1986-12-31"}};
    for (size_t i = 0; i < KR_COUNT(rows); i++) {
        struct kr_edtf date;
        int64_t from, to;
        EXPECT_OK(kr_edtf_parse(rows[i][0], &date, &t->err));
        kr_edtf_band(&date, &from, &to);
        EXPECT_STR(day(t, from), rows[i][1]);
        EXPECT_STR(day(t, to), rows[i][2]);
    }
}

TEST(earlier_stands_before_later)
{
    static const char *const rising[] = {"[..1948]", "1949",       "1976",
                                         "1976-01",  "1976-01-31", "1976-02"};
    for (size_t i = 1; i < KR_COUNT(rising); i++) {
        struct kr_edtf a, b;
        EXPECT_OK(kr_edtf_parse(rising[i - 1], &a, &t->err));
        EXPECT_OK(kr_edtf_parse(rising[i], &b, &t->err));
        if (strcmp(rising[i], "1976-01") == 0) // a whole year ends later than its January
            EXPECT(kr_edtf_compare(&b, &a) < 0);
        else if (strcmp(rising[i], "1976-01-31") != 0)
            EXPECT(kr_edtf_compare(&a, &b) < 0);
    }
}

MAIN(CASE(what_is_written_is_understood_to_the_day), CASE(doubt_and_time_are_told),
     CASE(what_is_no_date_is_refused), CASE(a_library_agrees_but_for_named_exceptions),
     CASE(people_are_understood), CASE(what_nobody_can_date_is_refused),
     CASE(dates_are_said_as_people_say_them), CASE(what_we_say_we_understand),
     CASE(every_date_has_its_chapter), CASE(an_uncertain_date_is_a_band),
     CASE(earlier_stands_before_later))
