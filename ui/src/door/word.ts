// SPDX-License-Identifier: AGPL-3.0-or-later

import { signal } from '@preact/signals'

// Under which name one's own words are kept (src/archive/door.h: kr_visitor_who).
export const myWord = signal('owner')
