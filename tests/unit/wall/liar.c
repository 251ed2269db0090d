// SPDX-License-Identifier: AGPL-3.0-or-later
// A worker a stranger's file has taken over: it answers each question with the
// lie its task names. What the asker should make of each stands in ask.c.
#include "base/file.h"
#include "wall/channel_priv.h"
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CHANNEL = 3 };

static void put(const void *bytes, size_t n)
{
    if (!kr_write_all(CHANNEL, bytes, n, NULL))
        _exit(0);
}

static void put_message(uint32_t said, uint32_t fds, const char *text, size_t n)
{
    uint32_t head[2] = {said, fds}; // little-endian machines only: this is a test
    put(head, sizeof head);
    put(text, n);
}

static void put_text(const char *text)
{
    put_message((uint32_t)strlen(text), 0, text, strlen(text));
}

static void smuggle(void) // descriptors along with the bytes of an answer
{
    static const char bytes[] = "\x0d\0\0\0\0\0\0\0{\"answer\":{}}";
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(sizeof(int))];
    } control = {.head = {CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS}};
    int fd = 0;
    memcpy(CMSG_DATA(&control.head), &fd, sizeof fd);
    struct iovec piece = {(char *)(uintptr_t)bytes, sizeof bytes - 1};
    struct msghdr message = {.msg_iov = &piece,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control.room};
    if (sendmsg(CHANNEL, &message, MSG_NOSIGNAL) < 0)
        _exit(0);
}

static void put_repeated(const char *piece, size_t times)
{
    size_t n = strlen(piece) * times;
    char *text = kr_alloc(n);
    for (size_t i = 0; i < times; i++)
        memcpy(text + i * strlen(piece), piece, strlen(piece));
    put_message((uint32_t)n, 0, text, n);
    free(text);
}

static void lie(const char *how)
{
    if (strcmp(how, "garbage") == 0)
        put("\xff\xfe\xfd garbage that is no message", 33);
    else if (strcmp(how, "length") == 0)
        put_message(UINT32_MAX, 0, "{}", 2);
    else if (strcmp(how, "descriptors") == 0)
        put_message(13, 3, "{\"answer\":{}}", 13);
    else if (strcmp(how, "smuggle") == 0)
        smuggle();
    else if (strcmp(how, "not_utf8") == 0)
        put_text("{\"answer\":{\"a\":\"\xc3\x28\"}}");
    else if (strcmp(how, "no_object") == 0)
        put_text("[1,2]");
    else if (strcmp(how, "answer_no_object") == 0)
        put_text("{\"answer\":[]}");
    else if (strcmp(how, "both") == 0)
        put_text("{\"answer\":{},\"error\":{\"code\":\"io\",\"text\":\"x\"}}");
    else if (strcmp(how, "deep") == 0)
        put_repeated("[", 1 << 20);
    else if (strcmp(how, "many") == 0)
        put_repeated("[],", 1 << 20);
    else if (strcmp(how, "ok_as_error") == 0)
        put_text("{\"error\":{\"code\":\"none\",\"text\":\"all \\u001b[2Jis well\"}}");
    else if (strcmp(how, "unknown_error") == 0)
        put_text("{\"error\":{\"code\":\"surprise\",\"text\":\"\"}}");
    else if (strcmp(how, "flood") == 0)
        for (;;)
            put_text("{\"done\":7e300}");
    else if (strcmp(how, "fat_progress") == 0)
        put_repeated("                                {\"done\":0.5}", 3);
    else if (strcmp(how, "close") == 0)
        close(CHANNEL);
    else if (strcmp(how, "half") == 0)
        put_message(100, 0, "{\"answer\":", 10);
    else if (strcmp(how, "early") == 0)
        _exit(0);
    else
        put_text("{\"answer\":{\"honest\":true}}");
}

int main(void)
{
    struct kr_patience patience = {0};
    for (int i = 0;; i++) { // the first message tells the limits
        KR_AUTO(kr_message_drop) struct kr_message question = KR_MESSAGE_NONE;
        if (!kr_channel_receive(CHANNEL, KR_FDS_MOST, &patience, &question, NULL))
            break;
        if (i > 0)
            lie(kr_json_str(question.body, "task", ""));
    }
    pause(); // lives on, whatever happened to the channel
    return 0;
}
