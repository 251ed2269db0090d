// SPDX-License-Identifier: AGPL-3.0-or-later
// Beside the picture: what was asked and answered, and the way to ask.

import { may } from '../door/me'
import { useEffect, useRef, useState } from 'preact/hooks'
import { Sign } from '../app/Sign'
import { focusDrawn } from '../base/focus'
import { t } from '../base/words'
import type { Ask } from '../net/asks'
import type { Item } from '../net/shapes'
import type { Box } from '../picture/framing'
import { Asked } from './Asked'
import { AskForm } from './AskForm'

interface Props {
  item: Item
  asks: readonly Ask[]
  again: () => void
  box: Box | null
  frame: () => void
  ended: () => void // asked or left: the frame goes
}

export function AskPart({ item, asks, again, box, frame, ended }: Props) {
  const [open, setOpen] = useState(false)
  const [fresh, setFresh] = useState('')
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    setOpen(false)
    setFresh('')
  }, [item.id])
  const close = () => {
    setOpen(false)
    ended()
    focusDrawn(() => button.current)
  }
  const asked = (ask: Ask) => {
    setFresh(ask.id)
    setOpen(false)
    ended()
    again()
  }
  return (
    <div class="ask-part" data-group="asks">
      <Asked asks={asks} again={again} fresh={fresh} />
      {open && <AskForm item={item} box={box} frame={frame} asked={asked} leave={close} />}
      {!open && may('teller') && (
        <button type="button" class="plain offer ask-open" ref={button} onClick={() => setOpen(true)}>
          <Sign name="ask" />
          <span>{t('ui.ask.open')}</span>
        </button>
      )}
    </div>
  )
}
