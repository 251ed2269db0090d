// SPDX-License-Identifier: AGPL-3.0-or-later
// What is new in the house, as it comes. One stream serves all tabs of a browser: the tab that holds
// the lock listens and tells the others; when it closes, the next one goes on where it was.
// Promises:
//   (1) whoever was told of is called within moments, in every tab;
//   (2) after a break everything that happened meanwhile is told, or 'all' to read it again;
//   (3) an event says that something is new; what it is, the routes tell to whoever may know.

export interface News {
  kind: 'item' | 'person' | 'film' | 'ask' | 'may' | 'job' | 'all'
  id?: string
}

type Listener = (news: News) => void

const listeners = new Set<Listener>()
const name = 'kinreel-news'

// Calls `listener` with what is new, until the function that it gives is called.
export function onNews(listener: Listener): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

export function tellNews(news: News): void {
  for (const listener of [...listeners]) listener(news)
}

function readNews(text: string): News | null {
  try {
    const news = JSON.parse(text) as News
    return typeof news.kind === 'string' ? news : null
  } catch {
    return null
  }
}

interface Wire {
  last: string
}

// Listens until `stop` resolves. The browser comes back by itself after a break, with the last id.
function listen(wire: Wire, heard: Listener): EventSource {
  const source = new EventSource('/api/v1/live' + (wire.last ? `?after=${wire.last}` : ''))
  const take = (event: MessageEvent<string>) => {
    if (event.lastEventId) wire.last = event.lastEventId
  }
  source.addEventListener('hello', take)
  source.addEventListener('message', (event: MessageEvent<string>) => {
    take(event)
    const news = readNews(event.data)
    if (news) heard(news)
  })
  return source
}

// Where there is no lock between tabs (plain http), each tab listens for itself.
export function openNews(): void {
  if (typeof EventSource === 'undefined') return
  const wire: Wire = { last: '' }
  if (!('locks' in navigator) || typeof BroadcastChannel === 'undefined') {
    listen(wire, tellNews)
    return
  }
  const channel = new BroadcastChannel(name)
  channel.addEventListener('message', (event: MessageEvent<{ news: News; last: string }>) => {
    wire.last = event.data.last
    tellNews(event.data.news)
  })
  const lead = () =>
    new Promise<void>(() => {
      listen(wire, (news) => {
        channel.postMessage({ news, last: wire.last })
        tellNews(news)
      })
    })
  void navigator.locks.request(name, lead)
}
