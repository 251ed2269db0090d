// SPDX-License-Identifier: AGPL-3.0-or-later
// The story desk, at its smallest: prints in order, a title, words, voices, music; then the film.

import { useEffect, useState } from 'preact/hooks'
import { JobCard } from '../app/JobCard'
import { Page } from '../app/Page'
import { go } from '../app/route'
import { readAbout } from '../app/about'
import { focusDrawn } from '../base/focus'
import { say } from '../base/say'
import { clock } from '../base/show'
import { lang, t, tn } from '../base/words'
import { choice, choose, dropChoice } from '../line/choice'
import { api, sentenceOf } from '../net/api'
import { follow, isOpen, jobs } from '../net/jobs'
import type { Brief } from '../net/shapes'
import { BeatCard, soundName } from './BeatCard'
import { keepDraft, keptDraft } from './desk'
import { draftOf, filmSeconds, moved, storyOf, withChoice, type Draft, type DraftBeat } from './draft'

function useSounds(): Brief[] {
  const [sounds, setSounds] = useState<Brief[]>([])
  useEffect(() => {
    api.items({ kind: 'audio', limit: 200 }).then(
      (leaf) => setSounds(leaf.items),
      () => undefined, // a film without voices can still be made
    )
  }, [])
  return sounds
}

function useDraft(): [Draft, (draft: Draft) => void] {
  const caption = (item: Brief) => item.caption
  const [draft, setDraft] = useState<Draft>(() =>
    withChoice(keptDraft() ?? draftOf([], caption), choice.peek(), caption),
  )
  useEffect(() => {
    keepDraft(draft)
  }, [draft])
  return [draft, setDraft]
}

function Beats({ draft, setDraft, voices }: { draft: Draft; setDraft: (draft: Draft) => void; voices: Brief[] }) {
  const [dragged, setDragged] = useState(-1)
  const put = (beats: DraftBeat[]) => setDraft({ ...draft, beats })
  const move = (from: number, to: number) => {
    put(moved(draft.beats, from, to))
    say(t('ui.make.moved', { n: to + 1 }))
  }
  const step = (from: number, by: 1 | -1) => {
    const id = draft.beats[from]?.item.id
    move(from, from + by)
    // At either end only one way is left: a button that sleeps would lose the keyboard's place.
    const at = from + by
    const button = at === 0 ? 'down' : at === draft.beats.length - 1 || by < 0 ? 'up' : 'down'
    focusDrawn(() => document.getElementById(`${button}-${id}`))
  }
  return (
    <ol class="beats">
      {draft.beats.map((beat, at) => (
        <li
          key={beat.item.id}
          class={dragged === at ? 'beat dragged' : 'beat'}
          draggable={dragged === at}
          onPointerDown={(event) => setDragged((event.target as Element).closest('.beat-print') ? at : -1)}
          onDragOver={(event) => dragged >= 0 && event.preventDefault()}
          onDrop={(event) => {
            event.preventDefault()
            if (dragged >= 0 && dragged !== at) move(dragged, at)
            setDragged(-1)
          }}
          onDragEnd={() => setDragged(-1)}
        >
          <BeatCard
            beat={beat}
            at={at}
            last={at === draft.beats.length - 1}
            voices={voices}
            change={(next) => put(draft.beats.map((one, i) => (i === at ? next : one)))}
            move={(by) => step(at, by)}
            drop={() => {
              choose([beat.item], false)
              put(draft.beats.filter((_, i) => i !== at))
            }}
          />
        </li>
      ))}
    </ol>
  )
}

function Licence({ draft, setDraft }: { draft: Draft; setDraft: (draft: Draft) => void }) {
  return (
    <label class="field">
      <span>{t('ui.make.licence')}</span>
      <input
        id="licence"
        value={draft.licence}
        placeholder={t('ui.make.licence.example')}
        onInput={(event) => setDraft({ ...draft, licence: event.currentTarget.value })}
      />
    </label>
  )
}

function Music({ draft, setDraft, sounds }: { draft: Draft; setDraft: (draft: Draft) => void; sounds: Brief[] }) {
  if (sounds.length === 0) return null
  return (
    <label class="field">
      <span>{t('ui.make.music')}</span>
      <select value={draft.music} onChange={(event) => setDraft({ ...draft, music: event.currentTarget.value })}>
        <option value="">{t('ui.make.music.none')}</option>
        {sounds.map((sound) => (
          <option key={sound.id} value={sound.id}>
            {soundName(sound)}
          </option>
        ))}
      </select>
    </label>
  )
}

function useStart(draft: Draft) {
  const [id, setId] = useState('')
  const [trouble, setTrouble] = useState('')
  const job = jobs.value.get(id) ?? null
  const lacks = (id: string, sentence: string) => {
    setTrouble(t(sentence))
    document.getElementById(id)?.focus()
  }
  const begin = () => {
    if (!draft.title.trim()) return lacks('film-title', 'ui.make.name.first')
    if (draft.music && !draft.licence.trim()) return lacks('licence', 'ui.make.licence.first')
    setTrouble('')
    api.makeFilm(storyOf(draft, lang.value)).then(
      (begun) => {
        follow(begun)
        setId(begun.id)
      },
      (cause: unknown) => setTrouble(sentenceOf(cause)),
    )
  }
  useEffect(() => {
    if (job?.state !== 'done') return
    keepDraft(null)
    dropChoice()
    void readAbout()
    go(job.result?.film ? `/film/${job.result.film}` : '/films', 'replace')
  }, [job?.state])
  return { job, trouble, begin }
}

function NoPictures() {
  return (
    <div class="empty">
      <p class="lead">{t('ui.make.empty')}</p>
      <p>
        <a class="button act" href="/?choose">
          {t('ui.make.choose')}
        </a>
      </p>
    </div>
  )
}

export function MakeFilm() {
  const sounds = useSounds()
  const [draft, setDraft] = useDraft()
  const { job, trouble, begin } = useStart(draft)
  const lengths = new Map(sounds.map((sound) => [sound.id, sound.duration_ms]))
  const busy = job !== null && isOpen(job)
  if (draft.beats.length === 0) {
    return (
      <Page title={t('ui.make.title')} narrow>
        <NoPictures />
      </Page>
    )
  }
  const length = clock(filmSeconds(draft.beats, lengths) * 1000)
  return (
    <Page title={t('ui.make.title')}>
      <div class="desk">
        <Beats draft={draft} setDraft={setDraft} voices={sounds} />
        <div class="desk-side">
          <label class="field">
            <span>{t('ui.make.name')}</span>
            <input
              id="film-title"
              value={draft.title}
              placeholder={t('ui.make.name.example')}
              onInput={(event) => setDraft({ ...draft, title: event.currentTarget.value })}
            />
          </label>
          <Music draft={draft} setDraft={setDraft} sounds={sounds} />
          {draft.music && <Licence draft={draft} setDraft={setDraft} />}
          <p>{tn('ui.make.length', draft.beats.length, { length })}</p>
          {trouble && (
            <p class="wrong" role="alert">
              {trouble}
            </p>
          )}
          <button type="button" class="act" disabled={busy} onClick={begin}>
            {t('ui.make.start')}
          </button>
          {job && <JobCard job={job} />}
          <a href="/?choose">{t('ui.make.more')}</a>
        </div>
      </div>
    </Page>
  )
}
