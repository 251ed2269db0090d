// SPDX-License-Identifier: AGPL-3.0-or-later
// Beside answers that are heard or seen: may they come whole and small?

import { Switch } from '../app/Switch'
import { t } from '../base/words'
import type { Ask } from '../net/asks'
import { sayThin, thin } from './thin'

export function ThinSwitch({ asks }: { asks: readonly Ask[] }) {
  if (!asks.some((ask) => ask.replies.some((reply) => reply.kind !== 'text'))) return null
  return <Switch label={t('ui.apart.thin')} on={thin.value} change={sayThin} />
}
