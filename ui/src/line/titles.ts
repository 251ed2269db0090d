// SPDX-License-Identifier: AGPL-3.0-or-later
// The names of chapters and sections, as people say them.

import { hanDigits, monthName, monthOnly } from '../base/show'
import { hasWord, lang, t } from '../base/words'
import type { Section } from '../net/shapes'

function ordinal(n: number): string {
  const rule = new Intl.PluralRules('en', { type: 'ordinal' }).select(n)
  return n + (rule === 'one' ? 'st' : rule === 'two' ? 'nd' : rule === 'few' ? 'rd' : 'th')
}

export function chapterTitle(chapter: string): string {
  if (chapter === 'none') return t('ui.line.undated')
  if (chapter.endsWith('c')) {
    const n = Math.floor(parseInt(chapter, 10) / 100) + 1
    return t('ui.line.century', { n: String(n), nth: ordinal(n) })
  }
  const own = `ui.decade.${chapter}`
  return hasWord(own) ? t(own) : t('ui.decade', { decade: chapter, han: hanDigits(Number(chapter)) })
}

// Under its decade a month needs no year in large letters, but it is heard with it.
export function sectionTitle(section: Section): string {
  if (section.key === 'none') return t('ui.line.undated')
  if (section.month > 0) return monthName(section.year, section.month, lang.value)
  if (/X$/.test(section.key)) return t('ui.line.sometime')
  return t('ui.line.year', { year: String(section.year) })
}

export function sectionMonth(section: Section): string {
  return section.month > 0 ? monthOnly(section.month, lang.value) : ''
}

export function railText(section: Section): string {
  if (/X$/.test(section.key)) return chapterTitle(section.key.endsWith('XX') ? `${section.year}c` : String(section.year))
  return sectionTitle(section)
}
