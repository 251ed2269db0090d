// SPDX-License-Identifier: AGPL-3.0-or-later
// What a prompt can do wrong, and the classes of words that patterns of both languages use.
#include "care/prompt_priv.h"

#include <stdlib.h>
#include <string.h>

#define KIND(name, finding)                                                                        \
    {                                                                                              \
        name, finding, "lint." name ".why", "lint." name ".kinder"                                 \
    }

const struct kr_prompt_kind kr_prompt_kinds[] = {
    KIND("correct.again", KR_PROMPT_CORRECT),  // "I told you already"
    KIND("correct.loss", KR_PROMPT_CORRECT),   // "she died years ago", said to set somebody right
    KIND("correct.wrong", KR_PROMPT_CORRECT),  // "no, that was ..."
    KIND("recall.check", KR_PROMPT_RECALL),    // yes or no, and one of them is wrong
    KIND("recall.many", KR_PROMPT_RECALL),     // how many, how old, how long
    KIND("recall.name", KR_PROMPT_RECALL),     // what is it called
    KIND("recall.remember", KR_PROMPT_RECALL), // do you remember, do you know
    KIND("recall.what", KR_PROMPT_RECALL),     // what happened, what was it, why
    KIND("recall.when", KR_PROMPT_RECALL),     // what year
    KIND("recall.where", KR_PROMPT_RECALL),    // where was this
    KIND("recall.who", KR_PROMPT_RECALL),      // who is this
    KIND("test.guess", KR_PROMPT_TEST),        // guess who
    KIND("test.judge", KR_PROMPT_TEST),        // right, wrong, points, clues
    KIND("test.quiz", KR_PROMPT_TEST),         // a quiz, or a memory put to the test
    KIND("test.task", KR_PROMPT_TEST),         // name three, point to
    KIND("test.today", KR_PROMPT_TEST),        // what day is it
};
const size_t kr_prompt_kinds_count = KR_COUNT(kr_prompt_kinds);

const struct kr_prompt_class kr_prompt_classes[] = {
    {"ABOUT", "who|whom|whose|what|when|where|which|how_old|how_many|how_long|his|her_name|their"},
    {"KIN", "brother|sister|mother|father|mum|mom|mummy|dad|aunt|auntie|uncle|cousin|husband|wife|"
            "son|daughter|friend|grandmother|grandfather|gran|grandma|grandad|grandpa|nephew|niece|"
            "teacher|neighbour|boss|舅|姨|叔|伯|姑|哥|姐|弟|妹|爸|妈|爷|奶|婆|公|姥|爹|娘|嫂|婶|侄|"
            "孙|老伴|丈夫|妻|爱人|同学|同事|老师|师傅|邻居|儿子|女儿|朋友"},
    {"PAST", "那天|那年|当时|当年|那会儿|那时|那时候|以前|小时候|年轻时|年轻的时候|从前|早饭|午饭|"
             "早上|昨天|昨晚|刚才|第一|早先|过去|旧时"},
    {"THEY", "you|he|she|they|we|it|your|our|this|that|these|those|there|everyone|NAME"},
    {"THIS", "this|that|these|those|he|she|they|it|the"},
    {"WHO", "谁|哪位|哪一位|哪个人|边个|边位|啥人|何人"},
    {"YOU", "you|youse|thou|你|您|恁|侬|汝|倷|奶奶|爷爷|妈妈|爸爸"},
};
const size_t kr_prompt_classes_count = KR_COUNT(kr_prompt_classes);

static int by_name(const void *name, const void *kind)
{
    return strcmp(name, ((const struct kr_prompt_kind *)kind)->name);
}

const struct kr_prompt_kind *kr_prompt_kind_of(const char *name)
{
    return bsearch(name, kr_prompt_kinds, kr_prompt_kinds_count, sizeof *kr_prompt_kinds, by_name);
}
