// SPDX-License-Identifier: AGPL-3.0-or-later

import { useEffect, useState } from 'preact/hooks'
import { JobCard } from '../app/JobCard'
import { Page } from '../app/Page'
import { Trouble } from '../app/Trouble'
import { clock, dayName } from '../base/show'
import { mayHaveChanged, useNews } from '../base/useNews'
import { lang, t } from '../base/words'
import { may } from '../door/me'
import { choice } from '../line/choice'
import { api, sentenceOf } from '../net/api'
import { adoptJobs, isOpen, jobs } from '../net/jobs'
import type { Film, Withheld as WithheldOne } from '../net/shapes'
import { Withheld } from './Withheld'

function FilmCard({ film }: { film: Film }) {
  return (
    <li class="film-card">
      <a href={`/film/${film.id}`}>
        <span class="poster">
          <img src={film.poster} alt="" loading="lazy" />
          <span class="mark">{clock(film.duration_ms)}</span>
        </span>
        <span class="film-title">{film.title}</span>
      </a>
      <p class="quiet">{t('ui.film.made', { day: dayName(film.at, lang.value) })}</p>
    </li>
  )
}

function Begin({ first }: { first: boolean }) {
  const ready = choice.value.length > 0
  return (
    <div class={first ? 'empty' : 'begin'}>
      {first && <p class="lead">{t('ui.films.empty')}</p>}
      {first && may('teller') && <p>{t('ui.films.empty.how')}</p>}
      {may('teller') && (
        <p>
          <a class="button act" href={ready ? '/film/new' : '/?choose'}>
            {t(ready ? 'ui.films.go_on' : 'ui.films.make')}
          </a>
        </p>
      )}
    </div>
  )
}

export function Films() {
  const [films, setFilms] = useState<Film[] | null>(null)
  const [withheld, setWithheld] = useState<WithheldOne[]>([])
  const [trouble, setTrouble] = useState('')
  const [turn, setTurn] = useState(0)
  const running = [...jobs.value.values()].filter((job) => job.kind === 'film')
  const done = running.filter((job) => job.state === 'done').length
  useNews((news) => mayHaveChanged(news) || news.kind === 'film', () => setTurn((now) => now + 1))
  useEffect(() => void adoptJobs(), [])
  useEffect(() => {
    api.films().then(
      (found) => {
        setFilms(found.films)
        setWithheld(found.withheld ?? [])
        setTrouble('')
      },
      (cause: unknown) => setTrouble(sentenceOf(cause)),
    )
  }, [done, turn])
  const open = running.filter((job) => isOpen(job) || job.state === 'failed')
  return (
    <Page title={t('ui.films.title')}>
      {trouble && <Trouble text={trouble} again={() => setTurn(turn + 1)} />}
      {open.map((job) => (
        <JobCard key={job.id} job={job} />
      ))}
      {films && films.length > 0 && (
        <ul class="films">
          {films.map((film) => (
            <FilmCard key={film.id} film={film} />
          ))}
        </ul>
      )}
      {films && <Begin first={films.length === 0 && open.length === 0 && withheld.length === 0} />}
      <Withheld films={withheld} />
    </Page>
  )
}
