// SPDX-License-Identifier: AGPL-3.0-or-later
// A tablet on a shelf. It shows one picture at a time and changes at most once a minute. Promises:
//   (1) what may no longer be shown is gone within two seconds;
//   (2) when the house is away the last picture stays, and it goes on by itself when the house is back;
//   (3) never an error, a dialog, a password.

import { useEffect, useRef, useState } from 'preact/hooks'
import { useTitle } from '../app/Page'
import { go } from '../app/route'
import { mayHaveChanged, useNews } from '../base/useNews'
import { t } from '../base/words'
import { cared, sit, type Choice } from '../net/sit'
import { Small } from '../sit/Shown'

const patience_ms = 5000

export function paceOf(text: string | undefined): number {
  const minutes = Number(text)
  return Number.isFinite(minutes) && minutes >= 1 ? Math.min(minutes, 24 * 60) : 3
}

// A picture is taken up once it has come whole: what stands there stays until then.
async function whole(choice: Choice | null): Promise<Choice | null> {
  if (!choice?.image) return choice
  const image = new Image()
  image.src = choice.image
  await image.decode()
  return choice
}

// The link carries a code behind '#': the tablet comes in by it once, and forgets it.
async function comeIn(): Promise<boolean> {
  const code = location.hash.slice(1)
  if (!code) return true
  await cared.enter(code)
  history.replaceState(history.state, '', location.pathname)
  location.reload() // the news begin anew, as whoever came in
  return false
}

function useAwake() {
  useEffect(() => {
    let lock: WakeLockSentinel | null = null
    let over = false
    const hold = async () => {
      if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return
      try {
        lock = await navigator.wakeLock.request('screen')
        if (over) void lock.release()
      } catch {
        // An empty battery decides otherwise.
      }
    }
    void hold()
    document.addEventListener('visibilitychange', hold)
    return () => {
      over = true
      document.removeEventListener('visibilitychange', hold)
      void lock?.release().catch(() => undefined)
    }
  }, [])
}

function usePictures(sitter: string, minutes: number) {
  const [shown, setShown] = useState<Choice | null>(null)
  const now = useRef<Choice | null>(null)
  const step = useRef(Math.floor(Date.now() / 60_000))
  const take = (choice: Choice | null) => {
    now.current = choice
    setShown(choice)
  }
  const ask = (fields: Record<string, string | number>) => sit.frame({ sitter, step: step.current, ...fields })
  const next = async () => {
    step.current++
    take(await whole((await ask({ last: now.current?.thing ?? '' })).picture))
  }
  // (1)
  const recheck = async () => {
    const before = now.current?.thing ?? ''
    const { picture } = await ask({ now: before })
    if (picture?.thing === before) return
    take(null)
    take(await whole(picture))
  }
  const quietly = (work: () => Promise<void>) => void work().catch(() => undefined) // (2)
  useNews(mayHaveChanged, () => quietly(recheck))
  useEffect(() => {
    let timer = 0
    let over = false
    const turn = async () => {
      let wait = patience_ms
      try {
        if (!(await comeIn())) return
        await next()
        wait = now.current ? minutes * 60_000 : wait
      } catch {
        if (now.current) wait = minutes * 60_000
      }
      if (!over) timer = window.setTimeout(() => void turn(), wait)
    }
    void turn()
    return () => {
      over = true
      clearTimeout(timer)
    }
  }, [sitter, minutes])
  return shown
}

export function Frame({ sitter, minutes }: { sitter: string; minutes: number }) {
  const shown = usePictures(sitter, minutes)
  useTitle(t('ui.shelf.title'))
  useAwake()
  const talk = () => {
    const fields = new URLSearchParams({ for: sitter, ...(shown ? { with: shown.thing } : {}) })
    go(`/sitting/room?${fields}`)
  }
  return (
    <div class="shelf">
      <main id="main" tabIndex={-1}>
        <h1 class="unseen">{t('ui.shelf.title')}</h1>
        <div class="shelf-picture" key={shown?.thing ?? ''} data-thing={shown?.thing ?? ''}>
          {shown && <Small choice={shown} />}
        </div>
        <div class="shelf-foot" role="group" data-group="talk" aria-label={t('ui.shelf.talk')}>
          <p class="shelf-say">{shown?.say || t('ui.shelf.quiet')}</p>
          <button type="button" class="shelf-talk" onClick={talk}>
            {t('ui.shelf.talk')}
          </button>
        </div>
      </main>
    </div>
  )
}
