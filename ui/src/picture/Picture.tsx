// SPDX-License-Identifier: AGPL-3.0-or-later
// One picture, clip or voice: itself first, then what is known of it, then what can be done.

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { Page } from '../app/Page'
import { AskMarks, useAsks } from '../ask/Asked'
import { AskPart } from '../ask/AskPart'
import { Trouble } from '../app/Trouble'
import { go, place } from '../app/route'
import { say } from '../base/say'
import { mayHaveChanged, useNews } from '../base/useNews'
import { lang, t } from '../base/words'
import { may } from '../door/me'
import { forgetLine, replaceInLine } from '../line/store'
import { nameOf, spoken } from '../line/Tile'
import { api, isAbort, Refusal, sentenceOf } from '../net/api'
import { readCoach } from '../net/coach'
import { adoptJobs, jobFor } from '../net/jobs'
import type { Item, Rendition } from '../net/shapes'
import { Beyond } from './Beyond'
import { CoachCard } from './CoachCard'
import { Frame } from './Frame'
import { frameFace, NameFace } from './FrameFace'
import { Known } from './Known'
import { MarkThing } from './MarkThing'
import { MendPanel } from './Mend'
import { Neighbours, Tools, Trashed } from './Tools'
import type { Box } from './framing'
import { Stage } from './Stage'
import { Strips } from './Strips'
import { swiping } from './swipe'
import { ThingFacts } from './Things'
import { Versions } from './Versions'

function useItem(id: string) {
  const [item, setItem] = useState<Item | null>(null)
  const [trouble, setTrouble] = useState('')
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    const stop = new AbortController()
    api.item(id, stop.signal).then(
      (found) => {
        setItem(found)
        setTrouble('')
      },
      (cause: unknown) => {
        if (isAbort(cause)) return
        // What is no longer there for us is taken off the table at once.
        if (cause instanceof Refusal && cause.status === 404) setItem(null)
        setTrouble(sentenceOf(cause))
      },
    )
    return () => stop.abort()
  }, [id, lang.value, turn])
  return { item, setItem, trouble, again: () => setTurn(turn + 1) }
}

// When work on this picture is done, the picture is read again and shows it.
function useFinished(id: string, again: () => void): void {
  const job = jobFor(id)
  const state = useRef('')
  useEffect(() => {
    const now = job ? job.id + job.state : ''
    if (job?.state === 'done' && state.current !== '' && state.current !== now) again()
    state.current = now
  }, [job?.id, job?.state])
}

// Arrow keys turn the pages, unless something on the page wants them for itself. The keys belong to the
// picture that is seen, at once: two quick strokes are two pages.
function useTurning(item: Item | null): void {
  useLayoutEffect(() => {
    const turn = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
      const at = event.target
      if (at instanceof HTMLElement && at.closest('input, select, textarea, form, video, audio, [role=slider], .strip ul')) return
      const to = event.key === 'ArrowLeft' ? item?.previous : event.key === 'ArrowRight' ? item?.next : ''
      if (!to) return
      event.preventDefault()
      go('/item/' + to, 'replace')
    }
    addEventListener('keydown', turn)
    return () => removeEventListener('keydown', turn)
  }, [item])
}

function newest(item: Item): Rendition | null {
  return item.rendition_list.find((one) => one.kind !== 'proxy') ?? null // the house tells the newest first
}

// The frame that somebody draws around a thing, and whether it is being drawn.
function useMarking(item: Item, label: string) {
  const [box, setBox] = useState<Box | null>(null)
  const [framing, setFraming] = useState(false)
  const end = () => {
    setFraming(false)
    setBox(null)
  }
  useEffect(end, [item.id])
  const done = (next: Box) => {
    setBox({ ...next }) // a new one each time, so that the form takes the focus back
    setFraming(false)
  }
  const leave = () => {
    setFraming(false)
    setBox((old) => old && { ...old })
  }
  const start = box ? { start: box } : {}
  const over = framing ? (
    <Frame {...start} label={t(label)} onDone={done} onCancel={leave} />
  ) : box ? (
    <div class="things" aria-hidden="true">
      <span class="thing-mark pointed" style={styleOf(box)} />
    </div>
  ) : null
  const frame = () => {
    setFraming(true)
    // On a phone the words lie below the picture: what is framed must be seen.
    requestAnimationFrame(() => document.querySelector('.stage')?.scrollIntoView({ block: 'nearest' }))
  }
  return { box, over, frame, end }
}

const share = (n: number) => `${n * 100}%`
const styleOf = (box: Box) => ({ left: share(box.x), top: share(box.y), width: share(box.w), height: share(box.h) })

function Table({ item, setItem }: { item: Item; setItem: (item: Item) => void }) {
  const [faces, setFaces] = useState(false)
  const [pointed, point] = useState('')
  const [shown, show] = useState<Rendition | null>(newest(item))
  const [framing, frame] = useState(false)
  const [fresh, setFresh] = useState('') // a frame just drawn, still without a name
  const marking = useMarking(item, 'ui.mark.where')
  const asking = useMarking(item, 'ui.ask.where')
  const { asks, again } = useAsks(item.id)
  const made = item.rendition_list.length
  useEffect(() => show(newest(item)), [item.id, made])
  const strokes = useMemo(() => swiping((to) => item[to] && go('/item/' + item[to], 'replace')), [item])
  const changed = (next: Item) => {
    if (next.date.edtf !== item.date.edtf) forgetLine()
    setItem(next)
    replaceInLine(next)
  }
  const keepFrame = (box: Box) =>
    void frameFace(item, box).then((framed) => {
      frame(false)
      if (!framed) return
      changed(framed.item)
      setFresh(framed.claim)
    })
  useEffect(() => {
    frame(false)
    setFresh('')
  }, [item.id])
  const over = framing ? <Frame label={t('ui.who_is.framing')} onDone={keepFrame} onCancel={() => frame(false)} /> : (asking.over ?? marking.over)
  return (
    <div class="table">
      <div class="stage" {...strokes}>
        <Stage item={item} shown={shown} faces={faces || fresh !== ''} pointed={pointed} over={over} marks={<AskMarks asks={asks} />} />
        <Neighbours item={item} />
      </div>
      <div class="beside-picture">
        {item.trashed && <Trashed item={item} changed={changed} />}
        <Tools item={item} changed={changed} faces={faces} setFaces={setFaces} canFaces={shown === null} frame={() => frame(true)} />
        {fresh && <NameFace key={fresh} item={item} claim={fresh} named={changed} leave={() => setFresh('')} />}
        <AskPart
          item={item}
          asks={asks}
          again={again}
          box={asking.box}
          frame={() => {
            show(null)
            asking.frame()
          }}
          ended={asking.end}
        />
        <Versions item={item} shown={shown} show={show} />
        <Known key={item.id} item={item} changed={changed} point={point} />
        <div class="thing-part">
          <ThingFacts item={item} changed={changed} point={point} />
          {may('teller') && !item.trashed && !item.damaged && (
            <MarkThing
              key={item.id}
              item={item}
              wished={place.value.query.get('mark') ?? ''}
              box={marking.box}
              frame={() => {
                show(null)
                marking.frame()
              }}
              changed={changed}
              ended={marking.end}
            />
          )}
        </div>
        <CoachCard item={shown?.kind === 'kit' ? { kind: item.kind, rendition_list: [shown] } : item} />
        {may('teller') && !item.damaged && !item.trashed && <MendPanel key={'m' + item.id} item={item} />}
        <Beyond key={'b' + item.id} item={item} changed={changed} />
        <Strips item={item} />
      </div>
    </div>
  )
}

export function Picture({ id }: { id: string }) {
  const { item, setItem, trouble, again } = useItem(id)
  useFinished(id, again)
  useNews((news) => mayHaveChanged(news) || (news.kind === 'item' && news.id === id), again)
  useTurning(item)
  useEffect(() => void adoptJobs(), [])
  useEffect(() => void readCoach(), [])
  const first = useRef(true)
  useEffect(() => {
    if (item && !first.current) say(spoken(item))
    if (item) first.current = false
  }, [item?.id])
  const title = item ? nameOf(item) || item.date.text || t(`ui.kind.${item.kind}`) : t('ui.picture.title')
  return (
    <Page title={title} quiet>
      {trouble && <Trouble text={trouble} again={again} />}
      {item && <Table item={item} setItem={setItem} />}
    </Page>
  )
}
