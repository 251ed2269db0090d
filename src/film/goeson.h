// SPDX-License-Identifier: AGPL-3.0-or-later
// goeson.h: who is asked, during what takes long, whether it shall go on.
#pragma once
#include "base/err.h"

struct kr_goes_on {
    bool (*ask)(void *context); // NULL: it goes on
    void *context;
};

// KR_E_INTERRUPTED once the answer is no.
KR_CHECK static inline bool kr_ask_goes_on(const struct kr_goes_on *asked, struct kr_err *err)
{
    return !asked->ask || asked->ask(asked->context) || kr_fail(err, KR_E_INTERRUPTED, "stopped");
}
