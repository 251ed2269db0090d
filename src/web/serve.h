// SPDX-License-Identifier: AGPL-3.0-or-later
// serve.h: the house opens its door: what the command `kinreel serve` runs.
//
// Plain HTTP is for this machine alone: any address but a loopback one is refused. With `home`
// the house's network may come, over TLS, as soon as somebody owns the house and can say who
// comes in; until then only this machine, there too.

#pragma once
#include "base/json.h"
#include "base/words.h"

struct kr_serve_home {
    const char *cert, *key; // of a given certificate (PEM files), or both NULL: the house's own
    uint16_t port;          // of TLS, on all addresses; 0: any free one
    const char *listen;     // instead: a loopback address and port, for this machine alone
    uint16_t plain_port;    // of plain http beside it; 0: any free one
    bool plain;             // whether there is plain http beside it
    int again;              // descriptor (signalfd): looks after the certificate now; or -1
};
struct kr_serve_params {
    const char *archive;      // the folder
    const char *listen;       // "127.0.0.1:8420", "[::1]:8420", "localhost:0" (0: any free port)
    const char *const *names; // other names people reach it by, lower case, ended by NULL; or NULL
    const char *source;       // where its source is offered; NULL: it carries it itself
    enum kr_lang lang;        // for who does not say
    const struct kr_serve_home *home; // NULL: this machine alone, by `listen`
    int stop; // descriptor (signalfd, eventfd, pipe): stops when it can be read
    // Hears once that answers are given, and at which address ("http://127.0.0.1:8420/");
    // `told` is what docs/formats/api.md calls Reach, NULL without `home`.
    void (*ready)(void *context, const char *address, const json_t *told);
    void *context;
};
// Returns when `stop` says so, after what was asked has been answered.
// KR_E_REFUSED for an address beyond this machine and for a home that nobody owns yet,
// KR_E_BUSY where another program listens already, KR_E_NOT_FOUND where there is no archive.
KR_CHECK bool kr_serve(const struct kr_serve_params *params, struct kr_err *err);
