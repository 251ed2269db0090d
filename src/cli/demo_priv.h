// SPDX-License-Identifier: AGPL-3.0-or-later
// demo_priv.h: one home of `kinreel demo`, furnished as samples/demo.json tells.
//
// The file says what a family would: who they are, what they say of which picture, who may come
// in. "@xiulan" stands for a person and "@hands.jpg" for an item, wherever an id is wanted.
#pragma once
#include "archive/era.h"
#include "base/json.h"
#include "cli/cli.h"

struct kr_demo_room {
    struct kr_cli *cli;
    struct kr_store *store; // acts for this home
    const struct kr_era *era;
    const char *album;       // the folder of the sample album
    const json_t *faces;     // where the faces of its pictures are (samples/main.c)
    const json_t *plan;      // the home as demo.json has it
    json_t *persons, *items; // from "@…" to the id; the caller's to drop
};

// All of the plan but the accounts and cards.
KR_CHECK bool kr_demo_furnish(struct kr_demo_room *room);
// The accounts of the plan, and its cards: [{"code","label","link"}] into *cards.
KR_CHECK bool kr_demo_let_in(struct kr_demo_room *room, json_t *cards);
