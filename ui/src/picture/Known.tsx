// SPDX-License-Identifier: AGPL-3.0-or-later
// What is known of the picture, as sentences, each with who said so; and the way to say otherwise.

import type { ComponentChildren } from 'preact'
import { Sign } from '../app/Sign'
import { showSlip } from '../base/say'
import { dayName, weight } from '../base/show'
import { hasWord, lang, t } from '../base/words'
import { myWord } from '../door/word'
import { api, sentenceOf } from '../net/api'
import { isNotIn } from '../net/people'
import type { InPicture, Item } from '../net/shapes'
import { Edit } from './Edit'
import { dateValue } from './facts'
import { plainDate } from './plaindate'
import { Voices } from './Voices'
import { voicesOf } from './telling'

interface Props {
  item: Item
  changed: (item: Item) => void
  point: (name: string) => void
}

export function Who({ who }: { who: string }) {
  if (!who || who === 'none') return null
  const known = `ui.who.${who}`
  return <span class="who">{hasWord(known) ? t(known) : t('ui.who.named', { name: who })}</span>
}

function Fact({ children, edit }: { children: ComponentChildren; edit?: ComponentChildren }) {
  return (
    <div class="fact">
      <div class="fact-text">{children}</div>
      {edit}
    </div>
  )
}

// Words of somebody who lets theirs rest are kept and not told.
function isHeard(item: Item, predicate: string): boolean {
  const words = predicate === 'caption' || predicate === 'keyword'
  return !words || item.claims.some((claim) => claim.predicate === predicate && claim.who === myWord.value)
}

function useKeep({ item, changed }: Props) {
  return (predicate: string, valueOf: (text: string) => unknown) => async (text: string, certain: number) => {
    if (!text && predicate !== 'caption' && predicate !== 'place') return
    const next = await api.claim(item.id, predicate, valueOf(text), certain)
    changed(next)
    showSlip({ text: t(isHeard(next, predicate) ? 'ui.edit.kept' : 'ui.edit.kept.rests') })
  }
}

function When(props: Props) {
  const { item } = props
  const keep = useKeep(props)('date', dateValue)
  const voices = voicesOf(item, 'date')
  const edit = (
    <Edit
      id="edit-date"
      label={t('ui.edit.date')}
      open={t('ui.edit.date.open')}
      hint={t('ui.edit.date.hint')}
      value={item.date.text}
      shown={voices.length === 0}
      sure
      keep={keep}
    />
  )
  return (
    <Fact edit={edit}>
      {voices.length === 0 && <p>{t('ui.fact.date.none')}</p>}
      <Voices voices={voices} item={item} changed={props.changed} draw={(voice) => t('ui.fact.sentence', { text: plainDate(voice.text) })} />
    </Fact>
  )
}

function Caption(props: Props) {
  const { item } = props
  const keep = useKeep(props)('caption', (text) => text)
  const edit = (
    <Edit
      id="edit-caption"
      label={t('ui.edit.caption')}
      open={t(item.caption ? 'ui.edit.caption.open' : 'ui.edit.caption.first')}
      value={item.caption}
      long
      shown={!item.caption}
      keep={keep}
    />
  )
  return (
    <Fact edit={edit}>
      {item.caption && (
        <Voices voices={voicesOf(item, 'caption')} item={item} changed={props.changed} looks="telling" draw={(voice) => voice.text} />
      )}
    </Fact>
  )
}

function Where(props: Props) {
  const { item } = props
  const keep = useKeep(props)('place', (text) => text)
  const edit = (
    <Edit
      id="edit-place"
      label={t('ui.edit.place')}
      open={t(item.place ? 'ui.edit.place.open' : 'ui.edit.place.first')}
      value={item.place}
      shown={!item.place}
      keep={keep}
    />
  )
  return (
    <Fact edit={edit}>
      {item.place && (
        <Voices voices={voicesOf(item, 'place')} item={item} changed={props.changed} draw={(voice) => t('ui.fact.place', { place: voice.text })} />
      )}
      {item.gps && (
        <p class="quiet">{t('ui.fact.gps', { lat: item.gps.lat.toFixed(4), lon: item.gps.lon.toFixed(4) })}</p>
      )}
    </Fact>
  )
}

function People({ item, changed, point }: Props) {
  const names = [...new Set([...item.regions.map((region) => region.name), ...(item.people ?? [])])].filter(Boolean)
  const personOf = (name: string) => item.persons?.find((one) => one.name === name)
  if (names.length === 0) return null
  return (
    <Fact>
      <p>{t('ui.fact.people')}</p>
      <ul class="chips">
        {names.map((name) => (
          <li key={name}>
            <a
              class="chip"
              href={personOf(name) ? `/person/${personOf(name)?.id}` : `/search?q=${encodeURIComponent('person:' + name)}`}
              onPointerEnter={() => point(name)}
              onPointerLeave={() => point('')}
              onFocus={() => point(name)}
              onBlur={() => point('')}
            >
              {[name, personOf(name)?.age].filter(Boolean).join(t('ui.comma'))}
            </a>
            <NotIn item={item} person={personOf(name)} changed={changed} />
          </li>
        ))}
      </ul>
    </Fact>
  )
}

function NotIn({ item, person, changed }: { item: Item; person: InPicture | undefined; changed: (item: Item) => void }) {
  if (!person) return null
  const away = () => isNotIn(item.id, person.id).then(changed, (cause: unknown) => showSlip({ text: sentenceOf(cause) }))
  return (
    <button type="button" class="plain round" aria-label={t('ui.flag.not_in', { name: person.name })} onClick={() => void away()}>
      <Sign name="close" />
    </button>
  )
}

function Keywords(props: Props) {
  const { item } = props
  const keep = useKeep(props)('keyword', (text) => text)
  return (
    <Fact edit={<Edit id="edit-keyword" label={t('ui.edit.keyword')} open={t('ui.edit.keyword.open')} value="" shown keep={keep} />}>
      {item.keywords.length > 0 && (
        <ul class="chips" aria-label={t('ui.fact.keywords')}>
          {item.keywords.map((word) => (
            <li key={word}>
              <a class="chip" href={`/search?q=${encodeURIComponent(word)}`}>
                {word}
              </a>
            </li>
          ))}
        </ul>
      )}
    </Fact>
  )
}

function InAlbums({ item }: { item: Item }) {
  if (item.albums.length === 0) return null
  return (
    <Fact>
      <p>{t('ui.fact.albums')}</p>
      <ul class="chips">
        {item.albums.map((album) => (
          <li key={album.id}>
            <a class="chip" href={`/album/${album.id}`}>
              {album.title}
            </a>
          </li>
        ))}
      </ul>
    </Fact>
  )
}

function TheFile({ item }: { item: Item }) {
  const shape = item.width > 0 ? t('ui.file.shape', { w: item.width, h: item.height }) : ''
  const about = [weight(item.size, lang.value), shape, item.camera].filter(Boolean).join(t('ui.comma'))
  return (
    <details class="file">
      <summary>{t('ui.file.title')}</summary>
      <p>{item.names.join(t('ui.comma'))}</p>
      <p>{about}</p>
      <p>{t('ui.file.added', { day: dayName(item.added, lang.value) })}</p>
      <p class="hash">{item.sha256}</p>
    </details>
  )
}

export function Known(props: Props) {
  return (
    <div class="known" data-group={t('ui.reach.group.known')}>
      <Caption {...props} />
      <When {...props} />
      <Where {...props} />
      <People {...props} />
      <Keywords {...props} />
      <InAlbums item={props.item} />
      <TheFile item={props.item} />
    </div>
  )
}
