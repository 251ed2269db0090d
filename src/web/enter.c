// SPDX-License-Identifier: AGPL-3.0-or-later
// The door: who am I, coming in by name or by code, going out, the first owner.
#include "base/clock.h"
#include "web/beside.h"
#include "web/dispatch.h"
#include "web/enter_priv.h"
#include "web/tell.h"

#include <string.h>

enum { STAYS_S = 180 * 86400 };

static bool tell_me(struct kr_request *request, struct kr_answer *answer, struct kr_store *store,
                    bool owned, struct kr_err *err)
{
    const struct kr_visitor *visitor = &request->visitor;
    struct kr_buf out = {0};
    bool hand;
    if (!kr_door_is_own_hand(store, visitor, &hand, err))
        return false;
    kr_tell_open(&out, NULL, '{');
    kr_tell_text(&out, "role", kr_role_name(visitor->role));
    kr_tell_text(&out, "home", visitor->home);
    kr_tell_text(&out, "account", visitor->account);
    kr_tell_text(&out, "session", visitor->session);
    kr_tell_text(&out, "person", visitor->person);
    kr_tell_bool(&out, "hand", hand);
    kr_tell_text(&out, "name", visitor->name);
    kr_tell_text(&out, "about", visitor->about);
    kr_tell_bool(&out, "owned", owned);
    kr_tell_bool(&out, "near", request->near);
    kr_tell_bool(&out, "secure", request->secure);
    kr_tell_close(&out, '}');
    kr_answer_header(answer, "Cache-Control", "no-store");
    return kr_answer_json_take(answer, 200, &out);
}

KR_HANDLER(me)
{
    struct kr_store *store;
    bool owned;
    return kr_desk_read(request->desk, &store, err) && kr_door_has_owner(store, &owned, err) &&
           tell_me(request, answer, store, owned, err);
}

static void give_token(struct kr_request *request, struct kr_answer *answer, const char *token,
                       int stays_s)
{
    const char *cookie = kr_arena_format(
        request->mem, "%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Lax%s",
        kr_token_cookie(request->secure), token, stays_s, request->secure ? "; Secure" : "");
    kr_answer_header(answer, "Set-Cookie", cookie);
}

const char *kr_web_browser(const struct kr_request *request)
{
    const char *browser = kr_request_header(request, "User-Agent");
    return browser ? browser : "";
}

bool kr_web_let_in(struct kr_request *request, struct kr_answer *answer, struct kr_store *store,
                   const char *token, struct kr_err *err)
{
    give_token(request, answer, token, STAYS_S);
    return kr_door_enter(store, request->mem, token, &request->visitor, err) &&
           tell_me(request, answer, store, true, err);
}

struct kr_trying kr_web_trying(const struct kr_request *request, const char *name)
{
    struct kr_trying trying = {.n = *name ? 2 : 1};
    trying.keys[0] = kr_arena_format(request->mem, "from:%s", request->address);
    trying.keys[1] = kr_arena_format(request->mem, "name:%.200s", name);
    return trying;
}

bool kr_web_may_try(struct kr_request *request, struct kr_answer *answer,
                    const struct kr_trying *trying)
{
    int wait_s = 0;
    for (size_t i = 0; i < trying->n; i++)
        if (!kr_pace_may(request->desk->house->pace, trying->keys[i], kr_monotonic_ms(), &wait_s)) {
            kr_answer_header(answer, "Retry-After", kr_arena_format(request->mem, "%d", wait_s));
            return !kr_answer_problem(request, answer, 429, "too_often", "web.too_often");
        }
    return true;
}

bool kr_web_refuse_wrong(struct kr_request *request, struct kr_answer *answer,
                         const struct kr_trying *trying, const char *words_key)
{
    for (size_t i = 0; i < trying->n; i++)
        kr_pace_failed(request->desk->house->pace, trying->keys[i], kr_monotonic_ms());
    return kr_answer_problem(request, answer, 403, "wrong", words_key);
}

// A session of the family is never begun over plain http beside TLS. A code that opens nothing
// at all goes on, to be refused and counted as such.
static bool opens_beside(struct kr_store *store, const char *code)
{
    enum kr_role role;
    return *code && (!kr_door_opens(store, code, &role, NULL) || kr_beside_may(role));
}

// {"code"} or {"name", "password"}.
KR_HANDLER(enter)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    struct kr_store *store;
    char token[KR_TOKEN_TEXT];
    if (!kr_request_json(request, &body, answer))
        return true;
    const char *code = kr_json_str(body, "code", "");
    const char *name = kr_text_in(request->mem, kr_str_of(kr_json_str(body, "name", "")));
    struct kr_trying trying = kr_web_trying(request, *code ? "" : name);
    if (!kr_web_may_try(request, answer, &trying))
        return true;
    if (!request->patient) {
        answer->later = true; // a password takes its time on purpose
        return true;
    }
    if (!kr_desk_write(request->desk, &store, err))
        return false;
    if (request->beside && !opens_beside(store, code))
        return kr_answer_problem(request, answer, 403, "plain", "web.plain");
    bool in = *code ? kr_door_open(store, code, kr_web_browser(request), token, err)
                    : kr_door_sign_in(store, name, kr_json_str(body, "password", ""),
                                      kr_web_browser(request), token, err);
    if (!in && err->code == KR_E_REFUSED)
        return kr_web_refuse_wrong(request, answer, &trying,
                                   *code ? "web.wrong_code" : "web.wrong_name");
    return in && kr_web_let_in(request, answer, store, token, err);
}

KR_HANDLER(leave)
{
    struct kr_store *store;
    give_token(request, answer, "", 0);
    if (!*request->visitor.session)
        return kr_answer_empty(answer, 204);
    return kr_desk_write(request->desk, &store, err) &&
           kr_session_drop(store, request->visitor.session, "", err) &&
           kr_answer_empty(answer, 204);
}

// The first owner, at the house's own machine: {"name", "password", "person"}.
KR_HANDLER(own)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    struct kr_store *store;
    char id[KR_UUID_TEXT], token[KR_TOKEN_TEXT];
    bool owned;
    if (!kr_request_json(request, &body, answer))
        return true;
    if (!kr_desk_write(request->desk, &store, err) || !kr_door_has_owner(store, &owned, err))
        return false;
    if (owned || !request->near)
        return kr_answer_problem(request, answer, 403, "owned", "web.owned");
    if (!request->patient) {
        answer->later = true;
        return true;
    }
    const char *name = kr_text_in(request->mem, kr_str_of(kr_json_str(body, "name", "")));
    const char *password = kr_json_str(body, "password", "");
    const struct kr_new_account account = {
        .name = name, .password = password, .person = "", .role = KR_ROLE_OWNER};
    if (!kr_door_add(store, &account, id, err))
        return err->code == KR_E_INVALID &&
               kr_answer_problem(request, answer, 422, "invalid", "web.name_or_password");
    return kr_door_sign_in(store, name, password, kr_web_browser(request), token, err) &&
           kr_web_let_in(request, answer, store, token, err);
}

// One's own: {"before", "password"}.
KR_HANDLER(password)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    const struct kr_visitor *visitor = &request->visitor;
    struct kr_account account;
    struct kr_store *store;
    if (!kr_request_json(request, &body, answer))
        return true;
    struct kr_trying trying = kr_web_trying(request, visitor->name);
    if (!*visitor->account)
        return kr_answer_problem(request, answer, 422, "no_account", "web.no_account");
    if (!kr_web_may_try(request, answer, &trying))
        return true;
    if (!request->patient) {
        answer->later = true;
        return true;
    }
    if (!kr_desk_write(request->desk, &store, err) ||
        !kr_account_get(store, request->mem, visitor->account, &account, err))
        return false;
    if (*account.password && !kr_password_is(account.password, kr_json_str(body, "before", "")))
        return kr_web_refuse_wrong(request, answer, &trying, "web.wrong_password");
    if (!kr_door_password(store, account.id, kr_json_str(body, "password", ""), visitor->session,
                          err))
        return err->code == KR_E_INVALID &&
               kr_answer_problem(request, answer, 422, "invalid", "web.name_or_password");
    return kr_answer_empty(answer, 204);
}
