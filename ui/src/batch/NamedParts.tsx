// SPDX-License-Identifier: AGPL-3.0-or-later
// A place, a person, an album for all that is chosen: typed, found, or new.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { lang, t, tn } from '../base/words'
import { api, sentenceOf } from '../net/api'
import { doToChosen } from './acts'

interface Found {
  id: string
  name: string
  also?: string
}

interface Props {
  id: string
  label: string
  fresh: ((name: string) => string) | null // what a new one is offered as
  search: ((text: string) => Promise<Found[]>) | null
  keep: (found: Found | null, text: string) => Promise<unknown>
}

function useFound(search: Props['search'], text: string): Found[] {
  const [found, setFound] = useState<Found[]>([])
  useEffect(() => {
    let late = false
    const timer = setTimeout(() => {
      search?.(text.trim()).then(
        (list) => !late && setFound(list),
        () => !late && setFound([]), // what is typed can still be kept
      )
    }, 120)
    return () => {
      late = true
      clearTimeout(timer)
    }
  }, [text, lang.value])
  return found
}

function NamedPart({ id, label, fresh, search, keep }: Props) {
  const [text, setText] = useState('')
  const [trouble, setTrouble] = useState('')
  const field = useRef<HTMLInputElement>(null)
  const found = useFound(search, text)
  useLayoutEffect(() => field.current?.focus({ preventScroll: true }), [])
  const name = text.trim()
  const take = (one: Found | null) => {
    if (!one && !name) return
    keep(one, name).catch((cause: unknown) => setTrouble(sentenceOf(cause)))
  }
  const same = found.find((one) => one.name === name)
  const submit = (event: Event) => {
    event.preventDefault()
    take(same ?? (search && name ? (found[0] ?? null) : null))
  }
  return (
    <form class="act-part" onSubmit={submit}>
      <label for={id}>{label}</label>
      <div class="row">
        <input
          id={id}
          ref={field}
          value={text}
          autocomplete="off"
          aria-describedby={trouble ? `${id}-trouble` : undefined}
          aria-invalid={trouble ? true : undefined}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        {!search && <button type="submit">{t('ui.act.keep')}</button>}
      </div>
      {trouble && (
        <p class="wrong" role="alert" id={`${id}-trouble`}>
          {trouble}
        </p>
      )}
      {search && (
        <ul class="chips found-names">
          {found.slice(0, 12).map((one) => (
            <li key={one.id}>
              <button type="button" class="chip" onClick={() => take(one)}>
                {one.name}
                {one.also && <small>{one.also}</small>}
              </button>
            </li>
          ))}
          {fresh && name && !same && (
            <li>
              <button type="button" class="chip" onClick={() => take(null)}>
                {fresh(name)}
              </button>
            </li>
          )}
        </ul>
      )}
    </form>
  )
}

export function PlacePart() {
  const keep = (_: Found | null, text: string) => doToChosen({ place: text })
  return <NamedPart id="act-place" label={t('ui.act.place.label')} fresh={null} search={null} keep={keep} />
}

export function PeoplePart() {
  const search = async (q: string) => (await api.persons(q)).persons
  const keep = async (one: Found | null, text: string) => {
    const id = one?.id ?? (await api.addPerson(text)).id
    return doToChosen({ persons: id })
  }
  const fresh = (name: string) => t('ui.act.person.new', { name })
  return <NamedPart id="act-person" label={t('ui.act.person.label')} fresh={fresh} search={search} keep={keep} />
}

export function AlbumPart() {
  const search = async (q: string) => {
    const { albums } = await api.albums()
    const fits = albums.filter((album) => album.title.toLowerCase().includes(q.toLowerCase()))
    return fits.map((album) => ({ id: album.id, name: album.title, also: tn('ui.album.count', album.count) }))
  }
  const keep = async (one: Found | null, text: string) => {
    const id = one?.id ?? (await api.addAlbum(text)).id
    return doToChosen({ album: id })
  }
  const fresh = (name: string) => t('ui.act.album.new', { name })
  return <NamedPart id="act-album" label={t('ui.act.album.label')} fresh={fresh} search={search} keep={keep} />
}
