// SPDX-License-Identifier: AGPL-3.0-or-later
// Small line drawings, one stroke, 24 by 24. They stand beside words, never instead of them.

const paths = {
  ask: 'M4 5h16v11H12l-5 4v-4H4zM10 9a2 2 0 1 1 2.500 2v1M12.500 13.500v.2',
  line: 'M4 6h9M4 12h16M4 18h6M17 4v4M8 10v4M14 16v4',
  film: 'M4 5h16v14H4zM8 5v14M16 5v14M4 9.5h4M4 14.5h4M16 9.5h4M16 14.5h4',
  add: 'M4 14v5h16v-5M12 3.5v11M7.5 10l4.5 4.5 4.5-4.5',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5 20 20',
  trash: 'M5 7h14M9.5 7V4.5h5V7M6.5 7l1 12.5h9l1-12.5M10.5 10.5v6M13.5 10.5v6',
  lamp: 'M8 4h8l3 8H5zM12 12v7M8.5 19.5h7',
  heart: 'M12 19.5C7 16 4 13 4 9.5A4 4 0 0 1 12 8a4 4 0 0 1 8 1.5c0 3.5-3 6.5-8 10z',
  left: 'M14.5 5 8 12l6.5 7',
  right: 'M9.5 5 16 12l-6.5 7',
  up: 'M5 14.5 12 8l7 6.5',
  down: 'M5 9.5 12 16l7-6.5',
  play: 'M8 5v14l11-7z',
  pause: 'M8 5v14M16 5v14',
  close: 'M6 6l12 12M18 6 6 18',
  check: 'M5 12.5 10 17.5 19.5 7',
  faces: 'M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M9 10v.5M15 10v.5M9 14.5c1.800 1.800 4.200 1.800 6 0',
  save: 'M12 4v11M7.5 10.5 12 15l4.5-4.5M5 19.5h14',
  stack: 'M8 8h12v12H8zM5 16.5H4V4h12.5v1',
  wave: 'M3 12h2l2-5 3 11 3-14 3 12 2-4h3',
  switch: 'M4 17h16v3H4zM7 17a5 5 0 0 1 10 0M12 4v4',
  album: 'M5 4h14v16H5zM8 4v16M11 8h5M11 11h5',
  place: 'M12 21c-4-5-6-8-6-11a6 6 0 0 1 12 0c0 3-2 6-6 11zM12 8v.1M10.500 10a1.500 1.500 0 1 0 3 0 1.500 1.500 0 0 0-3 0',
  hide: 'M4 4l16 16M9.500 5.500A9 9 0 0 1 21 12a12 12 0 0 1-2.500 3M6 8a12 12 0 0 0-3 4c2 4 6 6.500 10 5.800',
  who: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM5 20c.5-4 3.500-6 7-6s6.500 2 7 6',
  folder: 'M4 6h6l2 2.500h8V19H4z',
  pencil: 'M5 19l1-4L16 5l3 3L9 18z',
  more: 'M12 5v14M5 12h14',
  less: 'M5 12h14',
  people: 'M9 5a3.2 3.2 0 1 0 0 6.4A3.2 3.2 0 0 0 9 5zM3 19.5c.4-4 2.6-5.5 6-5.5s5.6 1.5 6 5.5M16 6a2.7 2.7 0 1 1 0 5.4M17.5 14c2.2.5 3.3 2.3 3.5 5.5',
} as const

export type SignName = keyof typeof paths

export function Sign({ name }: { name: SignName }) {
  return (
    <svg class="sign" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  )
}
