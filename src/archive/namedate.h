// SPDX-License-Identifier: AGPL-3.0-or-later
// namedate.h: what a file's or a folder's name says about when.
//
// Phones and messengers write the time of capture, of sending or of saving into
// names; scanners the day of scanning; people write "1985年夏天 老屋". These are
// not equally true, so each claim tells what its day is the day *of*. Only the
// day of capture or what a person wrote may become the day of the memory.
// Counters are not years: DSC_1985.jpg says nothing. Neither does a name whose
// date cannot be (month 13, year 2099, before 1826). Pure; any thread.

#pragma once
#include "archive/edtf.h"

enum kr_namedate_kind {
    KR_NAME_CAPTURED, // a camera wrote it: IMG_20200827_231612, PXL_…, wx_camera_…
    KR_NAME_SCREEN,   // a screenshot or screen recording
    KR_NAME_SENT,     // IMG-20191006-WA0002: the day it was sent
    KR_NAME_WRITTEN,  // a person wrote it: "1985-06 wedding", "1976春节", "198X"
    KR_NAME_SAVED,    // mmexport1553137462000: the day somebody saved it
    KR_NAME_SCANNED,  // Scan_20190412, 扫描…: the day of the scanner
};

struct kr_namedate {
    struct kr_edtf date;
    bool has_wall;   // a time of day was told
    int64_t wall_ms; // that time on the wall, as if it were UTC; 0 without one
    enum kr_namedate_kind kind;
    double certain;     // [0,1]
    bool saved, scan;   // never the day of the memory
    const char *source; // "filename", "filename-sent", "filename-saved", "filename-scan",
                        // "folder"; static
};

// `name` is the last part of a path, with or without an ending, as the disk has it
// (unproven bytes). Names that carry a moment (Unix milliseconds; PXL_ is UTC) are
// told on a wall clock `zone_min` minutes ahead of UTC. False when it says nothing.
bool kr_namedate_of_file(struct kr_str name, int zone_min, struct kr_namedate *out);

// The same of one folder's name ("1985 老屋", "2019-03-21 北京"); less certain.
bool kr_namedate_of_folder(struct kr_str name, struct kr_namedate *out);
