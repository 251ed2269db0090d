// SPDX-License-Identifier: AGPL-3.0-or-later
// start.h: wakes the media libraries before the process seals itself.
//
// Afterwards no file can be opened, so everything that opens files happens
// here: modules, fonts, profiles. Promise: (1) after kr_media_start() returned
// true, no function of media/ opens a path, makes a temporary file, or maps
// executable memory.

#pragma once
#include "base/err.h"

KR_CHECK bool kr_media_start(struct kr_err *err); // once, from one thread; again does nothing
