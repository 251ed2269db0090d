// SPDX-License-Identifier: AGPL-3.0-or-later
// What a keeper sees to: accounts, invitations, sessions, homes.
#include "base/clock.h"
#include "story/qr.h"
#include "web/guard.h"
#include "web/handlers.h"
#include "web/tell.h"

#include <string.h>

enum { CARD_DAYS = 365 };

static void tell_account(struct kr_buf *out, const struct kr_account *account)
{
    kr_tell_open(out, NULL, '{');
    kr_tell_text(out, "id", account->id);
    kr_tell_text(out, "name", account->name);
    kr_tell_text(out, "role", account->role);
    kr_tell_text(out, "person", account->person);
    kr_tell_bool(out, "password", *account->password != '\0');
    kr_tell_int(out, "passkeys", account->passkeys);
    kr_tell_int(out, "made_ms", account->made_ms);
    kr_tell_close(out, '}');
}

static bool tell_accounts(struct kr_request *request, struct kr_answer *answer,
                          struct kr_store *store, int status, struct kr_err *err)
{
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    struct kr_account *all;
    size_t n;
    if (!kr_accounts_all(store, request->mem, &all, &n, err))
        return false;
    kr_tell_open(&out, NULL, '{');
    kr_tell_open(&out, "accounts", '[');
    for (size_t i = 0; i < n; i++)
        tell_account(&out, &all[i]);
    kr_tell_close(&out, ']');
    kr_tell_close(&out, '}');
    return kr_answer_json_take(answer, status, &out);
}

KR_HANDLER(accounts)
{
    struct kr_store *store;
    return kr_desk_read(request->desk, &store, err) &&
           tell_accounts(request, answer, store, 200, err);
}

// Nobody gives more than they have.
static bool may_give(struct kr_request *request, struct kr_answer *answer, const char *name,
                     enum kr_role *out)
{
    if (!kr_role_of(name, out))
        return !kr_answer_problem(request, answer, 422, "invalid", "error.invalid");
    if (*out > request->visitor.role)
        return !kr_answer_problem(request, answer, 403, "refused", "error.refused");
    return true;
}

static bool refuse_account(struct kr_request *request, struct kr_answer *answer, struct kr_err *err)
{
    if (err->code == KR_E_INVALID)
        return kr_answer_problem(request, answer, 422, "invalid", "web.name_or_password");
    if (err->code == KR_E_EXISTS)
        return kr_answer_problem(request, answer, 409, "exists", "web.name_taken");
    if (err->code == KR_E_REFUSED)
        return kr_answer_problem(request, answer, 409, "owner", "web.owner_stays");
    return false;
}

static const char *text_in(struct kr_request *request, const json_t *body, const char *member)
{
    return kr_text_in(request->mem, kr_str_of(kr_json_str(body, member, "")));
}

KR_HANDLER(add_account)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    struct kr_new_account account;
    struct kr_store *store;
    char id[KR_UUID_TEXT];
    if (!kr_request_json(request, &body, answer) ||
        !may_give(request, answer, kr_json_str(body, "role", "viewer"), &account.role))
        return true;
    if (!request->patient) {
        answer->later = true;
        return true;
    }
    const char *password = kr_json_str(body, "password", "");
    account.name = text_in(request, body, "name");
    account.password = *password ? password : NULL;
    account.person = text_in(request, body, "person");
    if (!kr_desk_write(request->desk, &store, err))
        return false;
    if (!kr_door_add(store, &account, id, err))
        return refuse_account(request, answer, err);
    return tell_accounts(request, answer, store, 201, err);
}

// A keeper does not touch an owner's door.
static bool may_touch(struct kr_request *request, struct kr_answer *answer, struct kr_store *store,
                      struct kr_account *out, struct kr_err *err)
{
    enum kr_role role;
    if (!kr_account_get(store, request->mem, request->params[0], out, err) ||
        strcmp(out->home, store->home) != 0)
        return kr_fail(err, KR_E_NOT_FOUND, "no such account in this home");
    if (kr_role_of(out->role, &role) && role > request->visitor.role)
        return kr_answer_problem(request, answer, 403, "refused", "error.refused");
    return true;
}

static bool change(struct kr_request *request, struct kr_store *store, const char *id,
                   const json_t *body, const enum kr_role *role, struct kr_err *err)
{
    const char *password = kr_json_str(body, "password", "");
    const char *person = kr_json_get(body, "person") ? text_in(request, body, "person") : NULL;
    return kr_door_change(store, id, role, person, err) &&
           (!*password || kr_door_password(store, id, password, request->visitor.session, err));
}

KR_HANDLER(change_account)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    struct kr_account account;
    struct kr_store *store;
    enum kr_role role;
    if (!kr_request_json(request, &body, answer))
        return true;
    const json_t *new_role = kr_json_get(body, "role");
    if (new_role && !may_give(request, answer, kr_json_str(body, "role", ""), &role))
        return true;
    if (!request->patient) {
        answer->later = true;
        return true;
    }
    if (!kr_desk_write(request->desk, &store, err) ||
        !may_touch(request, answer, store, &account, err))
        return false;
    if (answer->status)
        return true;
    if (!change(request, store, account.id, body, new_role ? &role : NULL, err))
        return refuse_account(request, answer, err);
    return tell_accounts(request, answer, store, 200, err);
}

KR_HANDLER(end_account)
{
    struct kr_account account;
    struct kr_store *store;
    if (!kr_desk_write(request->desk, &store, err) ||
        !may_touch(request, answer, store, &account, err))
        return false;
    if (answer->status)
        return true;
    if (!kr_door_end(store, account.id, err))
        return refuse_account(request, answer, err);
    return kr_answer_empty(answer, 204);
}

static void tell_invitation(struct kr_buf *out, const struct kr_invitation *invitation)
{
    kr_tell_open(out, NULL, '{');
    kr_tell_text(out, "id", invitation->id);
    kr_tell_text(out, "role", invitation->role);
    kr_tell_text(out, "person", invitation->person);
    kr_tell_text(out, "label", invitation->label);
    kr_tell_int(out, "made_ms", invitation->made_ms);
    kr_tell_int(out, "until_ms", invitation->until_ms);
    kr_tell_int(out, "used", invitation->used);
    kr_tell_close(out, '}');
}

KR_HANDLER(invitations)
{
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    struct kr_invitation *all;
    struct kr_store *store;
    size_t n;
    if (!kr_desk_read(request->desk, &store, err) ||
        !kr_invitations_all(store, request->mem, &all, &n, err))
        return false;
    kr_tell_open(&out, NULL, '{');
    kr_tell_open(&out, "invitations", '[');
    for (size_t i = 0; i < n; i++)
        tell_invitation(&out, &all[i]);
    kr_tell_close(&out, ']');
    kr_tell_close(&out, '}');
    return kr_answer_json_take(answer, 200, &out);
}

// The page that a link opens: of this house, and nothing but a path.
static bool is_page(const char *to)
{
    static const char *const plain = "abcdefghijklmnopqrstuvwxyz0123456789-/";
    return *to == '/' && to[1] != '/' && strlen(to) < 100 && to[strspn(to, plain)] == '\0';
}

bool kr_web_tell_link(struct kr_request *request, struct kr_answer *answer, const char *id,
                      const char *code, const char *link, struct kr_err *err)
{
    struct kr_buf out = {0};
    struct kr_qr qr;
    if (!kr_qr_of(request->mem, link, &qr, err))
        return false;
    kr_tell_open(&out, NULL, '{');
    kr_tell_text(&out, "id", id);
    kr_tell_text(&out, "code", code);
    kr_tell_text(&out, "link", link);
    kr_tell_int(&out, "qr_size", qr.size + 8);
    kr_tell_text(&out, "qr_path", kr_qr_path(request->mem, &qr));
    kr_tell_close(&out, '}');
    kr_answer_header(answer, "Cache-Control", "no-store");
    return kr_answer_json_take(answer, 201, &out);
}

// As the asker came; but an address that only this machine can open is of no use to anybody else.
const char *kr_web_address(struct kr_request *request, bool guest)
{
    const char *host = kr_request_header(request, "Host");
    struct kr_reach *reach = request->desk->house->reach;
    if (reach && kr_guard_is_near(host))
        return kr_reach_address(reach, guest, request->mem);
    return kr_arena_format(request->mem, "%s://%s", request->secure ? "https" : "http", host);
}

// The code goes behind '#': no log and no referrer ever sees it.
static const char *link_to(struct kr_request *request, const char *to, const char *code)
{
    return kr_arena_format(request->mem, "%s%s#%s", kr_web_address(request, false), to, code);
}

KR_HANDLER(invite)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    struct kr_store *store;
    char id[KR_UUID_TEXT], code[KR_CODE_TEXT];
    struct kr_new_invitation invitation = {.about = "",
                                           .made_by = kr_visitor_who(&request->visitor)};
    if (!kr_request_json(request, &body, answer) ||
        !may_give(request, answer, kr_json_str(body, "role", "viewer"), &invitation.role))
        return true;
    invitation.label = text_in(request, body, "label");
    invitation.person = text_in(request, body, "person");
    invitation.days = (int)kr_json_int(body, "days", CARD_DAYS);
    const char *to = kr_json_str(body, "to", "/enter");
    if (!is_page(to))
        return kr_answer_problem(request, answer, 422, "invalid", "error.invalid");
    return kr_desk_write(request->desk, &store, err) &&
           kr_door_invite(store, &invitation, id, code, err) &&
           kr_web_tell_link(request, answer, id, code, link_to(request, to, code), err);
}

KR_HANDLER(take_back)
{
    struct kr_store *store;
    return kr_desk_write(request->desk, &store, err) &&
           kr_door_take_back(store, request->params[0], err) && kr_answer_empty(answer, 204);
}

// Everybody's for a keeper; for anybody else their own.
static const char *whose(const struct kr_request *request)
{
    return request->visitor.role >= KR_ROLE_KEEPER ? "" : request->visitor.account;
}

static void tell_session(struct kr_buf *out, const struct kr_session *session, const char *own)
{
    kr_tell_open(out, NULL, '{');
    kr_tell_text(out, "id", session->id);
    kr_tell_text(out, "name", session->name);
    kr_tell_text(out, "browser", session->label);
    kr_tell_bool(out, "card", *session->invitation != '\0');
    kr_tell_bool(out, "this", strcmp(session->id, own) == 0);
    kr_tell_int(out, "made_ms", session->made_ms);
    kr_tell_int(out, "seen_ms", session->seen_ms);
    kr_tell_close(out, '}');
}

KR_HANDLER(sessions)
{
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    struct kr_session *all;
    struct kr_store *store;
    size_t n = 0;
    if (!kr_desk_read(request->desk, &store, err))
        return false;
    bool any = request->visitor.role >= KR_ROLE_KEEPER || *request->visitor.account;
    if (any && !kr_sessions_all(store, request->mem, whose(request), kr_now_ms(), &all, &n, err))
        return false;
    kr_tell_open(&out, NULL, '{');
    kr_tell_open(&out, "sessions", '[');
    for (size_t i = 0; i < n; i++)
        tell_session(&out, &all[i], request->visitor.session);
    kr_tell_close(&out, ']');
    kr_tell_close(&out, '}');
    return kr_answer_json_take(answer, 200, &out);
}

KR_HANDLER(end_session)
{
    struct kr_store *store;
    bool any = request->visitor.role >= KR_ROLE_KEEPER || *request->visitor.account;
    if (!any)
        return kr_fail(err, KR_E_NOT_FOUND, "no session of theirs");
    return kr_desk_write(request->desk, &store, err) &&
           kr_session_drop(store, request->params[0], whose(request), err) &&
           kr_answer_empty(answer, 204);
}

static bool tell_homes(struct kr_request *request, struct kr_answer *answer, struct kr_store *store,
                       int status, struct kr_err *err)
{
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    struct kr_home *all;
    size_t n;
    if (!kr_homes_all(store, request->mem, &all, &n, err))
        return false;
    kr_tell_open(&out, NULL, '{');
    kr_tell_open(&out, "homes", '[');
    for (size_t i = 0; i < n; i++) {
        if (request->visitor.role < KR_ROLE_OWNER && strcmp(all[i].id, request->visitor.home) != 0)
            continue;
        kr_tell_open(&out, NULL, '{');
        kr_tell_text(&out, "id", all[i].id);
        kr_tell_text(&out, "name", all[i].name);
        kr_tell_close(&out, '}');
    }
    kr_tell_close(&out, ']');
    kr_tell_close(&out, '}');
    return kr_answer_json_take(answer, status, &out);
}

KR_HANDLER(homes)
{
    struct kr_store *store;
    return kr_desk_read(request->desk, &store, err) && tell_homes(request, answer, store, 200, err);
}

// A new home, or with "id" another name of one: {"id", "name"}.
KR_HANDLER(name_home)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    struct kr_store *store;
    char id[KR_UUID_TEXT];
    if (!kr_request_json(request, &body, answer))
        return true;
    const char *name = text_in(request, body, "name"), *old = kr_json_str(body, "id", "");
    if (!*name || strlen(name) > 240)
        return kr_answer_problem(request, answer, 422, "invalid", "error.invalid");
    if (!kr_desk_write(request->desk, &store, err) ||
        !(*old ? kr_home_rename(store, old, name, err) : kr_home_add(store, name, id, err)))
        return false;
    return tell_homes(request, answer, store, *old ? 200 : 201, err);
}
