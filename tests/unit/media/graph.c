// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/graph.h"
#include "made.h"
#include "media/start.h"
#include <math.h>

static double loudness_after(struct kr_test *t, const char *chain, double hertz)
{
    KR_AUTO(kr_graph_close) struct kr_graph *graph = NULL;
    struct kr_samples *in = NULL, *out = NULL;
    double energy = 0;
    size_t n = 0;
    EXPECT_OK(kr_media_start(&t->err));
    EXPECT_OK(kr_graph_open(chain, KR_RATE, 2, &graph, &t->err));
    for (int block = 0; block < 10; block++) {
        EXPECT_OK(kr_samples_create(KR_RATE, 2, 4801, &in, &t->err));
        for (size_t i = 0; i < in->n; i++)
            in->channel[0][i] = in->channel[1][i] =
                (float)sin(2 * M_PI * hertz * (double)(i + 4801 * (size_t)block) / KR_RATE);
        EXPECT_OK(kr_graph_push(graph, in, &t->err));
        kr_samples_destroy(&in);
        if (block == 9)
            EXPECT_OK(kr_graph_end(graph, &t->err));
        for (;;) {
            EXPECT_OK(kr_graph_pull(graph, &out, &t->err));
            if (!out)
                break;
            EXPECT_INT(out->at, (int64_t)n);
            for (size_t i = 0; i < out->n; i++)
                energy += (double)out->channel[1][i] * (double)out->channel[1][i];
            n += out->n;
            kr_samples_destroy(&out);
        }
    }
    EXPECT_INT(n, 48010);
    return sqrt(2 * energy / (double)n);
}

TEST(a_chain_does_what_it_says)
{
    EXPECT_NEAR(loudness_after(t, "volume=0.5", 440), 0.5, 0.001);
    EXPECT(loudness_after(t, "highpass=f=1000,highpass=f=1000", 50) < 0.01);
    EXPECT(loudness_after(t, "highpass=f=1000,highpass=f=1000", 8000) > 0.9);
}

TEST(filters_that_open_files_are_refused)
{
    static const char *const refused[] = {"amovie=/etc/passwd",
                                          "volume=1,amovie=/etc/passwd",
                                          "ladspa=file=cmt",
                                          "sofalizer=sofa=a",
                                          "asendcmd=f=/etc/passwd",
                                          "volume=1[a];[a]volume=1",
                                          "arnndn=m=/etc/passwd",
                                          "",
                                          "vol\\ume=1",
                                          "ametadata=mode=print:file=/tmp/x"};
    EXPECT_OK(kr_media_start(&t->err));
    for (size_t i = 0; i < KR_COUNT(refused); i++) {
        struct kr_graph *graph = NULL;
        t->err = (struct kr_err){0};
        bool opened = kr_graph_open(refused[i], KR_RATE, 1, &graph, &t->err);
        if (opened || (*refused[i] && t->err.code != KR_E_REFUSED))
            print_error("%s: %s\n", refused[i], t->err.text);
        EXPECT(!opened && (!*refused[i] || t->err.code == KR_E_REFUSED));
    }
}

MAIN(CASE(a_chain_does_what_it_says), CASE(filters_that_open_files_are_refused))
