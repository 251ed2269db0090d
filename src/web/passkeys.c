// SPDX-License-Identifier: AGPL-3.0-or-later
// Devices that open the door by themselves: the house asks, the device signs, and once it is
// known, that is enough to come in.
#include "archive/passkeys.h"
#include "base/clock.h"
#include "base/log.h"
#include "web/enter_priv.h"
#include "web/tell.h"
#include "web/webauthn.h"

#include <string.h>

// Where the page stands that asks; the guard has found Origin and Host to be one, and over plain
// http beside TLS (beside.h) nobody comes so far. False: answered, no device can be known there.
static bool place_of(struct kr_request *request, struct kr_answer *answer,
                     struct kr_ceremony *ceremony)
{
    ceremony->origin = kr_request_header(request, "Origin");
    return (ceremony->origin &&
            kr_webauthn_place(request->mem, ceremony->origin, &ceremony->rp, NULL)) ||
           !kr_answer_problem(request, answer, 422, "no_name", "web.passkey_place");
}

// A member of the body in base64; false where it is none, or nothing.
static bool bytes_in(struct kr_request *request, const json_t *body, const char *name,
                     struct kr_str *out)
{
    struct kr_str text = kr_str_of(kr_json_str(body, name, ""));
    return text.n > 0 && kr_base64_decode(request->mem, text, out, NULL) && out->n > 0;
}

static bool answer_begun(struct kr_answer *answer, struct kr_buf *out)
{
    kr_tell_int(out, "timeout_ms", KR_CHALLENGE_MS);
    kr_tell_close(out, '}');
    kr_answer_header(answer, "Cache-Control", "no-store");
    return kr_answer_json_take(answer, 200, out);
}

static void tell_begun(struct kr_request *request, struct kr_buf *out, const char *purpose,
                       const char *from, const char *rp)
{
    char challenge[KR_TOKEN_TEXT];
    kr_challenge_new(request->desk->house->challenges, purpose, from, kr_monotonic_ms(), challenge);
    kr_tell_open(out, NULL, '{');
    kr_tell_text(out, "challenge", challenge);
    kr_tell_text(out, "rp", rp);
}

// Nobody says who they are: the device knows.
KR_HANDLER(enter_begin)
{
    struct kr_trying trying = kr_web_trying(request, "");
    struct kr_ceremony ceremony;
    struct kr_buf out = {0};
    (void)err;
    if (!place_of(request, answer, &ceremony) || !kr_web_may_try(request, answer, &trying))
        return true;
    tell_begun(request, &out, "enter", trying.keys[0], ceremony.rp);
    return answer_begun(answer, &out);
}

struct coming {
    struct kr_ceremony ceremony;
    struct kr_asserted said;
    struct kr_str credential, user;
    bool asked, known;
    struct kr_passkey passkey; // where it is known, and whose it is
    struct kr_account account;
    int64_t count;
};

static bool read_coming(struct kr_request *request, struct kr_answer *answer, const json_t *body,
                        struct coming *out)
{
    out->ceremony.challenge = request->params[0];
    if (!place_of(request, answer, &out->ceremony))
        return false;
    return (bytes_in(request, body, "credential", &out->credential) &&
            bytes_in(request, body, "client_data", &out->said.client_data) &&
            bytes_in(request, body, "authenticator_data", &out->said.authenticator_data) &&
            bytes_in(request, body, "signature", &out->said.signature) &&
            bytes_in(request, body, "user", &out->user)) ||
           !kr_answer_problem(request, answer, 422, "invalid", "error.invalid");
}

// Spends the question, and finds whose device it is; false only where the store fails.
static bool find_device(struct kr_request *request, struct kr_store *store, struct coming *coming,
                        struct kr_err *err)
{
    coming->account.name = "";
    coming->asked = kr_challenge_take(request->desk->house->challenges, "enter",
                                      coming->ceremony.challenge, kr_monotonic_ms());
    coming->known = kr_door_known(store, request->mem, coming->credential, &coming->passkey,
                                  &coming->account, err);
    return coming->known || err->code == KR_E_REFUSED;
}

// Whose device it says it is, and is: the one that was made here, for that account, under this
// name of the house. The device was given the account's id to keep.
static bool is_theirs(const struct coming *coming)
{
    return strcmp(coming->passkey.rp, coming->ceremony.rp) == 0 &&
           coming->user.n == strlen(coming->account.id) &&
           memcmp(coming->user.at, coming->account.id, coming->user.n) == 0;
}

static bool is_right(struct coming *coming, struct kr_err *err)
{
    return coming->asked && coming->known && is_theirs(coming) &&
           kr_webauthn_asserted(&coming->ceremony, &coming->said, coming->passkey.algorithm,
                                coming->passkey.key, &coming->count, err);
}

// A copy of a device, perhaps: whoever runs the house can see that, without a name.
static void note_copy(const struct coming *coming)
{
    if (coming->count <= coming->passkey.count && coming->passkey.count > 0)
        kr_log(KR_WARN, "door.count_back", KR_T("passkey", coming->passkey.id));
}

// True and unanswered: *token opens. True and answered: refused, and counted.
static bool try_device(struct kr_request *request, struct kr_answer *answer, struct kr_store *store,
                       struct coming *coming, char token[static KR_TOKEN_TEXT], struct kr_err *err)
{
    struct kr_trying trying = kr_web_trying(request, "");
    if (!kr_web_may_try(request, answer, &trying))
        return true;
    if (!find_device(request, store, coming, err))
        return false;
    trying = kr_web_trying(request, coming->account.name);
    if (!kr_web_may_try(request, answer, &trying))
        return true;
    if (is_right(coming, err)) {
        if (kr_door_by_passkey(store, &coming->passkey, coming->count, kr_web_browser(request),
                               token, err))
            return true;
        if (err->code != KR_E_REFUSED)
            return false;
        note_copy(coming);
    }
    return kr_web_refuse_wrong(request, answer, &trying, "web.passkey_wrong");
}

// {"credential", "client_data", "authenticator_data", "signature", "user"}, each in base64.
KR_HANDLER(enter_finish)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    struct coming coming = {0};
    struct kr_store *store;
    char token[KR_TOKEN_TEXT];
    if (!kr_request_json(request, &body, answer) || !read_coming(request, answer, body, &coming))
        return true;
    if (!kr_desk_write(request->desk, &store, err) ||
        !try_device(request, answer, store, &coming, token, err))
        return false;
    return answer->status != 0 || kr_web_let_in(request, answer, store, token, err);
}

static void tell_passkey(struct kr_buf *out, const struct kr_passkey *passkey)
{
    kr_tell_open(out, NULL, '{');
    kr_tell_text(out, "id", passkey->id);
    kr_tell_text(out, "label", passkey->label);
    kr_tell_text(out, "rp", passkey->rp);
    kr_tell_int(out, "made_ms", passkey->made_ms);
    kr_tell_int(out, "used_ms", passkey->used_ms);
    kr_tell_close(out, '}');
}

static bool tell_passkeys(struct kr_request *request, struct kr_answer *answer,
                          struct kr_store *store, int status, struct kr_err *err)
{
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    struct kr_passkey *all;
    size_t n;
    if (!kr_passkeys_of_account(store, request->mem, request->visitor.account, &all, &n, err))
        return false;
    kr_tell_open(&out, NULL, '{');
    kr_tell_open(&out, "passkeys", '[');
    for (size_t i = 0; i < n; i++)
        tell_passkey(&out, &all[i]);
    kr_tell_close(&out, ']');
    kr_tell_close(&out, '}');
    return kr_answer_json_take(answer, status, &out);
}

// One's own; whoever came by a card has none.
KR_HANDLER(passkeys)
{
    struct kr_store *store;
    return kr_desk_read(request->desk, &store, err) &&
           tell_passkeys(request, answer, store, 200, err);
}

static const char *purpose_of(const struct kr_request *request)
{
    return kr_arena_format(request->mem, "know:%s", request->visitor.session);
}

// False: answered, they have no account or sit where no device can be known.
static bool may_know(struct kr_request *request, struct kr_answer *answer,
                     struct kr_ceremony *ceremony)
{
    if (!*request->visitor.account)
        return !kr_answer_problem(request, answer, 422, "no_account", "web.passkey_account");
    return place_of(request, answer, ceremony);
}

// Which devices the account has at this name: they are not known twice.
static bool tell_known(struct kr_request *request, struct kr_buf *out, struct kr_store *store,
                       const char *rp, struct kr_err *err)
{
    struct kr_passkey *all;
    size_t n;
    if (!kr_passkeys_of_account(store, request->mem, request->visitor.account, &all, &n, err))
        return false;
    kr_tell_open(out, "known", '[');
    for (size_t i = 0; i < n; i++)
        if (strcmp(all[i].rp, rp) == 0)
            kr_tell_text(out, NULL,
                         kr_base64(request->mem, all[i].credential.at, all[i].credential.n));
    kr_tell_close(out, ']');
    return true;
}

KR_HANDLER(know_begin)
{
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    struct kr_ceremony ceremony;
    struct kr_store *store;
    if (!may_know(request, answer, &ceremony))
        return true;
    const char *purpose = purpose_of(request);
    tell_begun(request, &out, purpose, purpose, ceremony.rp);
    kr_tell_text(&out, "user", request->visitor.account);
    kr_tell_text(&out, "name", request->visitor.name);
    kr_tell_open(&out, "algorithms", '[');
    for (size_t i = 0; i < KR_COUNT(kr_webauthn_algorithms); i++)
        kr_tell_int(&out, NULL, kr_webauthn_algorithms[i]);
    kr_tell_close(&out, ']');
    return kr_desk_read(request->desk, &store, err) &&
           tell_known(request, &out, store, ceremony.rp, err) && answer_begun(answer, &out);
}

static bool refuse_device(struct kr_request *request, struct kr_answer *answer, struct kr_err *err)
{
    if (err->code == KR_E_REFUSED)
        return kr_answer_problem(request, answer, 403, "wrong", "web.passkey_refused");
    if (err->code == KR_E_EXISTS)
        return kr_answer_problem(request, answer, 409, "exists", "web.passkey_known");
    if (err->code == KR_E_CONFLICT)
        return kr_answer_problem(request, answer, 409, "many", "web.passkey_many");
    return false;
}

static bool is_attested(struct kr_request *request, const struct kr_ceremony *ceremony,
                        const json_t *body, struct kr_attested *out, struct kr_err *err)
{
    struct kr_str client_data, attestation;
    if (!bytes_in(request, body, "client_data", &client_data) ||
        !bytes_in(request, body, "attestation", &attestation))
        return kr_fail(err, KR_E_INVALID, "no device in the body");
    if (!kr_challenge_take(request->desk->house->challenges, purpose_of(request),
                           ceremony->challenge, kr_monotonic_ms()))
        return kr_fail(err, KR_E_REFUSED, "not asked, or too long ago");
    return kr_webauthn_attested(request->mem, ceremony, client_data, attestation, out, err);
}

// {"label", "client_data", "attestation"}, the two latter in base64.
KR_HANDLER(know_finish)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    struct kr_ceremony ceremony = {.challenge = request->params[0]};
    struct kr_attested attested;
    struct kr_store *store;
    if (!kr_request_json(request, &body, answer) || !may_know(request, answer, &ceremony))
        return true;
    if (!is_attested(request, &ceremony, body, &attested, err))
        return refuse_device(request, answer, err);
    struct kr_passkey passkey = {.credential = attested.credential,
                                 .key = attested.key,
                                 .algorithm = attested.algorithm,
                                 .count = attested.count,
                                 .label = kr_json_str(body, "label", ""),
                                 .rp = ceremony.rp};
    kr_format(passkey.account, sizeof passkey.account, "%.36s", request->visitor.account);
    if (!kr_desk_write(request->desk, &store, err))
        return false;
    if (!kr_door_know(store, &passkey, err))
        return refuse_device(request, answer, err);
    return tell_passkeys(request, answer, store, 201, err);
}

// {"label"}: what one calls it.
KR_HANDLER(call_passkey)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    struct kr_store *store;
    if (!kr_request_json(request, &body, answer))
        return true;
    return kr_desk_write(request->desk, &store, err) &&
           kr_door_call(store, request->visitor.account, request->params[0],
                        kr_json_str(body, "label", ""), err) &&
           tell_passkeys(request, answer, store, 200, err);
}

KR_HANDLER(forget_passkey)
{
    struct kr_store *store;
    return kr_desk_write(request->desk, &store, err) &&
           kr_passkey_drop(store, request->visitor.account, request->params[0], err) &&
           kr_answer_empty(answer, 204);
}
