// SPDX-License-Identifier: AGPL-3.0-or-later
// A phone, a seal, a house with its lamp on, and one line between them.

export function Drawing({ known }: { known: boolean }) {
  return (
    <svg class={known ? 'trust-drawing is-known' : 'trust-drawing'} viewBox="0 0 480 176" aria-hidden="true">
      <path class="ground" d="M16 152h448" />
      <path class="wire" d="M104 92h88M288 92h36" />
      <g class="phone">
        <rect x="44" y="40" width="56" height="104" rx="9" />
        <path d="M64 132h16" />
        <circle cx="72" cy="78" r="11" />
        <path d="M55 112c2-13 8-18 17-18s15 5 17 18z" />
      </g>
      <g class="stamp">
        <rect x="204" y="56" width="72" height="72" rx="7" />
        <path d="M240 67v8M219 77h42v9M219 77v9M228 90h24M239 90c-4 8-11 13-20 16M240 90c6 9 8 18 5 27-1 3-4 3-8 1M233 103c-4 6-9 10-14 12M249 98c3-2 6-4 8-7M247 102c3 6 8 11 15 14" />
      </g>
      <g class="house">
        <path d="M344 152V86l52-42 52 42v66" />
        <path d="M332 96l64-52 64 52" />
        <path d="M414 152v-36h20v36" />
      </g>
      <rect class="window" x="362" y="102" width="32" height="28" rx="2" />
      <path class="house" d="M378 102v28M362 116h32" />
    </svg>
  )
}
