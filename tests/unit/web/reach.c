// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/reach.h"
#include "base/certs.h"
#include "base/newfile.h"
#include "harness.h"
#include "web/nearby.h"
#include <fcntl.h>
#include <string.h>

static struct kr_reach_params near_params(struct kr_test *t)
{
    return (struct kr_reach_params){
        .archive = t->dir, .port = 8420, .plain_port = 8421, .near = true};
}

static const char *told(struct kr_test *t, struct kr_reach *reach, const char *member)
{
    KR_AUTO(kr_json_drop) json_t *json = kr_reach_new_json(reach);
    return kr_arena_strdup(t->mem, kr_json_str(json, member, ""));
}

TEST(a_house_says_how_it_is_reached)
{
    KR_AUTO(kr_reach_close) struct kr_reach *reach = NULL;
    static const char *const names[] = {"family.test", "fd00::7", NULL};
    struct kr_reach_params params = near_params(t);
    params.names = names;
    EXPECT_OK(kr_reach_open(&params, &reach, &t->err));
    EXPECT_STR(told(t, reach, "address"), "https://family.test:8420/");
    EXPECT_STR(told(t, reach, "trust"), "http://family.test:8421/trust");
    EXPECT_STR(told(t, reach, "card"), "http://family.test:8421/trust");
    EXPECT(kr_starts_with(kr_reach_authority(reach, t->mem), "-----BEGIN CERTIFICATE-----"));
    EXPECT_STR(kr_reach_names(reach)[0], "family.test");
    KR_AUTO(kr_json_drop) json_t *kept = NULL;
    EXPECT_OK(kr_json_read_file(t->folder, "house/reach.json", 1 << 16, &kept, &t->err));
    EXPECT_STR(kr_json_str(kept, "fingerprint", ""), told(t, reach, "fingerprint"));
    EXPECT_STR(json_string_value(json_array_get(kr_json_get(kept, "addresses"), 1)),
               "https://[fd00::7]:8420/");
    EXPECT(!strstr(kr_json_text(t->mem, kept), "KEY"));
    EXPECT_OK(kr_reach_look(reach, &t->err));
}

TEST(another_start_is_trusted_as_the_first_was)
{
    struct kr_reach_params params = near_params(t);
    const char *first = NULL;
    for (int i = 0; i < 2; i++) {
        KR_AUTO(kr_reach_close) struct kr_reach *reach = NULL;
        EXPECT_OK(kr_reach_open(&params, &reach, &t->err));
        const char *fingerprint = told(t, reach, "fingerprint");
        EXPECT(!first || strcmp(first, fingerprint) == 0);
        first = fingerprint;
    }
    static const char *const wide[] = {"family.example.org", NULL};
    KR_AUTO(kr_reach_close) struct kr_reach *reach = NULL;
    params.names = wide;
    EXPECT_FAIL(kr_reach_open(&params, &reach, &t->err), KR_E_INVALID);
}

static void put(struct kr_test *t, const char *path, const char *text)
{
    KR_AUTO(kr_newfile_discard) struct kr_newfile file = KR_NEWFILE_NONE;
    EXPECT_OK(kr_newfile_begin(t->folder, &file, &t->err));
    EXPECT_OK(kr_newfile_write(&file, text, strlen(text), &t->err));
    EXPECT_OK(kr_newfile_replace(&file, path, &t->err));
}

// Somebody's certificate for such a name, as files.
static void give(struct kr_test *t, const char *name, const char *folder)
{
    KR_AUTO(kr_fd_close) int elsewhere = -1;
    const char *const names[] = {name, NULL}, *const none[] = {NULL};
    const struct kr_certs_wanted wanted = {names, none, INT64_C(1800000000000)};
    struct kr_certs certs;
    EXPECT_OK(kr_open_folder(t->folder, folder, true, &elsewhere, &t->err));
    EXPECT_OK(kr_certs_own(t->mem, elsewhere, &wanted, &certs, &t->err));
    put(t, "chain.pem", certs.chain);
    put(t, "key.pem", certs.key);
}

TEST(a_given_certificate_is_taken_anew_when_its_file_changes)
{
    KR_AUTO(kr_reach_close) struct kr_reach *reach = NULL;
    struct kr_reach_params params = near_params(t);
    params.cert = kr_arena_format(t->mem, "%s/chain.pem", t->dir);
    params.key = kr_arena_format(t->mem, "%s/key.pem", t->dir);
    EXPECT_FAIL(kr_reach_open(&params, &reach, &t->err), KR_E_NOT_FOUND);
    t->err = (struct kr_err){0};
    give(t, "photos.example.org", "one");
    EXPECT_OK(kr_reach_open(&params, &reach, &t->err));
    EXPECT_STR(told(t, reach, "address"), "https://photos.example.org:8420/");
    EXPECT_STR(told(t, reach, "trust"), "");
    EXPECT_STR(kr_reach_authority(reach, t->mem), "");
    EXPECT(kr_reach_is_given(reach));
    const char *first = told(t, reach, "fingerprint");
    put(t, "chain.pem", "half a certif"); // whoever renews it is in the middle of it
    EXPECT_FAIL(kr_reach_look(reach, &t->err), KR_E_INVALID);
    EXPECT_STR(told(t, reach, "fingerprint"), first);
    give(t, "photos.example.org", "two");
    EXPECT_OK(kr_reach_look(reach, &t->err));
    EXPECT(strcmp(told(t, reach, "fingerprint"), first) != 0);
}

TEST(only_what_this_network_knows_is_an_address_of_the_house)
{
    for (const char *const *at = kr_nearby_addresses(t->mem); *at; at++) {
        EXPECT(kr_is_address(*at));
        EXPECT(!kr_starts_with(*at, "127.") && strcmp(*at, "::1") != 0);
    }
    EXPECT_INT(kr_is_address("192.168.1.5"), 4);
    EXPECT_INT(kr_is_address("fd00::5"), 6);
    EXPECT_INT(kr_is_address("192.168.1"), 0);
    EXPECT_INT(kr_is_address("lamp.local"), 0);
    const char *name = kr_nearby_name(t->mem);
    EXPECT(!*name || kr_is_host_name(name));
}

MAIN(CASE(a_house_says_how_it_is_reached), CASE(another_start_is_trusted_as_the_first_was),
     CASE(a_given_certificate_is_taken_anew_when_its_file_changes),
     CASE(only_what_this_network_knows_is_an_address_of_the_house))
