// SPDX-License-Identifier: AGPL-3.0-or-later
#include "care/prompt_priv.h"

#include <ctype.h>
#include <string.h>

enum { SCARE = 3 }; // fewer tokens than this in quotation marks are still the speaker's own

struct pair {
    const char *from, *to;
};

// Written differently, meaning the same: marks, and the traditional characters of our patterns.
static const struct pair folds[] = {
    {"–", ","},   {"—", ","},   {"‘", "'"},   {"’", "'"},   {"“", "\""},  {"”", "\""},
    {"„", "\""},  {"…", "."},   {"、", ","},  {"。", "."},  {"《", "\""}, {"》", "\""},
    {"「", "\""}, {"」", "\""}, {"『", "\""}, {"』", "\""}, {"來", "来"}, {"係", "系"},
    {"個", "个"}, {"們", "们"}, {"兒", "儿"}, {"別", "别"}, {"剛", "刚"}, {"問", "问"},
    {"啲", "点"}, {"嗎", "吗"}, {"嘅", "的"}, {"嚟", "来"}, {"壓", "压"}, {"媽", "妈"},
    {"嬤", "嬷"}, {"學", "学"}, {"對", "对"}, {"幾", "几"}, {"廠", "厂"}, {"從", "从"},
    {"憶", "忆"}, {"應", "应"}, {"時", "时"}, {"會", "会"}, {"樓", "楼"}, {"樣", "样"},
    {"歲", "岁"}, {"沒", "没"}, {"測", "测"}, {"為", "为"}, {"爺", "爷"}, {"現", "现"},
    {"甚", "什"}, {"當", "当"}, {"稱", "称"}, {"給", "给"}, {"裏", "里"}, {"裡", "里"},
    {"親", "亲"}, {"記", "记"}, {"試", "试"}, {"該", "该"}, {"認", "认"}, {"說", "说"},
    {"説", "说"}, {"誰", "谁"}, {"講", "讲"}, {"識", "识"}, {"這", "这"}, {"過", "过"},
    {"還", "还"}, {"邊", "边"}, {"錯", "错"}, {"間", "间"}, {"題", "题"}, {"驗", "验"},
    {"麼", "么"}, {"點", "点"}, {"！", "!"},  {"，", ","},  {"：", ","},  {"；", "."},
    {"？", "?"},
};

// Words taken apart, and the ways people type them in haste.
static const struct pair contractions[] = {
    {"arent", "are not"},   {"can't", "can not"}, {"cannot", "can not"}, {"cant", "can not"},
    {"d'ya", "do you"},     {"d'ye", "do you"},   {"d'you", "do you"},   {"didnt", "did not"},
    {"doesnt", "does not"}, {"dont", "do not"},   {"hasnt", "has not"},  {"havent", "have not"},
    {"isnt", "is not"},     {"let's", "let us"},  {"lets", "let us"},    {"shan't", "shall not"},
    {"thats", "that is"},   {"wasnt", "was not"}, {"whats", "what is"},  {"whens", "when is"},
    {"wheres", "where is"}, {"whos", "who is"},   {"won't", "will not"}, {"ya", "you"},
    {"ye", "you"},          {"yer", "your"},
};
static const struct pair endings[] = {
    {"'d", "would"}, {"'ll", "will"}, {"'m", "am"}, {"'re", "are"}, {"'ve", "have"}, {"n't", "not"},
};
// After these 's is "is"; after a noun it says whose.
static const char *const is_words[] = {"he",   "here",  "how",  "it",   "she",   "that", "there",
                                       "this", "today", "what", "when", "where", "who"};

static size_t letter_length(const char *at)
{
    unsigned char a = (unsigned char)at[0];
    return a < 0x80 ? 1 : a < 0xE0 ? 2 : a < 0xF0 ? 3 : 4;
}

static const char *folded(struct kr_arena *mem, const char *at, size_t n)
{
    for (size_t i = 0; i < KR_COUNT(folds); i++)
        if (strlen(folds[i].from) == n && memcmp(folds[i].from, at, n) == 0)
            return folds[i].to;
    if ((unsigned char)at[0] == 0xEF && n == 3 && (unsigned char)at[1] == 0xBC &&
        (unsigned char)at[2] >= 0x81) // U+FF01..FF3F: ASCII as wide as a character
        return kr_arena_format(mem, "%c", tolower((unsigned char)at[2] - 0x80 + 0x20));
    return kr_arena_copy(mem, at, n);
}

// Han: U+3400..9FFF, and the rarer ones beyond the basic plane.
static bool is_han(const char *at)
{
    unsigned char a = (unsigned char)at[0], b = (unsigned char)at[1];
    return (a == 0xE3 && b >= 0x90) || (a >= 0xE4 && a <= 0xE9) || (a == 0xF0 && b >= 0xA0);
}

static bool is_mark(const char *text)
{
    return strchr(".,!?\"", text[0]) && text[1] == '\0';
}

bool kr_token_ends(const struct kr_token *token)
{
    return strchr(".!?", token->text[0]) && token->text[1] == '\0';
}

bool kr_token_pauses(const struct kr_token *token)
{
    return token->text[0] == ',' && token->text[1] == '\0';
}

static void add(struct kr_tokens *tokens, const char *text, size_t from, size_t to)
{
    tokens->at[tokens->n++] = (struct kr_token){.text = text, .from = from, .to = to};
}

static void add_two(struct kr_arena *mem, struct kr_tokens *tokens, const char *first,
                    const char *second, size_t from, size_t to)
{
    add(tokens, kr_arena_strdup(mem, first), from, to);
    add(tokens, kr_arena_strdup(mem, second), from, to);
    tokens->at[tokens->n - 1].more = true;
}

static bool add_contraction(struct kr_arena *mem, struct kr_tokens *tokens, char *word, size_t from,
                            size_t to)
{
    size_t n = strlen(word);
    for (size_t i = 0; i < KR_COUNT(contractions); i++)
        if (strcmp(word, contractions[i].from) == 0) {
            char *both = kr_arena_strdup(mem, contractions[i].to), *blank = strchr(both, ' ');
            if (!blank) {
                add(tokens, both, from, to);
                return true;
            }
            *blank = '\0';
            add_two(mem, tokens, both, blank + 1, from, to);
            return true;
        }
    for (size_t i = 0; i < KR_COUNT(endings); i++) {
        size_t ending = strlen(endings[i].from);
        if (n > ending && kr_ends_with(word, endings[i].from)) {
            word[n - ending] = '\0';
            add_two(mem, tokens, word, endings[i].to, from, to);
            return true;
        }
    }
    for (size_t i = 0; i < KR_COUNT(is_words) && kr_ends_with(word, "'s"); i++)
        if (strlen(is_words[i]) == n - 2 && memcmp(is_words[i], word, n - 2) == 0) {
            add_two(mem, tokens, is_words[i], "is", from, to);
            return true;
        }
    return false;
}

// Letters and digits, and an apostrophe between two of them; accents belong to their word.
static size_t word_length(const char *text, size_t at)
{
    size_t from = at;
    while (text[at]) {
        size_t n = letter_length(text + at);
        bool apostrophe = text[at] == '\'' || kr_starts_with(text + at, "’");
        bool letter = isalnum((unsigned char)text[at]) || (n == 2 && text[at] != '\xC2');
        if (!letter && !(apostrophe && at > from && isalnum((unsigned char)text[at + n])))
            break;
        at += n;
    }
    return at - from;
}

static void add_word(struct kr_arena *mem, struct kr_tokens *tokens, size_t from, size_t n)
{
    KR_AUTO(kr_buf_finish) struct kr_buf buf = {0};
    const char *at = tokens->source + from;
    for (size_t i = 0, step; i < n; i += step) {
        step = letter_length(at + i);
        char low = (char)tolower((unsigned char)at[i]);
        if (step == 1)
            kr_buf_add(&buf, &low, 1);
        else
            kr_buf_text(&buf, step == 3 ? "'" : kr_arena_copy(mem, at + i, step));
    }
    bool begins = tokens->n == 0 || kr_token_ends(&tokens->at[tokens->n - 1]) ||
                  tokens->at[tokens->n - 1].text[0] == '"';
    size_t first = tokens->n;
    if (!add_contraction(mem, tokens, buf.at, from, from + n))
        add(tokens, kr_arena_strdup(mem, buf.at), from, from + n);
    tokens->at[first].capital = isupper((unsigned char)at[0]) && !begins && n > 1;
}

static void split(struct kr_arena *mem, struct kr_tokens *tokens)
{
    const char *text = tokens->source;
    for (size_t at = 0, n; text[at]; at += n) {
        n = word_length(text, at);
        if (n) {
            add_word(mem, tokens, at, n);
            continue;
        }
        n = letter_length(text + at);
        const char *sign = folded(mem, text + at, n);
        if (strcmp(sign, ";") == 0)
            sign = ".";
        if (strcmp(sign, ":") == 0)
            sign = ",";
        if (is_mark(sign) || is_han(sign) || isalnum((unsigned char)*sign) || *sign == '\'') {
            add(tokens, sign, at, at + n);
            tokens->at[tokens->n - 1].han = is_han(sign);
        }
    }
}

// The longest sentence, a word or a Chinese character counting one.
static void measure(const struct kr_tokens *tokens, int *longest, bool *is_long)
{
    int count = 0;
    bool han = false;
    *longest = 0;
    *is_long = false;
    for (size_t i = 0; i <= tokens->n; i++) {
        if (i == tokens->n || kr_token_ends(&tokens->at[i])) {
            *longest = count > *longest ? count : *longest;
            *is_long |= count > (int)(han ? KR_PROMPT_LETTERS : KR_PROMPT_WORDS);
            count = 0;
            han = false;
            continue;
        }
        han |= tokens->at[i].han;
        count += !is_mark(tokens->at[i].text) && !tokens->at[i].more && *tokens->at[i].text != '\'';
    }
}

static bool is_quote(const struct kr_token *token)
{
    return token->text[0] == '"' || (token->text[0] == '\'' && token->text[1] == '\0');
}

// Where the quotation that opens at `from` closes; 0 when it never does.
static size_t closing(const struct kr_tokens *tokens, size_t from)
{
    for (size_t i = from + 1; i < tokens->n; i++)
        if (is_quote(&tokens->at[i]) && tokens->at[i].text[0] == tokens->at[from].text[0])
            return i;
    return 0;
}

// Another person's words become one token; a prompt that is all quotation is the speaker's own.
static void lift_quotes(struct kr_tokens *tokens)
{
    size_t kept = 0, n = tokens->n;
    while (n && kr_token_ends(&tokens->at[n - 1]))
        n--;
    bool all = n > 1 && is_quote(&tokens->at[0]) && closing(tokens, 0) == n - 1;
    for (size_t i = 0; i < tokens->n; i++) {
        if (!is_quote(&tokens->at[i])) {
            tokens->at[kept++] = tokens->at[i];
            continue;
        }
        size_t end = all ? 0 : closing(tokens, i);
        if (end <= i + SCARE)
            continue;
        tokens->at[kept++] =
            (struct kr_token){.text = "\"", .from = tokens->at[i].from, .to = tokens->at[end].to};
        i = end;
    }
    tokens->n = kept;
}

void kr_prompt_read(struct kr_arena *mem, const char *text, struct kr_tokens *out, int *longest,
                    bool *is_long)
{
    out->source = text;
    out->at = kr_arena_array(mem, struct kr_token, 2 * strlen(text) + 1);
    out->n = 0;
    split(mem, out);
    measure(out, longest, is_long);
    lift_quotes(out);
}
