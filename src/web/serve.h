// SPDX-License-Identifier: AGPL-3.0-or-later
// serve.h: the house opens its door: what the command `kinreel serve` runs.
//
// Until somebody owns the house (accounts come later) it is opened to this
// machine alone: any address but a loopback one is refused.

#pragma once
#include "base/words.h"

struct kr_serve_params {
    const char *archive;      // the folder
    const char *listen;       // "127.0.0.1:8420", "[::1]:8420", "localhost:0" (0: any free port)
    const char *const *names; // other names people reach it by, lower case, ended by NULL; or NULL
    const char *source;       // where its source is offered; NULL: it carries it itself
    enum kr_lang lang;        // for who does not say
    int stop;                 // descriptor (signalfd, eventfd, pipe): stops when it can be read
    // Hears once that answers are given, and at which address ("http://127.0.0.1:8420/").
    void (*ready)(void *context, const char *address);
    void *context;
};
// Returns when `stop` says so, after what was asked has been answered.
// KR_E_REFUSED for an address beyond this machine, KR_E_BUSY where another
// program listens already, KR_E_NOT_FOUND where there is no archive.
KR_CHECK bool kr_serve(const struct kr_serve_params *params, struct kr_err *err);
