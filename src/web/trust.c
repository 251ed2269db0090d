// SPDX-License-Identifier: AGPL-3.0-or-later
// How the house is reached, and by what it is trusted.
#include "story/qr.h"
#include "web/handlers.h"
#include "web/reach.h"
#include "web/tell.h"

// What the page of trust needs before anybody has come in: nothing of the family.
KR_HANDLER(trust)
{
    struct kr_reach *reach = request->house->reach;
    KR_AUTO(kr_json_drop) json_t *told = reach ? kr_reach_new_json(reach) : NULL;
    struct kr_buf out = {0};
    (void)err;
    kr_tell_open(&out, NULL, '{');
    kr_tell_bool(&out, "home", reach != NULL);
    kr_tell_bool(&out, "own", kr_json_bool(told, "own", false));
    kr_tell_text(&out, "fingerprint", kr_json_str(told, "fingerprint", ""));
    kr_tell_text(&out, "trust_until", kr_json_str(told, "trust_until", ""));
    kr_tell_text(&out, "safe", request->safe ? request->safe : "");
    kr_tell_close(&out, '}');
    return kr_answer_json_take(answer, 200, &out);
}

// As the systems of phones and computers know it by its type. A page over plain http asks for it
// over TLS to see whether the house is trusted: so it may be asked for from there.
KR_HANDLER(house_ca)
{
    struct kr_reach *reach = request->house->reach;
    const char *text = reach ? kr_reach_authority(reach, request->mem) : "";
    if (!*text)
        return kr_fail(err, KR_E_NOT_FOUND, "the house is not its own authority");
    kr_answer_header(answer, "Cross-Origin-Resource-Policy", "cross-origin");
    return kr_answer_text(answer, 200, "application/x-x509-ca-cert", kr_str_of(text));
}

KR_HANDLER(reach)
{
    struct kr_reach *reach = request->desk->house->reach;
    KR_AUTO(kr_json_drop) json_t *told = reach ? kr_reach_new_json(reach) : kr_json_new_object();
    const char *card = kr_json_str(told, "card", "");
    struct kr_qr qr;
    kr_json_set_bool(told, "home", reach != NULL);
    if (*card) {
        if (!kr_qr_of(request->mem, card, &qr, err))
            return false;
        kr_json_set_int(told, "qr_size", qr.size + 8);
        kr_json_set_str(told, "qr_path", kr_qr_path(request->mem, &qr));
    }
    return kr_answer_text(answer, 200, "application/json",
                          kr_str_of(kr_json_text(request->mem, told)));
}
