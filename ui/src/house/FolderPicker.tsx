// SPDX-License-Identifier: AGPL-3.0-or-later
// The folders of the house's own machine: one looks into one, goes back, and takes the one one is in.

import { useEffect, useRef, useState } from 'preact/hooks'
import { Sign } from '../app/Sign'
import { Trouble } from '../app/Trouble'
import { say } from '../base/say'
import { weight } from '../base/show'
import { lang, t, tn } from '../base/words'
import { sentenceOf } from '../net/api'
import { house, type Folders } from '../net/house'
import { shownPath, stepsTo } from './places'

interface Props {
  take: string // what the button that takes the folder says
  room?: boolean // how much room there is matters more than what lies there
  taken: (folder: Folders) => void
}

function Way({ path, go }: { path: string; go: (path: string) => void }) {
  const steps = stepsTo(path)
  return (
    <nav class="way" aria-label={t('ui.folder.way')}>
      <ol>
        {steps.map((step, at) => (
          <li key={step.path}>
            {at === steps.length - 1 ? (
              <span aria-current="location">{step.name}</span>
            ) : (
              <button type="button" class="plain" onClick={() => go(step.path)}>
                {step.name}
              </button>
            )}
          </li>
        ))}
      </ol>
    </nav>
  )
}

function Places({ here, go }: { here: Folders; go: (path: string) => void }) {
  return (
    <ul class="chips" aria-label={t('ui.folder.places')}>
      {here.places.map((place) => (
        <li key={place.path}>
          <button type="button" class="chip" aria-pressed={place.path === here.path} onClick={() => go(place.path)}>
            {t(`ui.folder.place.${place.name}`, { path: shownPath(place.path) })}
          </button>
        </li>
      ))}
    </ul>
  )
}

function spoken(here: Folders, room: boolean): string {
  const holds = here.folders.length > 0 ? tn('ui.folder.folders', here.folders.length) : t('ui.folder.none')
  const files = here.files > 0 ? tn('ui.folder.files', here.files) : ''
  const free = room ? t('ui.folder.free', { weight: weight(here.free_bytes, lang.value) }) : ''
  return [holds, files, free].filter(Boolean).join(t('ui.comma'))
}

export function FolderPicker({ take, room = false, taken }: Props) {
  const [here, setHere] = useState<Folders | null>(null)
  const [trouble, setTrouble] = useState('')
  const title = useRef<HTMLHeadingElement>(null)
  const look = async (path: string, walked: boolean) => {
    try {
      const found = await house.folders(path)
      setTrouble('')
      setHere(found)
      if (!walked) return
      title.current?.focus()
      say(`${shownPath(found.path)} ${spoken(found, room)}`)
    } catch (cause) {
      setTrouble(sentenceOf(cause))
    }
  }
  useEffect(() => void look('', false), [])
  const go = (path: string) => void look(path, true)
  return (
    <div class="picker">
      {trouble && <Trouble text={trouble} {...(here ? {} : { again: () => void look('', false) })} />}
      {here && (
        <>
          <Places here={here} go={go} />
          <Way path={here.path} go={go} />
          <h2 class="picker-name" tabIndex={-1} ref={title}>
            {stepsTo(here.path).at(-1)?.name}
          </h2>
          <p class="quiet">{spoken(here, room)}</p>
          {here.folders.length > 0 && (
            <ul class="folders" aria-label={t('ui.folder.list')}>
              {here.folders.map((folder) => (
                <li key={folder.path}>
                  <button type="button" onClick={() => go(folder.path)}>
                    <Sign name="folder" />
                    <span>{shownPath(folder.name)}</span>
                  </button>
                </li>
              ))}
            </ul>
          )}
          {here.more && <p class="quiet">{t('ui.folder.more')}</p>}
          <button type="button" class="act" onClick={() => taken(here)}>
            {take}
          </button>
        </>
      )}
    </div>
  )
}
