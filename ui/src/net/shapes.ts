// SPDX-License-Identifier: AGPL-3.0-or-later
// The shapes of docs/formats/api.md, word for word.

export type Kind = 'photo' | 'video' | 'audio'

export interface Remembered {
  edtf: string
  from: string
  to: string
  text: string
  certain: number
  source: string
}

export interface Brief {
  id: string
  kind: Kind
  width: number
  height: number
  duration_ms: number
  date: Remembered
  caption: string
  title: string
  favourite: boolean
  damaged: string
  preview: string
  thumb: string
  stack: number
  renditions: number
}

export interface Region {
  name: string
  kind: string
  x: number
  y: number
  w: number
  h: number
  claim?: string // who said that it is there
  person?: string // whom it shows, once somebody has said so
}

export interface InPicture {
  id: string
  name: string
  age: string // in words; '' where nobody can tell
}

// A thing marked in a picture (docs/formats/api.md).
export interface Mark {
  claim: string
  thing: string
  card: string
  region: { x: number; y: number; w: number; h: number } | null
  date: { edtf: string; text: string }
  sentence: string
  voice: string
  who?: string // of an item
  item?: string // in a row, with its years
  from?: number
  to?: number
}

export interface Claim {
  id: string
  predicate: string
  value: unknown
  who: string
  certain: number
  at: string
  retracted: boolean
  who_name?: string // of a person the house knows
  counts?: boolean // this is what is shown
  text?: string // of a date: in the words of the page
  from?: string
  to?: string
}

export interface Rendition {
  id: string
  kind: 'restore' | 'kit' | 'proxy'
  mime: string
  at: string
  recipe: unknown
  file: string
}

// What cost points, of 100 in each part, as src/restore/coach.h tells it.
export interface Cause {
  cause: string
  value: number
  unit: string
  cost: number
}

export interface Scored {
  score: number
  causes: Cause[]
}

export interface Untold {
  why: 'none' | 'silent' | 'unseen'
}

export interface Judgement {
  sound: Scored | Untold
  light: Scored | Untold
  steady: Scored | Untold
  worst?: 'sound' | 'light' | 'steady'
  advice: { key: string; cause: string }[] // for next time, what helps most first
}

// The recipe of a rendition of kind `kit`; the house did not always judge what it made.
export interface KitRecipe {
  report: Record<string, unknown> // by pass
  before: Judgement
  after: Judgement
}

export interface Item extends Brief {
  mime: string
  size: number
  sha256: string
  added: string
  names: string[]
  camera: string
  gps: { lat: number; lon: number } | null
  place: string
  keywords: string[]
  people?: string[] // named, but perhaps with no place in the picture
  persons?: InPicture[]
  regions: Region[]
  marks?: Mark[]
  claims: Claim[]
  stack_items: Brief[]
  near: Brief[]
  original: string
  play: string
  playable: boolean
  rendition_list: Rendition[]
  previous: string
  next: string
  trashed: boolean
  hidden: boolean
  albums: { id: string; title: string }[]
}

export interface Chapter {
  start_ms: number
  title: string
}

export interface Film {
  id: string
  title: string
  lang: string
  duration_ms: number
  at: string
  poster: string
  file: string
  captions: string
  chapters: Chapter[]
}

// A film that holds what may not be shown now; told to keepers.
export interface Withheld {
  id: string
  title: string
  in_the_way: number
  tellable: boolean // something is left without
}

export interface Job {
  id: string
  kind: 'restore' | 'kit' | 'film' | 'proxy' | 'mount' | 'add' | 'backup'
  state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'
  progress: number
  error: string
  result: JobResult | null
  item: string
}

export interface Refused {
  path: string
  code: string
  reason: string
}

export interface JobResult {
  rendition?: string
  film?: string
  mount?: string // the name of what was learnt
  code?: string // of a failure
  files?: number // of what came in
  added?: number
  duplicates?: number
  refused?: number
  damaged?: number
  refusals?: Refused[]
  more?: number
  copied?: number // of a backup
}

export interface About {
  name: string
  version: string
  source: string
  lang: string
  items: number
  photos: number
  videos: number
  sounds: number
  undated: number
  bytes: number
  films: number
  trash: number
  hidden: number
}

export interface Act {
  act: string
  what: string
  text: string
  who: string
  at: string
  count: number
  stands: boolean
  undoes: string
}

export interface Done extends Partial<Act> {
  act: string
  changed: number
  skipped: { item: string; why: string }[]
}

export interface Album {
  id: string
  title: string
  count: number
  cover: Brief | null
  order?: string[]
}

export interface Person {
  id: string
  name: string
}

export interface Section {
  key: string
  year: number
  month: number
  count: number
  ratio_sum: number
}

export interface Timeline {
  total: number
  sections: Section[]
}

export interface Leaf {
  items: Brief[]
  next: string
  total: number
}

export interface Move {
  from: number[]
  to: number[]
}

export interface Beat {
  media: string
  duration?: number
  caption?: string
  narration?: string | { media?: string; text?: string }
  move?: Move
  words_of?: string[]
}

export interface Story {
  title: string
  lang: string
  beats: Beat[]
  music?: { media: string; licence: string }
}

export interface JobOptions {
  strength?: number
  steady?: boolean
  light?: boolean
  sound?: boolean
  footage?: boolean // old film, old tape
  frame?: string // what is shown of a wide shot: "in-left-close"
  scene?: string // a card of the coach; it brings its own strengths
  fill?: boolean // edges from the frames around
  keep_viewpoint?: boolean // a walk, a ride: its way stays
  mount?: string // what carried the camera
}

export interface UploadResult {
  status: 'added' | 'duplicate' | 'refused'
  id: string
  reason: string
  damaged: string
}

export interface Trusted {
  home: boolean
  own: boolean
  fingerprint: string
  trust_until: string
  safe: string // of a page over plain http: where the same house is over TLS
}
