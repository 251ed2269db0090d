// SPDX-License-Identifier: AGPL-3.0-or-later
// lettering_priv.h (inside media only): the fonts letters are set in.
//
// Pango, fontconfig and Cairo all open font files lazily, and Cairo closes them
// again when more than ten are open. Behind the seal that would be too late. So
// our own small choice of faces is made, opened and held at start, and Pango is
// told of no others: a letter none of them has shows as a box.

#pragma once
#include "base/err.h"
#include <pango/pangocairo.h>

// Finds and opens the faces. true, too, where no font is installed at all.
KR_CHECK bool kr_lettering_start(struct kr_err *err);
// What kr_lettering_start() opened; NULL where it was not called, or found nothing.
PangoFontMap *kr_fonts(void);
