// SPDX-License-Identifier: AGPL-3.0-or-later
// A question on its way to somebody: a link, its QR code, and a card to send or print.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { showSlip } from '../base/say'
import { t } from '../base/words'
import { sentenceOf } from '../net/api'
import { asksApi, cardOf, type Ask, type AskLink } from '../net/asks'

function Code({ link }: { link: AskLink }) {
  return (
    <svg class="ask-qr" viewBox={`0 0 ${link.qr_size} ${link.qr_size}`} role="img" aria-label={t('ui.ask.qr')} shape-rendering="crispEdges">
      <rect width={link.qr_size} height={link.qr_size} fill="#fff" />
      <path d={link.qr_path} fill="#000" />
    </svg>
  )
}

const groups = (code: string) => code.replace(/(.{4})(?=.)/g, '$1 ')

function copy(link: string): void {
  navigator.clipboard?.writeText(link).then(
    () => showSlip({ text: t('ui.ask.copied') }),
    () => undefined,
  )
}

export function SendIt({ ask, done }: { ask: Ask; done: () => void }) {
  const [link, setLink] = useState<AskLink | null>(null)
  const [trouble, setTrouble] = useState('')
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    asksApi.link(ask.id).then(setLink, (cause: unknown) => setTrouble(sentenceOf(cause)))
  }, [ask.id])
  useLayoutEffect(() => box.current?.focus(), [link])
  if (trouble) return <p class="wrong" role="alert">{trouble}</p>
  if (!link) return null
  const whom = ask.to_name ? t('ui.ask.send_to', { name: ask.to_name }) : t('ui.ask.send_it')
  return (
    <div class="ask-link" role="group" aria-label={whom} tabIndex={-1} ref={box} data-group="ask-link">
      <p class="lead">{whom}</p>
      <p>{t('ui.ask.send.how')}</p>
      <Code link={link} />
      <p class="ask-code">{groups(link.code)}</p>
      <input class="ask-url" readOnly value={link.link} aria-label={t('ui.ask.link')} onFocus={(event) => event.currentTarget.select()} />
      <div class="row">
        {navigator.clipboard && (
          <button type="button" onClick={() => copy(link.link)}>
            {t('ui.ask.copy')}
          </button>
        )}
        {ask.has_picture && (
          <a class="button" href={cardOf(ask.id, link.code)} download="ask.jpg">
            {t('ui.ask.card')}
          </a>
        )}
        <button type="button" class="plain" onClick={done}>
          {t('ui.close')}
        </button>
      </div>
    </div>
  )
}
