// SPDX-License-Identifier: AGPL-3.0-or-later
// search.h: what somebody typed becomes a question the store can answer.
//
//   奶奶 1985               both
//   "老屋 门前"  -婚礼       these words together; not that one
//   person:奶奶 place:北京   人物: 地点:
//   year:1980s year:1976-1978 year:八十年代   年份:  (also any EDTF)
//   type:photo|video|audio   类型:照片|视频|声音
//   undated:                 没有日期:
//   hidden:                  收起来的:   what is hidden, and only that
//   wed*                     words that begin so
//   nainai, nn               as it sounds, and its initials
//
// One Han character finds every word that begins with or holds it. Nothing typed here is
// ever FTS syntax: the expression is made of tokens in double quotes, *, AND, OR, NOT
// and parentheses alone. What cannot be understood as a field is a word to look for.

#pragma once
#include "store/items.h"

enum { KR_SEARCH_MOST = 1024, KR_SEARCH_TERMS = 32 }; // bytes and terms; the rest is passed over

// Fills match, kind, from, to, undated and hidden of *out; cursor and limit are the
// caller's. An empty question matches everything (match ""). Text is the arena's.
void kr_search_parse(struct kr_arena *mem, const char *question, struct kr_search *out);
