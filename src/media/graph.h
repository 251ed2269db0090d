// SPDX-License-Identifier: AGPL-3.0-or-later
// graph.h: FFmpeg's filters on our samples; nobody else speaks to libavfilter.
#pragma once
#include "media/samples.h"

struct kr_graph;
// A chain such as "highpass=f=60,afftdn=nr=12" on sound of `rate` and `channels`.
// The chain is ours, never a stranger's text; filters that open files are refused.
KR_CHECK bool kr_graph_open(const char *chain, int rate, int channels, struct kr_graph **out,
                            struct kr_err *err);
void kr_graph_close(struct kr_graph **graph);
KR_CHECK bool kr_graph_push(struct kr_graph *graph, const struct kr_samples *samples,
                            struct kr_err *err);
KR_CHECK bool kr_graph_end(struct kr_graph *graph, struct kr_err *err); // nothing more comes
// What is ready, the caller's to destroy; NULL when more must be pushed, or at the end.
KR_CHECK bool kr_graph_pull(struct kr_graph *graph, struct kr_samples **out, struct kr_err *err);
