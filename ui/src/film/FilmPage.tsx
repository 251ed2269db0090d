// SPDX-License-Identifier: AGPL-3.0-or-later
// A finished film, with its captions and its chapters.

import { useEffect, useRef, useState } from 'preact/hooks'
import { Page } from '../app/Page'
import { Sign } from '../app/Sign'
import { Trouble } from '../app/Trouble'
import { clock, dayName } from '../base/show'
import { mayHaveChanged, useNews } from '../base/useNews'
import { lang, t } from '../base/words'
import { api, Refusal, sentenceOf } from '../net/api'
import type { Film } from '../net/shapes'
import { chapterAt } from './playing'

function Chapters({ film, now, jump }: { film: Film; now: number; jump: (ms: number) => void }) {
  const at = chapterAt(film.chapters, now)
  return (
    <section class="chapters" aria-labelledby="chapters-title">
      <h2 id="chapters-title">{t('ui.film.chapters')}</h2>
      <ol>
        {film.chapters.map((chapter, i) => (
          <li key={chapter.start_ms}>
            <button type="button" aria-current={i === at ? 'true' : undefined} onClick={() => jump(chapter.start_ms)}>
              <span class="clock">{clock(chapter.start_ms)}</span>
              <span>{chapter.title || t('ui.film.chapter', { n: i + 1 })}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  )
}

function Player({ film }: { film: Film }) {
  const video = useRef<HTMLVideoElement>(null)
  const [now, setNow] = useState(0)
  const jump = (ms: number) => {
    const clip = video.current
    if (!clip) return
    clip.currentTime = ms / 1000
    void clip.play().catch(() => undefined)
  }
  return (
    <div class={film.chapters.length > 0 ? 'screen with-chapters' : 'screen'}>
      <video
        ref={video}
        controls
        playsInline
        preload="metadata"
        poster={film.poster}
        src={film.file}
        aria-label={film.title}
        onTimeUpdate={(event) => setNow(event.currentTarget.currentTime * 1000)}
      >
        {film.captions && <track kind="captions" src={film.captions} srclang={film.lang} label={t('ui.film.captions')} default />}
      </video>
      {film.chapters.length > 0 && <Chapters film={film} now={now} jump={jump} />}
    </div>
  )
}

export function FilmPage({ id }: { id: string }) {
  const [film, setFilm] = useState<Film | null>(null)
  const [trouble, setTrouble] = useState('')
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    api.film(id).then(
      (found) => {
        setFilm(found)
        setTrouble('')
      },
      (cause: unknown) => {
        if (cause instanceof Refusal && cause.status === 404) setFilm(null)
        setTrouble(sentenceOf(cause))
      },
    )
  }, [id, turn])
  useNews(mayHaveChanged, () => setTurn((now) => now + 1))
  return (
    <Page title={film?.title || t('ui.film.title')}>
      {trouble && <Trouble text={trouble} again={() => setTurn(turn + 1)} />}
      {film && <Player film={film} />}
      {film && (
        <div class="tools">
          <a class="tool" href="/films">
            <Sign name="film" />
            <span>{t('ui.film.all')}</span>
          </a>
          <a class="tool" href={film.file} download>
            <Sign name="save" />
            <span>{t('ui.film.save')}</span>
          </a>
          <p class="quiet">{t('ui.film.made', { day: dayName(film.at, lang.value) })}</p>
        </div>
      )}
    </Page>
  )
}
