// SPDX-License-Identifier: AGPL-3.0-or-later
// A whole picture on the bench: somebody draws a frame where nobody has.

import { useState } from 'preact/hooks'
import { Page } from '../app/Page'
import { Trouble } from '../app/Trouble'
import { t } from '../base/words'
import { spoken } from '../line/Tile'
import { ratioOf } from '../line/rows'
import { sentenceOf } from '../net/api'
import { people, type OpenFace } from '../net/people'
import type { Brief } from '../net/shapes'
import { Frame } from '../picture/Frame'
import type { Box } from '../picture/framing'
import { faceIn } from './desk'

interface Props {
  item: Brief
  face?: OpenFace | null // a frame that is moved; without one a new one is drawn
  done: (face: OpenFace) => void
  leave: () => void
}

export function Framing({ item, face, done, leave }: Props) {
  const [trouble, setTrouble] = useState('')
  const keep = async (box: Box) => {
    try {
      const framed = await (face ? people.moveFrame(item.id, face.claim, box) : people.frame(item.id, box))
      const found = faceIn(framed, framed.region)
      if (found) done(found)
    } catch (cause) {
      setTrouble(sentenceOf(cause))
    }
  }
  return (
    <Page title={t('ui.who_is.framing')}>
      {trouble && <Trouble text={trouble} />}
      <div class="who-framing" style={{ '--ratio': String(ratioOf(item)) }}>
        <img src={item.thumb + '2048'} alt={spoken(item)} />
        <Frame {...(face ? { start: { x: face.x, y: face.y, w: face.w, h: face.h } } : {})} label={t('ui.who_is.framing')} onDone={(box) => void keep(box)} onCancel={leave} />
      </div>
    </Page>
  )
}
