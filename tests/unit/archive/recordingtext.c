// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/recordingtext.h"
#include "harness.h"

static const json_t *parsed(struct kr_test *t, const char *text)
{
    json_t *value = NULL;
    EXPECT_OK(kr_json_parse(kr_str_of(text), 100000, &value, &t->err));
    return kr_json_lend(t->mem, value);
}

TEST(what_a_recorder_tells_comes_back_as_it_was_told)
{
    struct kr_recording_about about, again;
    const json_t *body =
        parsed(t, "{\"kind\":\"film\",\"mime\":\"video/webm;codecs=vp8,opus\",\"device\":\"镜头\","
                  "\"zone_min\":-300,\"for\":{\"code\":\"7KX\"}}");
    EXPECT_OK(kr_recording_about_read(t->mem, body, 1000, &about, &t->err));
    EXPECT_INT(about.began_ms, 1000);
    KR_AUTO(kr_json_drop) json_t *out = kr_recording_about_new_json(&about);
    EXPECT_OK(kr_recording_about_read(t->mem, out, 0, &again, &t->err));
    EXPECT_STR(again.kind, "film");
    EXPECT_STR(again.device, "镜头");
    EXPECT_INT(again.began_ms, 1000);
    EXPECT_INT(again.zone_min, -300);
    EXPECT_STR(kr_json_str(again.cause, "code", ""), "7KX");
    EXPECT_STR(kr_recording_name(t->mem, &again), "REC_19691231_190001.webm");
}

TEST(what_is_no_recording_is_refused)
{
    static const char *const wrong[] = {
        "{}",
        "[]",
        "{\"kind\":\"smell\",\"mime\":\"audio/webm\"}",
        "{\"kind\":\"sound\",\"mime\":\"text/html\"}",
        "{\"kind\":\"sound\",\"mime\":\"audio/\\n\\nx\"}",
        "{\"kind\":\"sound\",\"mime\":\"audio/webm\",\"for\":\"7KX\"}",
        "{\"kind\":\"sound\",\"mime\":\"audio/webm\",\"zone_min\":9999}",
        "{\"kind\":\"sound\",\"mime\":\"audio/webm\",\"began_ms\":-1}",
    };
    struct kr_recording_about about;
    for (size_t i = 0; i < KR_COUNT(wrong); i++)
        EXPECT_FAIL(kr_recording_about_read(t->mem, parsed(t, wrong[i]), 0, &about, &t->err),
                    KR_E_INVALID);
}

TEST(the_name_of_a_piece_tells_its_number_and_hash)
{
    struct kr_piece piece = {.number = 42}, again;
    char name[KR_PIECE_NAME];
    kr_sha256("abc", 3, piece.sha256);
    kr_piece_name(&piece, name);
    EXPECT_STR(name, "000042-ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT(kr_piece_name_read(name, &again));
    EXPECT(again.number == 42 && memcmp(again.sha256, piece.sha256, 32) == 0);
    name[10] = 'B'; // one name for one piece
    EXPECT(!kr_piece_name_read(name, &again));
    EXPECT(!kr_piece_name_read("about.json", &again));
    EXPECT(!kr_piece_name_read("", &again));
}

TEST(the_hash_of_a_list_is_what_sha256sum_says_of_its_lines)
{
    struct kr_piece pieces[2] = {{.number = 0}, {.number = 1}};
    uint8_t hash[KR_SHA256_SIZE];
    char hex[KR_SHA256_HEX];
    kr_sha256("a", 1, pieces[0].sha256);
    kr_sha256("b", 1, pieces[1].sha256);
    kr_pieces_hash(pieces, 2, hash);
    kr_hex(hash, sizeof hash, hex);
    // { printf a | sha256sum; printf b | sha256sum; } | cut -c1-64 | sha256sum
    EXPECT_STR(hex, "bf75fafab8e46555836b92f1b04106b795a9ed36bd39b351f103b28819895f33");
}

TEST(a_digest_is_read_as_rfc_9530_writes_it)
{
    uint8_t hash[KR_SHA256_SIZE], want[KR_SHA256_SIZE];
    kr_sha256("abc", 3, want);
    EXPECT(kr_content_digest_read("sha-256=:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=:", hash));
    EXPECT(memcmp(hash, want, sizeof hash) == 0);
    EXPECT(!kr_content_digest_read("sha-256=:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=", hash));
    EXPECT(!kr_content_digest_read("md5=:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=:", hash));
    EXPECT(!kr_content_digest_read("", hash));
    EXPECT(!kr_content_digest_read(NULL, hash));
}

TEST(an_end_needs_a_number_and_a_hash)
{
    struct kr_recording_end end;
    EXPECT_OK(kr_recording_end_read(
        parsed(t, "{\"pieces\":3,\"sha256\":"
                  "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"}"),
        &end, &t->err));
    EXPECT_INT(end.pieces, 3);
    EXPECT_FAIL(kr_recording_end_read(parsed(t, "{\"pieces\":3}"), &end, &t->err), KR_E_INVALID);
    EXPECT_FAIL(kr_recording_end_read(parsed(t, "{\"pieces\":0,\"sha256\":\"\"}"), &end, &t->err),
                KR_E_INVALID);
}

MAIN(CASE(what_a_recorder_tells_comes_back_as_it_was_told), CASE(what_is_no_recording_is_refused),
     CASE(the_name_of_a_piece_tells_its_number_and_hash),
     CASE(the_hash_of_a_list_is_what_sha256sum_says_of_its_lines),
     CASE(a_digest_is_read_as_rfc_9530_writes_it), CASE(an_end_needs_a_number_and_a_hash))
