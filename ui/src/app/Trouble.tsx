// SPDX-License-Identifier: AGPL-3.0-or-later
// When something did not work: what happened, and the way to try again.

import { t } from '../base/words'

export function Trouble({ text, again }: { text: string; again?: () => void }) {
  return (
    <div class="trouble" role="alert">
      <p>{text}</p>
      {again && (
        <button type="button" onClick={again}>
          {t('ui.again')}
        </button>
      )}
    </div>
  )
}
