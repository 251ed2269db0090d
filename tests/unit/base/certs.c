// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/certs.h"
#include "base/clock.h"
#include "base/newfile.h"
#include "harness.h"
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DAY INT64_C(86400000)
static const char *const names[] = {"lamp", "lamp.local", "localhost", NULL};
static const char *const addresses[] = {"127.0.0.1", "::1", "192.168.1.5", "fd00::5", NULL};

static struct kr_certs_wanted wanted_at(int64_t now_ms)
{
    return (struct kr_certs_wanted){.names = names, .addresses = addresses, .now_ms = now_ms};
}

// What the house shows at that time.
static struct kr_certs own_at(struct kr_test *t, int64_t now_ms)
{
    struct kr_certs certs;
    struct kr_certs_wanted wanted = wanted_at(now_ms);
    EXPECT_OK(kr_certs_own(t->mem, t->folder, &wanted, &certs, &t->err));
    return certs;
}

TEST(the_house_vouches_for_itself_and_goes_on_doing_so)
{
    int64_t now = kr_now_ms();
    struct kr_certs first = own_at(t, now), again = own_at(t, now + DAY);
    EXPECT(first.made && !again.made);
    EXPECT_INT(strlen(first.fingerprint), KR_FINGERPRINT_TEXT - 1);
    EXPECT_STR(first.fingerprint, again.fingerprint);
    EXPECT_STR(first.chain, again.chain);
    EXPECT_STR(first.key, again.key);
    EXPECT(kr_starts_with(first.authority, "-----BEGIN CERTIFICATE-----"));
    EXPECT(!strstr(first.authority, "KEY"));
    EXPECT_STR(first.names[0], "lamp");
    EXPECT_STR(first.names[2], "localhost");
    EXPECT_NEAR((double)(first.until_ms - now) / DAY, 396, 0.01);
    EXPECT_NEAR((double)(first.trust_until_ms - now) / DAY, 3653, 0.01);
}

TEST(its_keys_are_for_its_owner_alone)
{
    struct stat file;
    own_at(t, kr_now_ms());
    EXPECT(fstatat(t->folder, "house", &file, 0) == 0 && (file.st_mode & 0777) == 0700);
    EXPECT(fstatat(t->folder, "house/authority.pem", &file, 0) == 0);
    EXPECT_INT(file.st_mode & 0777, 0600);
    EXPECT(fstatat(t->folder, "house/server.pem", &file, 0) == 0);
    EXPECT_INT(file.st_mode & 0777, 0600);
}

TEST(thirty_days_before_its_end_it_is_made_anew_under_the_same_authority)
{
    int64_t now = kr_now_ms();
    struct kr_certs first = own_at(t, now), early = own_at(t, now + 360 * DAY);
    EXPECT(!early.made);
    struct kr_certs next = own_at(t, now + 367 * DAY);
    EXPECT(next.made);
    EXPECT(strcmp(next.chain, first.chain) != 0);
    EXPECT_STR(next.fingerprint, first.fingerprint);
    // A clock that was set back has made the certificate one of the future: it is made again.
    EXPECT(own_at(t, now).made);
    // In its last year the authority gives no more than it has; then another takes its place.
    struct kr_certs last = own_at(t, now + 3600 * DAY);
    EXPECT_INT(last.until_ms, last.trust_until_ms);
    EXPECT_STR(last.fingerprint, first.fingerprint);
    EXPECT(strcmp(own_at(t, now + 3640 * DAY).fingerprint, first.fingerprint) != 0);
}

TEST(a_new_address_needs_a_new_certificate_and_a_gone_one_none)
{
    int64_t now = kr_now_ms();
    struct kr_certs certs, first = own_at(t, now);
    static const char *const moved[] = {"192.168.7.9", NULL}, *const fewer[] = {"127.0.0.1", NULL};
    struct kr_certs_wanted wanted = wanted_at(now);
    wanted.addresses = fewer;
    EXPECT_OK(kr_certs_own(t->mem, t->folder, &wanted, &certs, &t->err));
    EXPECT(!certs.made);
    wanted.addresses = moved;
    EXPECT_OK(kr_certs_own(t->mem, t->folder, &wanted, &certs, &t->err));
    EXPECT(certs.made);
    EXPECT_STR(certs.fingerprint, first.fingerprint);
}

TEST(the_authority_vouches_for_no_name_of_the_wide_world)
{
    int64_t now = kr_now_ms();
    struct kr_certs first = own_at(t, now), certs;
    static const char *const bank[] = {"bank.example", NULL}, *const far[] = {"192.0.2.1", NULL},
                             *const odd[] = {"a,DNS:bank.example", NULL},
                             *const lan[] = {"tv.lan", NULL};
    struct kr_certs_wanted wanted = wanted_at(now);
    wanted.names = bank;
    EXPECT_FAIL(kr_certs_own(t->mem, t->folder, &wanted, &certs, &t->err), KR_E_INVALID);
    wanted.names = odd;
    EXPECT_FAIL(kr_certs_own(t->mem, t->folder, &wanted, &certs, &t->err), KR_E_INVALID);
    wanted.names = names;
    wanted.addresses = far;
    EXPECT_FAIL(kr_certs_own(t->mem, t->folder, &wanted, &certs, &t->err), KR_E_INVALID);
    EXPECT_STR(own_at(t, now).chain, first.chain); // and nothing was lost by asking
    wanted.addresses = addresses;
    wanted.names = lan;
    EXPECT_OK(kr_certs_own(t->mem, t->folder, &wanted, &certs, &t->err));
}

TEST(a_name_told_at_the_beginning_may_be_any)
{
    static const char *const told[] = {"family.example.org", "lamp", NULL};
    struct kr_certs_wanted wanted = wanted_at(kr_now_ms());
    struct kr_certs certs;
    wanted.names = told;
    EXPECT_OK(kr_certs_own(t->mem, t->folder, &wanted, &certs, &t->err));
    EXPECT_STR(certs.names[0], "family.example.org");
}

static void write_file(struct kr_test *t, const char *path, const char *text)
{
    KR_AUTO(kr_newfile_discard) struct kr_newfile file = KR_NEWFILE_NONE;
    EXPECT_OK(kr_newfile_begin(t->folder, &file, &t->err));
    EXPECT_OK(kr_newfile_write(&file, text, strlen(text), &t->err));
    EXPECT_OK(kr_newfile_replace(&file, path, &t->err));
}

TEST(a_damaged_authority_is_told_and_a_damaged_certificate_mended)
{
    int64_t now = kr_now_ms();
    struct kr_certs certs, first = own_at(t, now);
    struct kr_certs_wanted wanted = wanted_at(now);
    write_file(t, "house/server.pem", "torn");
    certs = own_at(t, now);
    EXPECT(certs.made);
    EXPECT_STR(certs.fingerprint, first.fingerprint);
    write_file(t, "house/authority.pem", first.authority); // its key is gone
    EXPECT_FAIL(kr_certs_own(t->mem, t->folder, &wanted, &certs, &t->err), KR_E_DAMAGED);
}

TEST(a_given_certificate_needs_its_own_key)
{
    struct kr_certs own = own_at(t, kr_now_ms()), given;
    const char *chain = kr_arena_format(t->mem, "%s/chain.pem", t->dir);
    const char *key = kr_arena_format(t->mem, "%s/key.pem", t->dir);
    const char *other = kr_arena_format(t->mem, "%s/house/authority.pem", t->dir);
    const char *none = kr_arena_format(t->mem, "%s/none.pem", t->dir);
    write_file(t, "chain.pem", own.chain);
    write_file(t, "key.pem", own.key);
    EXPECT_OK(kr_certs_given(t->mem, chain, key, &given, &t->err));
    EXPECT_STR(given.authority, "");
    EXPECT_STR(given.names[1], "lamp.local");
    EXPECT_FAIL(kr_certs_given(t->mem, chain, other, &given, &t->err), KR_E_INVALID);
    EXPECT_FAIL(kr_certs_given(t->mem, key, key, &given, &t->err), KR_E_INVALID);
    EXPECT_FAIL(kr_certs_given(t->mem, none, key, &given, &t->err), KR_E_NOT_FOUND);
}

MAIN(CASE(the_house_vouches_for_itself_and_goes_on_doing_so),
     CASE(its_keys_are_for_its_owner_alone),
     CASE(thirty_days_before_its_end_it_is_made_anew_under_the_same_authority),
     CASE(a_new_address_needs_a_new_certificate_and_a_gone_one_none),
     CASE(the_authority_vouches_for_no_name_of_the_wide_world),
     CASE(a_name_told_at_the_beginning_may_be_any),
     CASE(a_damaged_authority_is_told_and_a_damaged_certificate_mended),
     CASE(a_given_certificate_needs_its_own_key))
