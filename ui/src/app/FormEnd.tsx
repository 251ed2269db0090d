// SPDX-License-Identifier: AGPL-3.0-or-later
// How a form ends: what is wrong, where something is; the act, and the way out without it.

import { t } from '../base/words'

interface Props {
  trouble: string
  id?: string // of the trouble, for the field it is about
  act?: string
  beside?: boolean // something else on the page matters more
  leave: () => void
}

export function FormEnd({ trouble, id, act = t('ui.edit.keep'), beside = false, leave }: Props) {
  return (
    <>
      {trouble && (
        <p class="wrong" role="alert" {...(id ? { id } : {})}>
          {trouble}
        </p>
      )}
      <div class="row">
        <button type="submit" class={beside ? '' : 'act'}>
          {act}
        </button>
        <button type="button" class="plain" onClick={leave}>
          {t('ui.edit.leave')}
        </button>
      </div>
    </>
  )
}
