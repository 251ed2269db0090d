// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/flow_priv.h"

#include <assert.h>

enum { BLOCK = 8, WINDOW = 32, APART = 2 }; // samples of flow: of a block; looked at; between two
enum { MOST = (WINDOW / APART) * (WINDOW / APART) };

struct kr_flow *kr_flow_calm_create(const struct kr_flow *flow)
{
    struct kr_flow *calm = kr_new(struct kr_flow);
    calm->shrink = flow->shrink * BLOCK;
    calm->width = (flow->width + BLOCK - 1) / BLOCK;
    calm->height = (flow->height + BLOCK - 1) / BLOCK;
    calm->u = kr_new_array(float, (size_t)calm->width *(size_t)calm->height);
    calm->v = kr_new_array(float, (size_t)calm->width *(size_t)calm->height);
    return calm;
}

// Hoare's selection.
static float middle(float *v, int n)
{
    int left = 0, right = n - 1, want = n / 2;
    while (left < right) {
        float pivot = v[want];
        int i = left, j = right;
        while (i <= j) {
            while (v[i] < pivot)
                i++;
            while (pivot < v[j])
                j--;
            if (i <= j) {
                float kept = v[i];
                v[i++] = v[j];
                v[j--] = kept;
            }
        }
        left = want > j ? i : left;
        right = want < i ? j : right;
    }
    return v[want];
}

static float median_around(const struct kr_flow *flow, const float *plane, int column, int row)
{
    float seen[MOST];
    int n = 0, middle_x = column * BLOCK + BLOCK / 2, middle_y = row * BLOCK + BLOCK / 2;
    for (int y = middle_y - WINDOW / 2; y < middle_y + WINDOW / 2; y += APART)
        for (int x = middle_x - WINDOW / 2; x < middle_x + WINDOW / 2; x += APART)
            if (x >= 0 && y >= 0 && x < flow->width && y < flow->height)
                seen[n++] = plane[(ptrdiff_t)y * flow->width + x];
    return n ? middle(seen, n) : plane[0];
}

void kr_flow_calm(const struct kr_flow *flow, struct kr_flow *out)
{
    assert(out->shrink == flow->shrink * BLOCK);
    for (int y = 0; y < out->height; y++)
        for (int x = 0; x < out->width; x++) {
            ptrdiff_t at = (ptrdiff_t)y * out->width + x;
            out->u[at] = median_around(flow, flow->u, x, y) / BLOCK;
            out->v[at] = median_around(flow, flow->v, x, y) / BLOCK;
        }
}
