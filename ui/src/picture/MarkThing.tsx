// SPDX-License-Identifier: AGPL-3.0-or-later
// Marking a thing: what it is, where it is in the picture, from when, and one sentence about it.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { FormEnd } from '../app/FormEnd'
import { Sign } from '../app/Sign'
import { focusDrawn } from '../base/focus'
import { showSlip } from '../base/say'
import { lang, t } from '../base/words'
import { decadeName, decades } from '../era/years'
import { spoken } from '../line/Tile'
import { api, isAbort, sentenceOf } from '../net/api'
import { eraApi, type EraCard, type Marking } from '../net/era'
import type { Brief, Item } from '../net/shapes'
import type { Box } from './framing'

const typing_ms = 200
const offered_most = 5
const voices_most = 100

// Cards whose words begin with what is typed.
function useOffered(text: string, taken: string): EraCard[] {
  const [offered, setOffered] = useState<EraCard[]>([])
  useEffect(() => {
    const stop = new AbortController()
    const wish = text.trim()
    if (!wish || wish === taken) {
      setOffered([])
      return
    }
    const timer = setTimeout(() => {
      eraApi.cards({ q: wish }, stop.signal).then(
        (found) => setOffered(found.cards.slice(0, offered_most)),
        (cause: unknown) => !isAbort(cause) && setOffered([]),
      )
    }, typing_ms)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [text, taken, lang.value])
  return offered
}

function Offered({ cards, take }: { cards: readonly EraCard[]; take: (card: EraCard) => void }) {
  return (
    <ul class="chips" aria-label={t('ui.mark.offered')}>
      {cards.map((card) => (
        <li key={card.id}>
          <button type="button" class="chip" onClick={() => take(card)}>
            {card.title}
          </button>
        </li>
      ))}
    </ul>
  )
}

function Decades({ chosen, choose }: { chosen: number; choose: (decade: number) => void }) {
  return (
    <fieldset class="mark-decades">
      <legend>{t('ui.mark.when')}</legend>
      {[0, ...decades].map((decade) => (
        <label class="pill" key={decade}>
          <input type="radio" name="mark-decade" checked={chosen === decade} onChange={() => choose(decade)} />
          <span>{decade ? decadeName(decade) : t('ui.mark.when.same')}</span>
        </label>
      ))}
    </fieldset>
  )
}

// Recordings that are in the house already; one of them may tell of the thing.
function Voices({ chosen, choose }: { chosen: string; choose: (id: string) => void }) {
  const [voices, setVoices] = useState<Brief[]>([])
  useEffect(() => {
    api.items({ kind: 'audio', limit: voices_most }).then(
      (leaf) => setVoices(leaf.items),
      () => setVoices([]),
    )
  }, [lang.value])
  if (voices.length === 0) return null
  return (
    <>
      <label for="mark-voice">{t('ui.mark.voice.which')}</label>
      <select id="mark-voice" value={chosen} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">{t('ui.mark.voice.none')}</option>
        {voices.map((voice) => (
          <option key={voice.id} value={voice.id}>
            {spoken(voice)}
          </option>
        ))}
      </select>
    </>
  )
}

interface FormProps {
  item: Item
  first: EraCard | null // what one came to mark
  box: Box | null
  frame: () => void // lets the frame be drawn
  done: (item: Item) => void
  leave: () => void
}

function Form({ item, first, box, frame, done, leave }: FormProps) {
  const [thing, setThing] = useState(first?.title ?? '')
  const [card, setCard] = useState<EraCard | null>(first)
  const [decade, setDecade] = useState(0)
  const [sentence, setSentence] = useState('')
  const [voice, setVoice] = useState('')
  const [trouble, setTrouble] = useState('')
  const field = useRef<HTMLInputElement>(null)
  const where = useRef<HTMLButtonElement>(null)
  const offered = useOffered(thing, card?.title ?? '')
  useLayoutEffect(() => (first ? where.current : field.current)?.focus(), [])
  useLayoutEffect(() => {
    if (box) where.current?.focus()
  }, [box])
  useEffect(() => {
    if (first) setThing(first.title)
    setCard(first)
  }, [first?.id, first?.title])
  const take = (chosen: EraCard) => {
    setCard(chosen)
    setThing(chosen.title)
    field.current?.focus()
  }
  const keep = (event: Event) => {
    event.preventDefault()
    const said: Marking = { thing: thing.trim() }
    if (card && card.title === said.thing) said.card = card.id
    if (box) said.region = box
    if (decade) said.date = `${Math.floor(decade / 10)}X`
    if (sentence.trim()) said.sentence = sentence.trim()
    if (voice) said.voice = voice
    if (!said.thing) return setTrouble(t('ui.mark.what.missing'))
    return void eraApi.mark(item.id, said).then(done, (cause: unknown) => setTrouble(sentenceOf(cause)))
  }
  const escape = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return
    event.preventDefault()
    leave()
  }
  return (
    <form class="edit mark-form" onSubmit={keep} onKeyDown={escape} aria-label={t('ui.mark.open')}>
      <label for="mark-thing">{t('ui.mark.what')}</label>
      <input
        id="mark-thing"
        ref={field}
        value={thing}
        autocomplete="off"
        aria-describedby={trouble ? 'mark-trouble' : undefined}
        aria-invalid={trouble ? true : undefined}
        onInput={(event) => setThing(event.currentTarget.value)}
      />
      {offered.length > 0 && <Offered cards={offered} take={take} />}
      {item.kind === 'photo' && item.thumb && (
        <button type="button" ref={where} class="mark-where" onClick={frame}>
          <Sign name="faces" />
          {t(box ? 'ui.mark.where.again' : 'ui.mark.where')}
        </button>
      )}
      <Decades chosen={decade} choose={setDecade} />
      <label for="mark-sentence">{t('ui.mark.sentence')}</label>
      <input id="mark-sentence" value={sentence} maxLength={300} onInput={(event) => setSentence(event.currentTarget.value)} />
      <Voices chosen={voice} choose={setVoice} />
      <FormEnd trouble={trouble} id="mark-trouble" leave={leave} />
    </form>
  )
}

// The card one came with from its own page (/item/…?mark=CARD).
function useFirst(id: string): EraCard | null | undefined {
  const [card, setCard] = useState<EraCard | null | undefined>(id ? undefined : null)
  useEffect(() => {
    if (!id) return setCard(null)
    const stop = new AbortController()
    eraApi.card(id, stop.signal).then(setCard, (cause: unknown) => !isAbort(cause) && setCard(null))
    return () => stop.abort()
  }, [id, lang.value])
  return card
}

interface Props {
  item: Item
  wished: string // the id of a card, or ''
  box: Box | null
  frame: () => void
  changed: (item: Item) => void
  ended: () => void // kept or left: the frame goes
}

export function MarkThing({ item, wished, box, frame, changed, ended }: Props) {
  const [open, setOpen] = useState(wished !== '')
  const first = useFirst(wished)
  const button = useRef<HTMLButtonElement>(null)
  const close = () => {
    setOpen(false)
    ended()
    focusDrawn(() => button.current)
  }
  const done = (next: Item) => {
    changed(next)
    close()
    showSlip({ text: t('ui.mark.kept') })
  }
  if (open && first !== undefined) {
    return <Form item={item} first={first} box={box} frame={frame} done={done} leave={close} />
  }
  return (
    <button type="button" class="plain offer mark-open" ref={button} onClick={() => setOpen(true)}>
      <Sign name="faces" />
      <span>{t('ui.mark.open')}</span>
    </button>
  )
}
