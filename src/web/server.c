// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/server.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "web/dispatch.h"
#include "web/lanes.h"
#include "web/live.h"
#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <unistd.h>

enum {
    PIECE = 256 * 1024,       // of a body, handed on at once
    DRAIN = 32 * 1024 * 1024, // of a refused body, read so that the refusal arrives (1)
    HEADERS_MOST = 100,
    MEMORY = 32 * 1024, // for the head of a request
    STACK = 256 * 1024,
    SILENCE_S = 120, // without a byte moving
    GRACE_MS = 2000,
};

enum { DOOR_MAIN, DOOR_BESIDE, DOOR_COUNT };

// One listening socket, and what is spoken there.
struct door {
    struct kr_server *server;
    struct MHD_Daemon *daemon; // NULL: there is none
    bool secure;               // TLS
    bool beside;               // plain http beside TLS
};

struct kr_server {
    struct kr_house *house;
    struct kr_tls *tls; // borrowed; NULL: plain http alone
    bool strict;
    struct door doors[DOOR_COUNT];
    struct kr_lanes *lanes;
    struct kr_reaper *reaper;
    struct kr_live *live;
    atomic_int under_way;
};

// Where a request stands. Between two calls of the library it is either with the
// library or, suspended, with one thread of a lane: never with both.
enum stage {
    STAGE_HEAD,  // nothing looked at yet
    STAGE_BEGUN, // the route is ready for its pieces
    STAGE_BODY,  // bytes come
    STAGE_REPLY, // answered; to be sent
    STAGE_SENT,
};

enum doing { DO_BEGIN, DO_PIECE, DO_HANDLE };

struct call {
    struct kr_work work; // first: a lane gives this back
    struct kr_server *server;
    const struct door *door;
    struct MHD_Connection *connection;
    struct kr_guest *guest;
    struct kr_request request;
    struct kr_answer answer;
    struct kr_header headers[HEADERS_MOST];
    enum stage stage;
    enum doing doing;
    struct kr_live_stream *stream;
    struct kr_buf body; // whole, or the piece at hand (2)
    uint64_t received;
    int64_t start_ms, work_ms, answer_ms;
};

static struct kr_guest *guest_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

static void on_connection(void *context, struct MHD_Connection *connection, void **guest,
                          enum MHD_ConnectionNotificationCode what)
{
    const struct door *door = context;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        struct kr_guest *leaving = *guest;
        kr_guest_leave(&leaving);
        *guest = NULL;
        return;
    }
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (info) // from here on its time runs: the handshake of TLS is within it
        *guest = kr_guest_come(door->server->reaper, info->connect_fd);
    const union MHD_ConnectionInfo *tls =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    if (door->secure && tls)
        kr_tls_meet(door->server->tls, tls->tls_session);
}

// The request line has come: what is returned here is the call's context from now on.
static void *on_target(void *context, const char *target, struct MHD_Connection *connection)
{
    const struct door *door = context;
    struct call *call = kr_new(struct call);
    call->server = door->server;
    call->door = door;
    call->connection = connection;
    call->guest = guest_of(connection);
    call->answer = KR_ANSWER_NONE;
    call->request.mem = kr_arena_create();
    call->request.target = kr_str_of(kr_arena_strdup(call->request.mem, target));
    call->start_ms = kr_monotonic_ms();
    kr_guest_asks(call->guest);
    atomic_fetch_add(&call->server->under_way, 1);
    return call;
}

// We take escapes apart ourselves (url.h).
static size_t keep_escapes(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context, (void)connection;
    return strlen(text);
}

static void log_call(const struct call *call) // (4)
{
    const struct kr_route *route = call->request.route;
    const char *pattern = route ? route->pattern : "-";
    kr_log(KR_INFO, "web.request", KR_T("method", kr_method_name(call->request.method)),
           KR_T("route", pattern), KR_I("status", call->answer.status),
           KR_I("ms", call->answer_ms - call->start_ms));
    if (route && call->work_ms > route->budget_ms)
        kr_log(KR_WARN, "web.slow", KR_T("route", pattern), KR_I("ms", call->work_ms),
               KR_I("budget_ms", route->budget_ms));
}

static void on_end_of_call(void *context, struct MHD_Connection *connection, void **call_at,
                           enum MHD_RequestTerminationCode why)
{
    (void)context, (void)connection, (void)why;
    struct call *call = *call_at;
    if (!call)
        return;
    const struct kr_route *route = call->request.route;
    // What came before a connection broke counts too; a piece is small enough to write here.
    if (call->request.stream && call->stage == STAGE_BODY && call->body.n && !call->answer.status)
        (void)!kr_dispatch_take(&call->request, (struct kr_str){call->body.at, call->body.n},
                                &call->answer);
    if (call->request.stream)
        route->pieces->drop(call->request.stream);
    kr_live_leave(&call->stream);
    if (call->stage == STAGE_SENT)
        log_call(call);
    kr_guest_rests(call->guest);
    atomic_fetch_sub(&call->server->under_way, 1);
    kr_answer_finish(&call->answer);
    kr_buf_finish(&call->body);
    kr_arena_destroy(&call->request.mem);
    kr_free(call_at);
}

static void wake_stream(void *context)
{
    MHD_resume_connection(((struct call *)context)->connection);
}

static void let_sleep(void *context)
{
    MHD_suspend_connection(((struct call *)context)->connection);
}

static ssize_t read_stream(void *context, uint64_t at, char *out, size_t room)
{
    struct call *call = context;
    long n = kr_live_read(call->stream, out, room, let_sleep);
    (void)at;
    return n < 0 ? MHD_CONTENT_READER_END_OF_STREAM : n;
}

static struct MHD_Response *stream_of(struct call *call)
{
    const struct kr_visitor *visitor = &call->request.visitor;
    call->stream = kr_live_join(call->server->live, visitor->home, visitor->about,
                                call->answer.live_after, wake_stream, call);
    return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 1024, read_stream, call, NULL);
}

static struct MHD_Response *response_of(struct kr_answer *answer)
{
    if (answer->fd >= 0) {
        struct MHD_Response *response =
            MHD_create_response_from_fd_at_offset64(answer->length, answer->fd, answer->offset);
        if (response)
            answer->fd = -1; // the response closes it
        return response;
    }
    struct kr_str bytes =
        answer->bytes.n ? (struct kr_str){answer->bytes.at, answer->bytes.n} : answer->lent;
    return MHD_create_response_from_buffer(bytes.n, (void *)(uintptr_t)bytes.at,
                                           MHD_RESPMEM_PERSISTENT);
}

static enum MHD_Result reply(struct call *call)
{
    kr_dispatch_dress(&call->request, &call->answer);
    if (call->door->secure && call->server->strict)
        kr_answer_header(&call->answer, "Strict-Transport-Security", "max-age=31536000");
    struct MHD_Response *response =
        call->answer.live ? stream_of(call) : response_of(&call->answer);
    if (!response)
        return MHD_NO;
    for (size_t i = 0; i < call->answer.header_count; i++)
        MHD_add_response_header(response, call->answer.headers[i].name,
                                call->answer.headers[i].value);
    enum MHD_Result queued =
        MHD_queue_response(call->connection, (unsigned)call->answer.status, response);
    MHD_destroy_response(response);
    call->stage = STAGE_SENT;
    call->answer_ms = kr_monotonic_ms();
    return queued;
}

static void refuse_busy(struct call *call)
{
    struct kr_err err = {.code = KR_E_BUSY};
    kr_answer_error(&call->request, &call->answer, &err);
    call->stage = call->doing == DO_PIECE ? STAGE_BODY : STAGE_REPLY; // the rest is read first
}

// One step of a call, on a thread with a desk (or, without one, at the door).
static void step(struct call *call)
{
    int64_t from = kr_monotonic_ms();
    switch (call->doing) {
    case DO_BEGIN:
        call->stage = kr_dispatch_begin(&call->request, &call->answer) ? STAGE_BEGUN : STAGE_REPLY;
        break;
    case DO_PIECE:
        // A failure stays in the answer and is sent once the body is through.
        if (!kr_dispatch_take(&call->request, (struct kr_str){call->body.at, call->body.n},
                              &call->answer))
            call->received = 0;
        call->body.n = 0;
        break;
    case DO_HANDLE:
        call->request.body = (struct kr_str){call->body.at, call->body.n};
        kr_dispatch_handle(&call->request, &call->answer);
        call->stage = STAGE_REPLY;
        break;
    }
    call->work_ms += kr_monotonic_ms() - from;
}

static void run(struct kr_work *work, struct kr_desk *desk, bool patient)
{
    struct call *call = (struct call *)work;
    call->request.desk = desk;
    call->request.patient = patient;
    step(call);
    call->request.desk = NULL;
    if (call->doing == DO_PIECE)
        kr_guest_sends(call->guest); // our own slowness is not its fault
    if (call->answer.later) {
        call->answer.later = false;
        if (kr_lanes_add(call->server->lanes, KR_LANE_PATIENT, &call->work))
            return;
        refuse_busy(call);
    }
    MHD_resume_connection(call->connection); // from here on the call is the library's
}

static enum MHD_Result hand_on(struct call *call, enum doing doing)
{
    call->doing = doing;
    call->work.run = run;
    kr_guest_waits(call->guest);
    MHD_suspend_connection(call->connection); // first: it may be resumed before we return
    if (!kr_lanes_add(call->server->lanes, KR_LANE_QUICK, &call->work)) {
        refuse_busy(call);
        MHD_resume_connection(call->connection);
    }
    return MHD_YES;
}

static enum MHD_Result collect_header(void *context, enum MHD_ValueKind kind, const char *name,
                                      const char *value)
{
    (void)kind;
    struct call *call = context;
    if (call->request.header_count == HEADERS_MOST)
        return MHD_NO;
    call->headers[call->request.header_count++] =
        (struct kr_header){kr_arena_strdup(call->request.mem, name),
                           kr_arena_strdup(call->request.mem, value ? value : "")};
    return MHD_YES;
}

// An address as text, and whether it is this very machine's. A socket for both kinds shows those
// of IPv4 inside of IPv6 (RFC 4291, 2.5.5.2); they are told as what they are.
static const char *address_text(struct kr_arena *mem, const struct sockaddr *address,
                                bool *loopback)
{
    char *text = kr_arena_alloc(mem, INET6_ADDRSTRLEN);
    const struct sockaddr_in *v4 = (const void *)address;
    const struct sockaddr_in6 *v6 = (const void *)address;
    *loopback = false;
    if (address->sa_family == AF_INET) {
        inet_ntop(AF_INET, &v4->sin_addr, text, INET6_ADDRSTRLEN);
        *loopback = ntohl(v4->sin_addr.s_addr) >> 24 == 127;
    } else if (address->sa_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr)) {
        inet_ntop(AF_INET, &v6->sin6_addr.s6_addr[12], text, INET6_ADDRSTRLEN);
        *loopback = v6->sin6_addr.s6_addr[12] == 127;
    } else if (address->sa_family == AF_INET6) {
        inet_ntop(AF_INET6, &v6->sin6_addr, text, INET6_ADDRSTRLEN);
        *loopback = IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
    }
    return text;
}

// From which address it came, and to which of ours.
static void read_addresses(struct call *call)
{
    struct kr_request *request = &call->request;
    const union MHD_ConnectionInfo *client =
        MHD_get_connection_info(call->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    request->address = request->here = "";
    if (client && client->client_addr)
        request->address = address_text(request->mem, client->client_addr, &request->near);
    const union MHD_ConnectionInfo *socket =
        MHD_get_connection_info(call->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct sockaddr_storage ours = {0};
    socklen_t size = sizeof ours;
    bool loopback;
    if (socket && getsockname(socket->connect_fd, (struct sockaddr *)&ours, &size) == 0)
        request->here = address_text(request->mem, (struct sockaddr *)&ours, &loopback);
}

static uint64_t body_length(const struct kr_request *request)
{
    const char *length = kr_request_header(request, "Content-Length");
    int64_t bytes;
    if (kr_request_header(request, "Transfer-Encoding"))
        return KR_BODY_UNKNOWN;
    if (!length)
        return 0;
    return kr_parse_int(length, 0, INT64_MAX, &bytes) ? (uint64_t)bytes : KR_BODY_UNKNOWN;
}

static void read_head(struct call *call, const char *method)
{
    struct kr_request *request = &call->request;
    MHD_get_connection_values(call->connection, MHD_HEADER_KIND, collect_header, call);
    request->method = kr_method_of(method);
    request->headers = call->headers;
    request->body_length = body_length(request);
    request->visitor = KR_VISITOR_NONE;
    request->secure = call->door->secure;
    request->beside = call->door->beside;
    read_addresses(call);
}

// A refusal before the body: at once if the client waits for our word or sends
// more than we would read, else after the body, or it would be lost with it (1).
static enum MHD_Result refuse_early(struct call *call)
{
    const struct kr_request *request = &call->request;
    bool waits = kr_request_header(request, "Expect") != NULL;
    if (request->body_length > DRAIN || waits)
        return reply(call);
    call->stage = STAGE_BODY;
    kr_guest_sends(call->guest);
    return MHD_YES;
}

static enum MHD_Result on_head(struct call *call, const char *method)
{
    read_head(call, method);
    if (!kr_dispatch_admit(call->server->house, &call->request, &call->answer))
        return refuse_early(call);
    if (call->request.route->body == KR_BODY_PIECES)
        return hand_on(call, DO_BEGIN);
    call->stage = STAGE_BODY;
    if (call->request.body_length > 0)
        kr_guest_sends(call->guest);
    return MHD_YES;
}

// Bytes of a request that is already refused are read and forgotten (1).
static enum MHD_Result drain(struct call *call, size_t *n)
{
    call->received += *n;
    *n = 0;
    return call->received > DRAIN ? MHD_NO : MHD_YES;
}

static enum MHD_Result on_piece(struct call *call, const char *bytes, size_t *n)
{
    const struct kr_route *route = call->request.route;
    if (call->answer.status)
        return drain(call, n);
    bool pieces = route->body == KR_BODY_PIECES;
    size_t take = pieces && *n > PIECE - call->body.n ? PIECE - call->body.n : *n;
    if (take > route->most_body - call->received) {
        struct kr_err err = {.code = KR_E_TOO_BIG};
        kr_answer_error(&call->request, &call->answer, &err);
        call->received = 0;
        return drain(call, n);
    }
    kr_guest_sent(call->guest, take);
    kr_buf_add(&call->body, bytes, take);
    call->received += take;
    *n -= take;
    return pieces && call->body.n == PIECE ? hand_on(call, DO_PIECE) : MHD_YES;
}

static enum MHD_Result on_end(struct call *call)
{
    if (call->answer.status)
        return reply(call);
    if (call->request.route->body == KR_BODY_PIECES && call->body.n > 0)
        return hand_on(call, DO_PIECE);
    if (call->request.route->place == KR_PLACE_DESK)
        return hand_on(call, DO_HANDLE);
    call->doing = DO_HANDLE;
    step(call);
    return reply(call);
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *bytes,
                                  size_t *n, void **call_at)
{
    (void)context, (void)connection, (void)url, (void)version;
    struct call *call = *call_at;
    switch (call->stage) {
    case STAGE_HEAD:
        return on_head(call, method);
    case STAGE_BEGUN:
        // The library repeats the call that was suspended; the body comes after it.
        call->stage = STAGE_BODY;
        kr_guest_sends(call->guest);
        return MHD_YES;
    case STAGE_BODY:
        return *n > 0 ? on_piece(call, bytes, n) : on_end(call);
    case STAGE_REPLY:
        // Refused at its beginning, with the body still to come?
        if (call->doing == DO_BEGIN)
            return refuse_early(call);
        return reply(call);
    case STAGE_SENT:
        break;
    }
    return MHD_NO;
}

static int cores_used(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return cores > 8 ? 8 : cores < 2 ? 2 : (int)cores;
}

// Opens one door. The socket is the library's if it opens.
static bool open_door(struct door *door, int *listening, int threads, int most)
{
    const struct kr_tls *tls = door->secure ? door->server->tls : NULL;
    const unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME;
    struct MHD_OptionItem secure[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, tls ? (void *)(uintptr_t)kr_tls_first_chain(tls) : NULL},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, tls ? (void *)(uintptr_t)kr_tls_first_key(tls) : NULL},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)kr_tls_priorities},
        {MHD_OPTION_END, 0, NULL}};
    // clang-format off: pairs and triples
    door->daemon = MHD_start_daemon(
        tls ? flags | MHD_USE_TLS : flags, 0, NULL, NULL, on_request, door,
        MHD_OPTION_LISTEN_SOCKET, *listening, MHD_OPTION_THREAD_POOL_SIZE, (unsigned)threads,
        MHD_OPTION_THREAD_STACK_SIZE, (size_t)STACK, MHD_OPTION_CONNECTION_LIMIT, (unsigned)most,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)SILENCE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)MEMORY, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_NOTIFY_CONNECTION,
        on_connection, door, MHD_OPTION_NOTIFY_COMPLETED, on_end_of_call, door,
        MHD_OPTION_URI_LOG_CALLBACK, on_target, door, MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes,
        NULL, MHD_OPTION_ARRAY, tls ? secure : &secure[KR_COUNT(secure) - 1], MHD_OPTION_END);
    // clang-format on
    if (door->daemon)
        *listening = -1;
    return door->daemon != NULL;
}

// The one beside takes a quarter of the places: who fills it leaves the family theirs.
static bool open_doors(struct kr_server *server, int listening[static DOOR_COUNT], int threads,
                       int most)
{
    struct door *doors = server->doors;
    bool two = listening[DOOR_BESIDE] >= 0;
    for (int i = 0; i < DOOR_COUNT; i++)
        doors[i] = (struct door){.server = server};
    doors[DOOR_MAIN].secure = server->tls != NULL;
    doors[DOOR_BESIDE].beside = true;
    return open_door(&doors[DOOR_MAIN], &listening[DOOR_MAIN], threads,
                     two ? most - most / 4 : most) &&
           (!two || open_door(&doors[DOOR_BESIDE], &listening[DOOR_BESIDE], 2, most / 4));
}

bool kr_server_start(const struct kr_server_params *params, struct kr_server **out,
                     struct kr_err *err)
{
    int listening[DOOR_COUNT] = {params->listening, params->tls ? params->beside : -1};
    struct kr_server *server = kr_new(struct kr_server);
    const int some = cores_used(), threads[KR_LANE_COUNT] = {some * 2, some + 1};
    server->house = params->house;
    server->tls = params->tls;
    server->strict = params->strict;
    server->lanes = kr_lanes_create(params->house, threads);
    bool fine = kr_live_create(params->house, &server->live, err) &&
                kr_reaper_create(&params->reaper, &server->reaper, err);
    if (fine && !open_doors(server, listening, params->threads ? params->threads : some,
                            params->reaper.most))
        fine = kr_fail_errno(err, "start the HTTP server");
    for (int i = 0; i < DOOR_COUNT; i++)
        kr_fd_close(&listening[i]);
    if (!fine) {
        kr_server_stop(&server);
        return false;
    }
    *out = server;
    return true;
}

// Nobody else is let in.
static void shut(struct door *door)
{
    int listening = door->daemon ? MHD_quiesce_daemon(door->daemon) : -1;
    kr_fd_close(&listening);
}

void kr_server_stop(struct kr_server **address)
{
    struct kr_server *server = *address;
    if (!server)
        return;
    for (int i = 0; i < DOOR_COUNT; i++)
        shut(&server->doors[i]);
    if (server->live)
        kr_live_end(server->live);
    // The library may not be stopped while a connection is suspended: first the work ends.
    kr_lanes_close(server->lanes);
    for (int waited = 0; atomic_load(&server->under_way) > 0 && waited < GRACE_MS; waited += 10)
        usleep(10 * 1000);
    for (int i = 0; i < DOOR_COUNT; i++)
        if (server->doors[i].daemon)
            MHD_stop_daemon(server->doors[i].daemon);
    kr_live_destroy(&server->live);
    kr_reaper_destroy(&server->reaper);
    kr_lanes_destroy(&server->lanes);
    kr_free(address);
}
