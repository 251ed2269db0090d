// SPDX-License-Identifier: AGPL-3.0-or-later

import { hasWord, t } from '../base/words'
import { myWord } from '../door/word'
import { Who } from '../picture/Known'
import type { Said } from '../net/consent'

// Who said something of a person: I, somebody by name, or somebody who looks after the home.
export function Sayer({ said, of }: { said: Said; of: string }) {
  if (said.who === myWord.value) return <span class="who">{t(said.who === of ? 'ui.hand.by_me' : 'ui.hand.by_me.down')}</span>
  if (said.who_name) return <Who who={said.who_name} />
  return <span class="who">{hasWord(`ui.who.${said.who}`) ? t(`ui.who.${said.who}`) : t('ui.hand.by_keeper')}</span>
}
