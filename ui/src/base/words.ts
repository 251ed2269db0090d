// SPDX-License-Identifier: AGPL-3.0-or-later
// Every sentence a person reads comes from here: the catalogue of their language, read once from the
// house. A key with no sentence shows itself, so that a test finds it.

import { signal } from '@preact/signals'
import { readCookie, writeCookie } from './cookies'

export type Lang = 'zh-CN' | 'en'
export type Vars = Record<string, string | number>

const catalogue = signal<Record<string, string>>({})
export const lang = signal<Lang>('zh-CN')

const han = /[\u3400-\u9fff]/
const latin = /[A-Za-z0-9]/

// Between Chinese and Latin letters stands a space, also where a name meets its sentence.
function apart(before: string, after: string): string {
  const left = before.slice(-1)
  const right = after.charAt(0)
  return (han.test(left) && latin.test(right)) || (latin.test(left) && han.test(right)) ? ' ' : ''
}

export function fill(sentence: string, vars: Vars, language: string): string {
  return sentence.replace(/\{([a-z_]+)\}/g, (whole, name: string, at: number) => {
    const value = vars[name]
    if (value === undefined) return whole
    if (typeof value === 'number') return value.toLocaleString(language)
    const before = sentence.slice(0, at)
    const after = sentence.slice(at + whole.length)
    return apart(before, value) + value + apart(value, after)
  })
}

export function t(key: string, vars: Vars = {}): string {
  return fill(catalogue.value[key] ?? key, vars, lang.value)
}

// English tells one from many; a key that does has a sister ending in '.one'.
export function tn(key: string, n: number, vars: Vars = {}): string {
  const one = n === 1 && catalogue.value[key + '.one'] !== undefined
  return t(one ? key + '.one' : key, { n, ...vars })
}

export function hasWord(key: string): boolean {
  return catalogue.value[key] !== undefined
}

export function preferredLang(cookie: string, wishes: readonly string[]): Lang {
  if (cookie === 'zh-CN' || cookie === 'en') return cookie
  for (const wish of wishes) {
    if (wish.startsWith('zh')) return 'zh-CN'
    if (wish.startsWith('en')) return 'en'
  }
  return 'zh-CN'
}

async function readCatalogue(wanted: Lang): Promise<Record<string, string>> {
  const answer = await fetch(`/api/v1/words/${wanted}`)
  if (!answer.ok) throw new Error(`words: ${answer.status}`)
  return (await answer.json()) as Record<string, string>
}

async function speak(wanted: Lang): Promise<void> {
  catalogue.value = await readCatalogue(wanted)
  lang.value = wanted
  document.documentElement.lang = wanted
}

export function openWords(): Promise<void> {
  return speak(preferredLang(readCookie('lang'), navigator.languages))
}

export async function changeLang(wanted: Lang): Promise<void> {
  writeCookie('lang', wanted)
  await speak(wanted)
}
