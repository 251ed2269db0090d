// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/kin_priv.h"

#include <stdlib.h>
#include <string.h>

// What a step costs: of two ways of one length blood comes before law, and what is
// before what was.
enum { COST = 20, COST_ADOPTIVE = 21, COST_PARTNER = 22, COST_STEP = 24, COST_EX = 26 };
enum { FAR = 1 << 20 };

static const char *const tie_names[KR_TIE_COUNT] = {
    [KR_TIE_PARENT] = "parent",    [KR_TIE_ADOPTIVE] = "adoptive_parent",
    [KR_TIE_STEP] = "step_parent", [KR_TIE_PARTNER] = "partner",
    [KR_TIE_EX] = "ex_partner",    [KR_TIE_SIBLING] = "sibling",
};

const char *kr_tie_name(enum kr_tie tie)
{
    return tie_names[tie];
}

bool kr_tie_named(const char *name, enum kr_tie *out)
{
    for (int i = 0; i < KR_TIE_COUNT; i++)
        if (strcmp(tie_names[i], name) == 0) {
            *out = (enum kr_tie)i;
            return true;
        }
    return false;
}

size_t kr_kin_find(const struct kr_kin_graph *graph, const char *id)
{
    size_t i = 0;
    while (i < graph->n && strcmp(graph->persons[i].id, id) != 0)
        i++;
    return i;
}

// One step that may be taken from a person.
struct arc {
    size_t from, to;
    char way; // 'U' to a parent, 'D' to a child, 'P' to a partner
    char sign;
    int cost;
};
// The graph as steps. A parent nobody knows (of stated siblings) is a node of its own
// past the persons: a way may lead through it, never to it.
struct net {
    struct kr_arena *mem;
    const struct kr_kin_graph *graph;
    struct arc *arcs;
    size_t n, room, nodes;
    size_t *first; // of each node, into arcs sorted by `from`; nodes + 1 of them
};

static void add_arc(struct net *net, struct arc arc)
{
    if (net->n == net->room) {
        struct arc *larger = kr_arena_array(net->mem, struct arc, net->room * 2 + 64);
        if (net->n)
            memcpy(larger, net->arcs, net->n * sizeof *larger);
        net->arcs = larger;
        net->room = net->room * 2 + 64;
    }
    net->arcs[net->n++] = arc;
}

static void add_parent(struct net *net, size_t child, size_t parent, enum kr_tie kind)
{
    char sign = kind == KR_TIE_ADOPTIVE ? '+' : kind == KR_TIE_STEP ? '~' : 0;
    int cost = kind == KR_TIE_ADOPTIVE ? COST_ADOPTIVE : kind == KR_TIE_STEP ? COST_STEP : COST;
    add_arc(net, (struct arc){child, parent, 'U', sign, cost});
    add_arc(net, (struct arc){parent, child, 'D', sign, cost});
}

static bool is_parent(const struct kr_kin_tie *tie)
{
    return tie->kind == KR_TIE_PARENT || tie->kind == KR_TIE_ADOPTIVE;
}

// Known parents by birth or adoption, the same one counted once.
static size_t parents_of(const struct kr_kin_graph *graph, size_t child, size_t out[2])
{
    size_t n = 0;
    for (size_t i = 0; i < graph->tie_count && n < 2; i++) {
        const struct kr_kin_tie *tie = &graph->ties[i];
        if (tie->person == child && is_parent(tie) && (n == 0 || out[0] != tie->other))
            out[n++] = tie->other;
    }
    return n;
}

static size_t shared_parents(const struct kr_kin_graph *graph, size_t a, size_t b, size_t *one)
{
    size_t of_a[2], of_b[2], n = 0;
    size_t count_a = parents_of(graph, a, of_a), count_b = parents_of(graph, b, of_b);
    for (size_t i = 0; i < count_a; i++)
        for (size_t k = 0; k < count_b; k++)
            if (of_a[i] == of_b[k]) {
                *one = of_a[i];
                n++;
            }
    return n;
}

static size_t root_of(size_t *group, size_t i)
{
    while (group[i] != i)
        i = group[i] = group[group[i]];
    return i;
}

// Stated siblings: who has no parents gets those of the others; who then still shares
// none with the rest shares one nobody knows.
static void add_siblings(struct net *net)
{
    const struct kr_kin_graph *graph = net->graph;
    size_t *group = kr_arena_array(net->mem, size_t, graph->n);
    size_t *unknown = kr_arena_array(net->mem, size_t, graph->n); // of a group; 0: none yet
    for (size_t i = 0; i < graph->n; i++)
        group[i] = i;
    for (size_t i = 0; i < graph->tie_count; i++)
        if (graph->ties[i].kind == KR_TIE_SIBLING)
            group[root_of(group, graph->ties[i].person)] = root_of(group, graph->ties[i].other);
    for (size_t i = 0; i < graph->tie_count; i++) {
        const struct kr_kin_tie *tie = &graph->ties[i];
        size_t parents[2], none[2], one, pair[2] = {tie->person, tie->other};
        if (tie->kind != KR_TIE_SIBLING || shared_parents(graph, pair[0], pair[1], &one))
            continue;
        size_t root = root_of(group, tie->person);
        if (!unknown[root])
            unknown[root] = net->nodes++;
        for (int k = 0; k < 2; k++) {
            add_parent(net, pair[k], unknown[root], KR_TIE_PARENT);
            if (parents_of(graph, pair[k], none) == 0)
                for (size_t p = parents_of(graph, pair[!k], parents); p > 0; p--)
                    add_parent(net, pair[k], parents[p - 1], KR_TIE_PARENT);
        }
    }
}

static int by_from(const void *left, const void *right)
{
    const struct arc *a = left, *b = right;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    if (a->cost != b->cost)
        return a->cost < b->cost ? -1 : 1;
    if (a->way != b->way)
        return a->way < b->way ? 1 : -1;
    return a->to < b->to ? -1 : a->to > b->to;
}

static void make_net(struct net *net)
{
    const struct kr_kin_graph *graph = net->graph;
    net->nodes = graph->n;
    for (size_t i = 0; i < graph->tie_count; i++) {
        const struct kr_kin_tie *tie = &graph->ties[i];
        bool former = tie->kind == KR_TIE_EX;
        if (tie->kind == KR_TIE_PARTNER || former) {
            struct arc arc = {tie->person, tie->other, 'P', former ? '-' : 0,
                              former ? COST_EX : COST_PARTNER};
            add_arc(net, arc);
            arc.from = tie->other;
            arc.to = tie->person;
            add_arc(net, arc);
        } else if (tie->kind != KR_TIE_SIBLING) {
            add_parent(net, tie->person, tie->other, tie->kind);
        }
    }
    add_siblings(net);
    if (net->n)
        qsort(net->arcs, net->n, sizeof *net->arcs, by_from);
    net->first = kr_arena_array(net->mem, size_t, net->nodes + 1);
    for (size_t i = 0, node = 0; node <= net->nodes; node++) {
        while (i < net->n && net->arcs[i].from < node)
            i++;
        net->first[node] = i;
    }
}

// The cheapest way, found by mending the costs until nothing gets cheaper; fills `last`
// with the arc by which each node is reached. Costs are positive: cycles end by themselves.
static bool find_way(const struct net *net, size_t a, size_t b, const struct arc **last)
{
    int *cost = kr_arena_array(net->mem, int, net->nodes);
    bool *waits = kr_arena_array(net->mem, bool, net->nodes);
    size_t *queue = kr_arena_array(net->mem, size_t, net->nodes + 1);
    size_t head = 0, tail = 0;
    for (size_t i = 0; i < net->nodes; i++)
        cost[i] = FAR;
    cost[a] = 0;
    queue[tail++] = a;
    while (head != tail) {
        size_t node = queue[head];
        head = (head + 1) % (net->nodes + 1);
        waits[node] = false;
        for (size_t i = net->first[node]; i < net->first[node + 1]; i++) {
            const struct arc *arc = &net->arcs[i];
            int now = cost[node] + arc->cost;
            if (now >= cost[arc->to] || now > COST_EX * KR_KIN_STEPS)
                continue;
            cost[arc->to] = now;
            last[arc->to] = arc;
            if (!waits[arc->to]) {
                waits[arc->to] = true;
                queue[tail] = arc->to;
                tail = (tail + 1) % (net->nodes + 1);
            }
        }
    }
    return cost[b] < FAR;
}

static char sex_of(const struct kr_kin_graph *graph, size_t i)
{
    return i < graph->n ? graph->persons[i].sex : 0;
}

static char by_sex(const struct kr_kin_graph *graph, size_t i, const char *letters)
{
    char sex = sex_of(graph, i);
    return sex == 'm' ? letters[0] : sex == 'f' ? letters[1] : letters[2];
}

int kr_kin_order(const struct kr_kin_graph *graph, size_t a, size_t b)
{
    for (size_t i = 0; i < graph->tie_count; i++) {
        const struct kr_kin_tie *tie = &graph->ties[i];
        if (tie->kind != KR_TIE_SIBLING || !tie->order)
            continue;
        if (tie->person == a && tie->other == b)
            return tie->order;
        if (tie->person == b && tie->other == a)
            return -tie->order;
    }
    const struct kr_kin_person *x = &graph->persons[a], *y = &graph->persons[b];
    if (!x->dated || !y->dated)
        return 0;
    return y->born_to < x->born_from ? 1 : y->born_from > x->born_to ? -1 : 0;
}

static bool are_stated(const struct kr_kin_graph *graph, size_t a, size_t b)
{
    for (size_t i = 0; i < graph->tie_count; i++) {
        const struct kr_kin_tie *tie = &graph->ties[i];
        if (tie->kind == KR_TIE_SIBLING &&
            ((tie->person == a && tie->other == b) || (tie->person == b && tie->other == a)))
            return true;
    }
    return false;
}

// Half siblings share one parent, and both others are known: else nobody can tell.
static char half_sign(const struct kr_kin_graph *graph, size_t a, size_t b)
{
    size_t parents[2], one = 0;
    if (are_stated(graph, a, b) || shared_parents(graph, a, b, &one) != 1 ||
        parents_of(graph, a, parents) < 2 || parents_of(graph, b, parents) < 2)
        return 0;
    return by_sex(graph, one, "123");
}

static struct kr_kin_step sibling_step(const struct kr_kin_graph *graph, size_t a, size_t b,
                                       bool step)
{
    int order = kr_kin_order(graph, a, b);
    const char *letters = order > 0 ? "BZI" : order < 0 ? "bzj" : "nyi";
    return (struct kr_kin_step){by_sex(graph, b, letters), step ? '~' : half_sign(graph, a, b), b};
}

static bool both_parents_known(const struct kr_kin_graph *graph, size_t i)
{
    size_t parents[2];
    return parents_of(graph, i, parents) == 2;
}

// How many arcs from `arc` on make one step together, and that step.
static size_t take_step(const struct kr_kin_graph *graph, const struct arc *const *arc, size_t left,
                        struct kr_kin_step *out)
{
    size_t from = arc[0]->from, to = arc[0]->to;
    char way[4] = {0};
    for (size_t i = 0; i < 3 && i < left; i++)
        way[i] = arc[i]->sign == '-' ? '-' : arc[i]->way;
    if (strncmp(way, "UPD", 3) == 0 && both_parents_known(graph, from) &&
        both_parents_known(graph, arc[2]->to)) {
        *out = sibling_step(graph, from, arc[2]->to, true);
        return 3;
    }
    if (strncmp(way, "UD", 2) == 0) {
        bool step = arc[0]->sign == '~' || arc[1]->sign == '~';
        *out = sibling_step(graph, from, arc[1]->to, step);
        return 2;
    }
    if (strncmp(way, "UP", 2) == 0 && strncmp(way, "UPD", 3) != 0 &&
        both_parents_known(graph, from)) {
        *out = (struct kr_kin_step){by_sex(graph, arc[1]->to, "fmp"), '~', arc[1]->to};
        return 2;
    }
    if (strncmp(way, "PD", 2) == 0 && both_parents_known(graph, arc[1]->to)) {
        *out = (struct kr_kin_step){by_sex(graph, arc[1]->to, "sdc"), '~', arc[1]->to};
        return 2;
    }
    const char *letters = arc[0]->way == 'U' ? "fmp" : arc[0]->way == 'D' ? "sdc" : "hwo";
    *out = (struct kr_kin_step){by_sex(graph, to, letters), arc[0]->sign, to};
    return 1;
}

static bool make_path(const struct net *net, const struct arc *const *last, size_t a, size_t b,
                      struct kr_kin_path *out)
{
    const struct arc *way[2 * KR_KIN_STEPS];
    size_t n = 0;
    for (size_t at = b; at != a; at = last[at]->from) {
        if (n == KR_COUNT(way))
            return false;
        way[n++] = last[at];
    }
    for (size_t i = 0; i < n / 2; i++) {
        const struct arc *swap = way[i];
        way[i] = way[n - 1 - i];
        way[n - 1 - i] = swap;
    }
    *out = (struct kr_kin_path){.from = a, .graph = net->graph};
    for (size_t i = 0; i < n; out->n++) {
        if (out->n == KR_KIN_STEPS)
            return false;
        i += take_step(net->graph, &way[i], n - i, &out->steps[out->n]);
    }
    // Who adopted, and who shares one parent alone, is told of one's own; an adoptive
    // mother's mother is 外婆.
    for (size_t i = 0; out->n > 1 && i < out->n; i++)
        if (out->steps[i].sign && strchr("+123", out->steps[i].sign))
            out->steps[i].sign = 0;
    return true;
}

const char *kr_kin_word(struct kr_arena *mem, enum kr_lang lang, const struct kr_kin_graph *graph,
                        size_t a, size_t b)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *work = kr_arena_create();
    struct net net = {.mem = work, .graph = graph};
    struct kr_kin_path path;
    if (a >= graph->n || b >= graph->n)
        return "";
    if (a == b)
        return kr_word(lang, "kin.self");
    make_net(&net);
    const struct arc **last = kr_arena_array(work, const struct arc *, net.nodes);
    if (!find_way(&net, a, b, last) || !make_path(&net, last, a, b, &path))
        return "";
    return kr_kin_say(mem, lang, &path);
}

bool kr_kin_would_cycle(const struct kr_kin_graph *graph, size_t child, size_t parent)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    bool *above = kr_arena_array(mem, bool, graph->n + 1);
    size_t *queue = kr_arena_array(mem, size_t, graph->n + 1);
    size_t head = 0, tail = 0;
    queue[tail++] = parent;
    above[parent] = true;
    while (head < tail) {
        size_t at = queue[head++];
        if (at == child)
            return true;
        for (size_t i = 0; i < graph->tie_count; i++) {
            const struct kr_kin_tie *tie = &graph->ties[i];
            if (tie->person != at || tie->kind > KR_TIE_STEP || above[tie->other])
                continue;
            above[tie->other] = true;
            queue[tail++] = tie->other;
        }
    }
    return false;
}
