// SPDX-License-Identifier: AGPL-3.0-or-later
// reach.h: how a house that is open to its family's network is reached: its
// names and addresses, the certificate it shows, and what it is trusted by.
//
// (1) The certificate is looked after: a given one is taken when its file has changed, the
//     house's own is made anew before its end and when the machine has another address.
//     No connection is dropped for it; one that cannot be read changes nothing.
// (2) What is told here is also kept in the archive's house/reach.json, for a command beside
//     the server.
// Threads: any may ask; one, the one that opened it, looks after it.

#pragma once
#include "base/json.h"
#include "web/tls.h"

struct kr_reach_params {
    const char *archive;       // the folder
    const char *cert, *key;    // of a given certificate (PEM files), or both NULL: the house's own
    const char *const *names;  // told by its keeper, lower case; addresses among them; or NULL
    uint16_t port, plain_port; // of TLS, and of plain http beside it (0: there is none)
    bool near;                 // only this machine itself may come
};
struct kr_reach;
KR_CHECK bool kr_reach_open(const struct kr_reach_params *params, struct kr_reach **out,
                            struct kr_err *err);
void kr_reach_close(struct kr_reach **reach); // after the server has stopped

// Looks whether anything changed (1); true also when nothing did. Fails without harm:
// everything stays as it was.
KR_CHECK bool kr_reach_look(struct kr_reach *reach, struct kr_err *err);

// Every name it answers to, lower case, ended by NULL; as long as it is open.
const char *const *kr_reach_names(const struct kr_reach *reach);
struct kr_tls *kr_reach_tls(const struct kr_reach *reach);
bool kr_reach_is_given(const struct kr_reach *reach);

// All that may be told of it (docs/formats/api.md, Reach); the caller's.
json_t *kr_reach_new_json(struct kr_reach *reach);
// Where somebody is sent, without a slash at the end: "https://192.168.1.5:8420". A guest's
// telephone trusts nothing of the house's own, so it gets the plain door, where there is one.
const char *kr_reach_address(struct kr_reach *reach, bool guest, struct kr_arena *mem);
// What a device is to trust, as PEM in `mem`; "" where the certificate was given.
const char *kr_reach_authority(struct kr_reach *reach, struct kr_arena *mem);
