// SPDX-License-Identifier: AGPL-3.0-or-later
#include "care/prompt_priv.h"

#include "harness.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

static const struct kr_prompt *lint(struct kr_test *t, const char *text)
{
    struct kr_prompt *prompt = kr_arena_new(t->mem, struct kr_prompt);
    EXPECT_OK(kr_prompt_lint(t->mem, kr_str_of(text), prompt, &t->err));
    return prompt;
}

static void expect_kind(struct kr_test *t, const char *text, const char *kind)
{
    const struct kr_prompt *prompt = lint(t, text);
    bool same = prompt->kind && kind ? strcmp(prompt->kind, kind) == 0 : prompt->kind == kind;
    if (!same)
        print_message("%s: %s\n", text, prompt->kind ? prompt->kind : "fine");
    EXPECT(same);
}

// [0] the odd lines, on which the rules were tuned; [1] the even ones, which they never saw.
struct tally {
    int harmful[2], caught[2], fine[2], alarms[2];
};

static void count_line(struct kr_test *t, const char *line, size_t n, int number,
                       struct tally *tally)
{
    const char *tab = memchr(line, '\t', n);
    EXPECT(tab != NULL);
    struct kr_prompt prompt;
    struct kr_str text = {tab + 1, n - (size_t)(tab + 1 - line)};
    EXPECT_OK(kr_prompt_lint(t->mem, text, &prompt, &t->err));
    bool fine = kr_starts_with(line, "fine\t"), found = prompt.finding != KR_PROMPT_FINE;
    EXPECT(fine || kr_starts_with(line, "recall\t") || kr_starts_with(line, "test\t") ||
           kr_starts_with(line, "correct\t"));
    int half = number % 2 == 0;
    *(fine ? &tally->fine[half] : &tally->harmful[half]) += 1;
    *(fine ? &tally->alarms[half] : &tally->caught[half]) += found;
    if (half == 0 && found == fine) // the other half stays unseen, but for its count
        print_message("    line %d: %.*s (%s)\n", number, (int)text.n, text.at,
                      found ? prompt.words : "not found");
}

static void expect_figures(const char *file, const char *half, int harmful, int caught, int fine,
                           int alarms)
{
    print_message("%s, %s: %d of %d caught (%.1f %%), %d false alarms of %d (%.1f %%)\n", file,
                  half, caught, harmful, 100.0 * caught / harmful, alarms, fine,
                  100.0 * alarms / fine);
    EXPECT(caught * 100 >= harmful * 95);
    EXPECT(alarms * 100 <= fine * 5);
}

static void golden(struct kr_test *t, const char *file)
{
    struct kr_str all;
    struct tally tally = {0};
    int number = 0;
    KR_AUTO(kr_fd_close) int folder = -1;
    EXPECT_OK(kr_open_folder(AT_FDCWD, KR_GOLDEN, false, &folder, &t->err));
    EXPECT_OK(kr_read_file(t->mem, folder, file, 64 * 1024, &all, &t->err));
    for (const char *line = all.at, *end; (end = strchr(line, '\n')); line = end + 1)
        count_line(t, line, (size_t)(end - line), ++number, &tally);
    EXPECT_INT(number, 200);
    expect_figures(file, "tuned on", tally.harmful[0], tally.caught[0], tally.fine[0],
                   tally.alarms[0]);
    expect_figures(file, "held out", tally.harmful[1], tally.caught[1], tally.fine[1],
                   tally.alarms[1]);
    expect_figures(file, "all", tally.harmful[0] + tally.harmful[1],
                   tally.caught[0] + tally.caught[1], tally.fine[0] + tally.fine[1],
                   tally.alarms[0] + tally.alarms[1]);
}

TEST(chinese_prompts_are_told_apart)
{
    golden(t, "prompts-zh.tsv");
}

TEST(english_prompts_are_told_apart)
{
    golden(t, "prompts-en.tsv");
}

TEST(negation_and_reminders_are_no_recall)
{
    static const char *const fine[] = {
        "You do not need to remember anything.",
        "You don't have to guess.",
        "There is no need to name anybody.",
        "Remember to bring a coat.",
        "This is not a quiz.",
        "I remember the smell of the coal fire.",
        "No, thank you, I am full.",
        "想不起来也没关系。",
        "不用猜，看看就好。",
        "记得带件外套。",
        "别忘了喝口水。",
        "没有对错，随便聊聊。",
        "我记得那股煤烟味儿。",
    };
    for (size_t i = 0; i < KR_COUNT(fine); i++)
        expect_kind(t, fine[i], NULL);
}

TEST(what_is_not_negated_is_still_heard)
{
    expect_kind(t, "Don't you remember?", "recall.remember");
    expect_kind(t, "You do not need to worry. Who is this?", "recall.who");
    expect_kind(t, "What a lovely coat, and who is wearing it?", "recall.who");
    expect_kind(t, "没关系，您还记得她吗？", "recall.remember");
    expect_kind(t, "真好看。这是谁？", "recall.who");
}

TEST(each_kind_is_told_with_its_reason)
{
    expect_kind(t, "I told you already.", "correct.again");
    expect_kind(t, "Dad has been dead for years.", "correct.loss");
    expect_kind(t, "No, that was your cousin.", "correct.wrong");
    expect_kind(t, "Is this your sister?", "recall.check");
    expect_kind(t, "How old were you?", "recall.many");
    expect_kind(t, "What's it called?", "recall.name");
    expect_kind(t, "What happened here?", "recall.what");
    expect_kind(t, "What year was it?", "recall.when");
    expect_kind(t, "Where was this taken?", "recall.where");
    expect_kind(t, "Guess who!", "test.guess");
    expect_kind(t, "Right or wrong?", "test.judge");
    expect_kind(t, "Time for a quiz.", "test.quiz");
    expect_kind(t, "Name three flowers.", "test.task");
    expect_kind(t, "What day is it?", "test.today");
    expect_kind(t, "跟您讲过好几遍了。", "correct.again");
    expect_kind(t, "不对，那是二叔。", "correct.wrong");
    expect_kind(t, "她叫什么名字？", "recall.name");
    expect_kind(t, "这是哪一年？", "recall.when");
    expect_kind(t, "考考您。", "test.quiz");
    expect_kind(t, "您猜？", "test.guess");
    expect_kind(t, "今天星期几？", "test.today");
}

TEST(the_words_it_was_found_by_are_the_writers_own)
{
    EXPECT_STR(lint(t, "What a coat! Who\u2019s THIS, then?")->words, "Who\u2019s THIS");
    EXPECT_STR(lint(t, "真好看。您還記得嗎？")->words, "您還記得");
}

TEST(writing_makes_no_difference)
{
    expect_kind(t, "WHO IS THIS", "recall.who");
    expect_kind(t, "whos this", "recall.who");
    expect_kind(t, "Who\u2019s this?", "recall.who");
    expect_kind(t, "  who \t is\nthis  ?", "recall.who");
    expect_kind(t, "這是誰？", "recall.who");
    expect_kind(t, "这 是 谁", "recall.who");
    expect_kind(t, "这是谁?!", "recall.who");
    expect_kind(t, "e\u0301t\u00e9: who is this?", "recall.who"); // composed or not
}

TEST(words_end_where_words_end)
{
    expect_kind(t, "The quizzical owl looks at us.", NULL);
    expect_kind(t, "Whoever knitted this had clever hands.", NULL);
    expect_kind(t, "The test match was on the wireless.", NULL);
}

TEST(what_others_said_is_not_judged)
{
    expect_kind(t, "“Who is this?” asked the parrot.", NULL);
    expect_kind(t, "小孩子总问：“这是谁呀？”", NULL);
    expect_kind(t, "《你还记得我吗》这支曲子真好听。", NULL);
    expect_kind(t, "“Who is this?”", "recall.who"); // nothing but the quotation: it is the prompt
    expect_kind(t, "Do you “remember” this?", "recall.remember"); // a word set off is no quotation
    expect_kind(t, "The dogs' bowls are full. Who is this?", "recall.who");
    expect_kind(t, "“An open one: who is this?", "recall.who");
}

TEST(length_is_a_finding_of_its_own)
{
    const struct kr_prompt *twelve =
        lint(t, "It's a fine day, and the washing is out on the line.");
    EXPECT_INT(twelve->longest, 12); // a contraction is one word
    EXPECT(!twelve->is_long && twelve->finding == KR_PROMPT_FINE);
    EXPECT(lint(t, "It's a very fine day, and the washing is out on the line.")->is_long);
    EXPECT(!lint(t, "It is a fine day. The washing is out on the line. It smells good.")->is_long);
    const struct kr_prompt *twenty = lint(t, "老巷子里有人推着小车，一路走一路卖热豆花呀。");
    EXPECT_INT(twenty->longest, 20);
    EXPECT(!twenty->is_long);
    EXPECT(lint(t, "老巷子里有人推着小车子，一路走一路卖热豆花呀。")->is_long);
    const struct kr_prompt *both = lint(
        t, "Do you remember how we all went down to the river on the very last day of summer?");
    EXPECT(both->is_long && both->finding == KR_PROMPT_RECALL);
}

TEST(the_kinder_wording_is_in_the_language_of_the_prompt)
{
    EXPECT_INT(lint(t, "这是 Mary 吗？")->lang, KR_ZH);
    EXPECT_INT(lint(t, "Is this Mary?")->lang, KR_EN);
}

TEST(nothing_and_too_much_are_refused)
{
    struct kr_prompt prompt;
    char *long_text = kr_arena_alloc(t->mem, KR_PROMPT_MOST + 2);
    memset(long_text, 'a', KR_PROMPT_MOST + 1);
    EXPECT_FAIL(kr_prompt_lint(t->mem, kr_str_of(long_text), &prompt, &t->err), KR_E_TOO_BIG);
    t->err = (struct kr_err){0};
    EXPECT_FAIL(kr_prompt_lint(t->mem, KR_STR(" \n "), &prompt, &t->err), KR_E_INVALID);
    t->err = (struct kr_err){0};
    long_text[KR_PROMPT_MOST] = '\0';
    EXPECT_OK(kr_prompt_lint(t->mem, kr_str_of(long_text), &prompt, &t->err));
    EXPECT_OK(kr_prompt_lint(t->mem, KR_STR("\xff\xfe who is this?"), &prompt, &t->err));
    EXPECT_INT(prompt.finding, KR_PROMPT_RECALL);
    EXPECT_OK(kr_prompt_lint(t->mem, KR_STR("…"), &prompt, &t->err)); // no word, no harm
    EXPECT_INT(prompt.finding, KR_PROMPT_FINE);
}

static void expect_sorted_rules(const struct kr_prompt_rules *rules)
{
    for (size_t i = 0; i < rules->n; i++) {
        const struct kr_prompt_rule *row = &rules->at[i], *last = i ? row - 1 : NULL;
        EXPECT(kr_prompt_kind_of(row->kind) != NULL);
        int order = last ? strcmp(last->kind, row->kind) : -1;
        EXPECT(order < 0 || (order == 0 && strcmp(last->pattern, row->pattern) < 0));
    }
    for (size_t i = 1; i < rules->allowed_n; i++)
        EXPECT(strcmp(rules->allowed[i - 1], rules->allowed[i]) < 0);
}

TEST(tables_are_sorted_and_every_kind_has_its_words)
{
    expect_sorted_rules(&kr_prompt_rules_zh);
    expect_sorted_rules(&kr_prompt_rules_en);
    for (size_t i = 0; i < kr_prompt_kinds_count; i++) {
        const struct kr_prompt_kind *kind = &kr_prompt_kinds[i];
        EXPECT(i == 0 || strcmp(kr_prompt_kinds[i - 1].name, kind->name) < 0);
        EXPECT(kr_word_exists(kind->why_key) && kr_word_exists(kind->suggest_key));
        EXPECT(kr_starts_with(kind->name, kr_prompt_finding_name(kind->finding)));
    }
    for (size_t i = 1; i < kr_prompt_classes_count; i++)
        EXPECT(strcmp(kr_prompt_classes[i - 1].name, kr_prompt_classes[i].name) < 0);
}

// A class that is spelled wrong would match nothing, and nobody would notice.
static void expect_known_classes(const char *pattern)
{
    for (const char *at = pattern; *at; at++) {
        char name[32] = {0};
        size_t n = strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
        bool begins = at == pattern || strchr(" |[", at[-1]);
        if (n == 0 || !begins)
            continue;
        EXPECT(n < sizeof name && (at[n] == '\0' || strchr(" |]", at[n])));
        memcpy(name, at, n);
        bool known = !strcmp(name, "NAME") || !strcmp(name, "NUMBER") || !strcmp(name, "LETTER");
        for (size_t i = 0; i < kr_prompt_classes_count; i++)
            known |= !strcmp(name, kr_prompt_classes[i].name);
        EXPECT(known);
        at += n - 1;
    }
}

TEST(patterns_are_well_written)
{
    static const struct kr_prompt_rules *const tables[] = {&kr_prompt_rules_zh,
                                                           &kr_prompt_rules_en};
    for (size_t k = 0; k < KR_COUNT(tables); k++) {
        for (size_t i = 0; i < tables[k]->n; i++)
            expect_known_classes(tables[k]->at[i].pattern);
        for (size_t i = 0; i < tables[k]->allowed_n; i++)
            expect_known_classes(tables[k]->allowed[i]);
    }
}

TEST(every_kinder_wording_is_itself_kind)
{
    for (size_t i = 0; i < kr_prompt_kinds_count; i++)
        for (int lang = 0; lang < KR_LANG_COUNT; lang++) {
            const char *said = kr_word((enum kr_lang)lang, kr_prompt_kinds[i].suggest_key);
            const char *open = lang == KR_ZH ? "「" : "“", *close = lang == KR_ZH ? "」" : "”";
            const char *from = strstr(said, open), *to = from ? strstr(from, close) : NULL;
            EXPECT(from && to);
            from += strlen(open);
            const char *example = kr_arena_copy(t->mem, from, (size_t)(to - from));
            expect_kind(t, example, NULL);
            EXPECT(!lint(t, example)->is_long);
        }
}

MAIN(CASE(chinese_prompts_are_told_apart), CASE(english_prompts_are_told_apart),
     CASE(negation_and_reminders_are_no_recall), CASE(what_is_not_negated_is_still_heard),
     CASE(each_kind_is_told_with_its_reason), CASE(the_words_it_was_found_by_are_the_writers_own),
     CASE(writing_makes_no_difference), CASE(words_end_where_words_end),
     CASE(what_others_said_is_not_judged), CASE(length_is_a_finding_of_its_own),
     CASE(the_kinder_wording_is_in_the_language_of_the_prompt),
     CASE(nothing_and_too_much_are_refused), CASE(tables_are_sorted_and_every_kind_has_its_words),
     CASE(patterns_are_well_written), CASE(every_kinder_wording_is_itself_kind))
