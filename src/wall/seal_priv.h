// SPDX-License-Identifier: AGPL-3.0-or-later
// seal_priv.h: the single walls of seal.h.
#pragma once
#include "wall/seal.h"

KR_CHECK bool kr_seal_calls(bool scratch, struct kr_err *err); // (4)
KR_CHECK bool kr_seal_paths(int *abi, struct kr_err *err);     // (3); *abi 0 where there is none

// The pages of address space mapped now, of an open /proc/self/statm (proc(5),
// its first number); 0 when it cannot be read. May be called by a signal handler.
uint64_t kr_pages_mapped(int statm);
