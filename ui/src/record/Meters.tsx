// SPDX-License-Identifier: AGPL-3.0-or-later
// How it sounds and looks right now, in words; a bar shows that something is heard at all.

import { useEffect, useState } from 'preact/hooks'
import { t } from '../base/words'
import type { Session } from './session'
import { Watch, type Seen } from './watch'

const silent: Seen = { level: 0, sound: null, light: null, steady: null }

function useSeen(session: Session, film: boolean): Seen {
  const [seen, setSeen] = useState(silent)
  useEffect(() => {
    const finder = film ? document.querySelector<HTMLVideoElement>('video.finder') : null
    const watch = new Watch(session.stream, finder, setSeen)
    return () => watch.close()
  }, [session, film])
  return seen
}

export function Meters({ session, film }: { session: Session; film: boolean }) {
  const { level, sound, light, steady } = useSeen(session, film)
  return (
    <div class="meters">
      <progress max={1} value={level} aria-hidden="true" />
      <div role="status">
        {sound && <p class={sound === 'good' ? 'fine' : 'heed'}>{t(`ui.record.meter.sound.${sound}`)}</p>}
        {light && <p class={light === 'good' ? 'fine' : 'heed'}>{t(`ui.record.meter.light.${light}`)}</p>}
        {steady && <p class={steady === 'good' ? 'fine' : 'heed'}>{t(`ui.record.meter.steady.${steady}`)}</p>}
      </div>
    </div>
  )
}
