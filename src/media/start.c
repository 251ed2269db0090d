// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/start.h"

#include "base/text.h"
#include "media/lettering_priv.h"
#include <dlfcn.h>
#include <gexiv2/gexiv2.h>
#include <gmodule.h>
#include <lcms2.h>
#include <libavutil/log.h>
#include <malloc.h>
#include <vips/vips.h>
// stands on the one above
#include <vips/vector.h>

static void be_silent(const char *domain, GLogLevelFlags level, const char *text, void *context)
{
    (void)domain, (void)level, (void)text, (void)context;
}

static void be_silent_av(void *context, int level, const char *format, va_list args)
{
    (void)context, (void)level, (void)format, (void)args;
}

static void be_silent_cms(cmsContext context, cmsUInt32Number code, const char *text)
{
    (void)context, (void)code, (void)text;
}

// What strangers' files make libraries say may hold names and captions: never logged.
static void hush(void)
{
    g_log_set_default_handler(be_silent, NULL);
    gexiv2_log_set_level(GEXIV2_LOG_LEVEL_MUTE);
    av_log_set_level(AV_LOG_QUIET);
    av_log_set_callback(be_silent_av);
    cmsSetLogErrorHandler(be_silent_cms);
}

// libvips would load every module beside it (ImageMagick, Poppler, OpenSlide
// ...); we want HEIF alone, for 20 ms and 6 MiB less in each worker.
static void load_heif(void)
{
    Dl_info where;
    if (!dladdr((void *)(uintptr_t)vips_version, &where) || !where.dli_fname)
        return;
    const char *slash = strrchr(where.dli_fname, '/');
    int n = slash ? (int)(slash - where.dli_fname) : 0;
    char path[512];
    snprintf(path, sizeof path, "%.*s/vips-modules-%d.%d/vips-heif.so", n > 400 ? 0 : n,
             where.dli_fname, vips_version(0), vips_version(1));
    GModule *module = g_module_open(path, G_MODULE_BIND_LAZY);
    if (module)
        g_module_make_resident(module);
    // Without it HEIF is either built in, or pictures of it are kept as undecodable.
}

static bool start_vips(struct kr_err *err)
{
    setenv("VIPSHOME", "/nonexistent", 1);    // no modules but ours
    setenv("VIPS_DISC_THRESHOLD", "999g", 1); // never a temporary file (1)
    if (vips_init("kinreel-media") != 0) {
        vips_error_clear();
        return kr_fail(err, KR_E_INTERNAL, "start libvips");
    }
    load_heif();
    vips_vector_set_enabled(FALSE); // Orc would need executable memory (1)
    vips_block_untrusted_set(TRUE);
    vips_concurrency_set(1);
    vips_cache_set_max(0);
    vips_cache_set_max_mem(0);
    vips_cache_set_max_files(0);
    return true;
}

// The press profile is looked up by name once: now, while a file may be asked for.
// (No thread is started here: a process that forks later would lose it.)
static void rehearse(void)
{
    VipsBlob *profile = NULL;
    if (vips_profile_load("cmyk", &profile, NULL) == 0 && profile)
        vips_area_unref((VipsArea *)profile);
    vips_error_clear();
}

// Names by which our code asks, whatever prefix a file writes.
static bool start_gexiv2(void)
{
    static const struct {
        const char *uri, *prefix;
    } spaces[] = {
        {"http://ns.google.com/photos/1.0/camera/", "GCamera"},
        {"http://ns.google.com/photos/1.0/container/", "Container"},
        {"http://ns.google.com/photos/1.0/container/item/", "Item"},
    };
    if (!gexiv2_initialize())
        return false;
    for (size_t i = 0; i < KR_COUNT(spaces); i++) {
        GError *why = NULL;
        gexiv2_metadata_try_register_xmp_namespace(spaces[i].uri, spaces[i].prefix, &why);
        g_clear_error(&why); // known already
    }
    return true;
}

bool kr_media_start(struct kr_err *err)
{
    static bool started; // one process starts its libraries once
    if (started)
        return true;
    // What is large lies apart: it grows where it is, and leaves no hole in the heap. Frames do not
    // come and go; their pools keep them.
    mallopt(M_MMAP_THRESHOLD, 128 << 10);
    mallopt(M_TRIM_THRESHOLD, 128 << 20);
    mallopt(M_ARENA_MAX, 2);
    hush();
    if (!start_vips(err))
        return kr_within(err, "start the media libraries");
    if (!start_gexiv2())
        return kr_fail(err, KR_E_INTERNAL, "start gexiv2");
    rehearse();
    if (!kr_lettering_start(err))
        return kr_within(err, "start the media libraries");
    started = true;
    return true;
}
