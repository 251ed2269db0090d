// SPDX-License-Identifier: AGPL-3.0-or-later
// A card as it lies on the table: whose house, the pattern for a phone, the code for a hand, and what to
// do with it. It is shown once: the house keeps no copy of a code.

import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { showSlip } from '../base/say'
import { t } from '../base/words'
import type { Card } from '../net/door'
import { inGroups } from './code'

export function isLoopback(link: string): boolean {
  const host = new URL(link).hostname
  return host === 'localhost' || host === '[::1]' || /^127\./.test(host)
}

async function copy(link: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(link)
    showSlip({ text: t('ui.card.copied') })
  } catch {
    showSlip({ text: t('ui.card.not_copied') })
  }
}

export function CardSheet({ card, label, home, done }: { card: Card; label: string; home: string; done: () => void }) {
  const [paper, setPaper] = useState<'a6' | 'a4'>('a6')
  const sheet = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => sheet.current?.focus(), [])
  const address = card.link.replace(/#.*$/, '')
  return (
    <div class="card-made">
      <div class={`door-card ${paper}`} tabIndex={-1} ref={sheet} role="group" aria-label={t('ui.card.for', { name: label })}>
        <p class="door-card-house">{home || t('app.name')}</p>
        <p>{t('ui.card.for', { name: label })}</p>
        <svg class="qr" viewBox={`0 0 ${card.qr_size} ${card.qr_size}`} role="img" aria-label={t('ui.card.qr')} shape-rendering="crispEdges">
          <rect width={card.qr_size} height={card.qr_size} fill="#fff" />
          <path d={card.qr_path} fill="#000" />
        </svg>
        <p class="spaced">{inGroups(card.code)}</p>
        <p class="door-card-how">{t('ui.card.how', { address })}</p>
      </div>
      <div class="card-tools">
        <p class="quiet">{t('ui.card.once')}</p>
        {isLoopback(card.link) && <p class="quiet">{t('ui.card.loopback')}</p>}
        <div class="field">
          <label for="card-paper">{t('ui.card.paper')}</label>
          <select id="card-paper" value={paper} onChange={(event) => setPaper(event.currentTarget.value === 'a4' ? 'a4' : 'a6')}>
            <option value="a6">{t('ui.card.paper.a6')}</option>
            <option value="a4">{t('ui.card.paper.a4')}</option>
          </select>
        </div>
        <div class="row">
          <button type="button" class="act" onClick={() => print()}>
            {t('ui.card.print')}
          </button>
          <button type="button" onClick={() => void copy(card.link)}>
            {t('ui.card.copy')}
          </button>
          <button type="button" class="plain" onClick={done}>
            {t('ui.card.done')}
          </button>
        </div>
      </div>
    </div>
  )
}
