// SPDX-License-Identifier: AGPL-3.0-or-later
// work.h: slow work begins: a job for the worker (store/jobs.h), and the answer that tells of it.

#pragma once
#include "store/jobs.h"
#include "web/http.h"

// Adds it and answers it, 202; its texts then live in the request's arena.
KR_CHECK bool kr_web_begin_job(struct kr_request *request, struct kr_answer *answer,
                               struct kr_store *store, struct kr_job *job, struct kr_err *err);
