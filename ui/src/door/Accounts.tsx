// SPDX-License-Identifier: AGPL-3.0-or-later
// Who may sign in with a name and a password.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { focusDrawn } from '../base/focus'
import { showSlip } from '../base/say'
import { t, tn } from '../base/words'
import { sentenceOf } from '../net/api'
import { door, type Account, type Role, type Someone } from '../net/door'
import { Field, Password, Wrong } from './Field'
import { may, me } from './me'
import { PersonChoice, RoleChoice } from './roles'
import { mayBe } from './ways'

interface Shared {
  persons: readonly Someone[]
  told: (all: Account[]) => void
}

const given = (): readonly Role[] => (may('owner') ? ['viewer', 'teller', 'keeper', 'owner'] : ['viewer', 'teller', 'keeper'])

function NewAccount({ persons, told, done }: Shared & { done: () => void }) {
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [role, setRole] = useState<Role>('viewer')
  const [person, setPerson] = useState('')
  const [trouble, setTrouble] = useState('')
  useLayoutEffect(() => document.getElementById('new-name')?.focus(), [])
  const submit = async (event: Event) => {
    event.preventDefault()
    try {
      told((await door.addAccount({ name, password, role, person })).accounts)
    } catch (cause) {
      setTrouble(sentenceOf(cause))
      return
    }
    showSlip({ text: t('ui.doors.account.added', { name }) })
    done()
  }
  return (
    <form class="sheet-of-paper" onSubmit={(event) => void submit(event)} aria-labelledby="new-account">
      <h3 id="new-account">{t('ui.doors.account.new')}</h3>
      <Field id="new-name" label={t('ui.enter.name')} value={name} change={setName} required />
      <Password
        id="new-password-of"
        label={t('ui.doors.account.password')}
        hint={t('ui.door.password.hint')}
        value={password}
        change={setPassword}
        complete="new-password"
        required
      />
      <RoleChoice name="new-role" roles={given()} role={role} change={setRole} />
      <PersonChoice id="new-person" persons={persons} person={person} change={setPerson} />
      {trouble && <Wrong text={trouble} />}
      <div class="row">
        <button type="submit" class="act">
          {t('ui.doors.account.add')}
        </button>
        <button type="button" class="plain" onClick={done}>
          {t('ui.edit.leave')}
        </button>
      </div>
    </form>
  )
}

function Ending({ account, end, stay }: { account: Account; end: () => void; stay: () => void }) {
  const gentle = useRef<HTMLButtonElement>(null)
  useLayoutEffect(() => gentle.current?.focus(), [])
  return (
    <div class="confirm" role="alertdialog" aria-labelledby="end-text" onKeyDown={(event) => event.key === 'Escape' && stay()}>
      <p id="end-text">{t('ui.doors.account.end.sure', { name: account.name })}</p>
      <div class="row">
        <button type="button" ref={gentle} onClick={stay}>
          {t('ui.edit.leave')}
        </button>
        <button type="button" class="act" onClick={end}>
          {t('ui.doors.account.end')}
        </button>
      </div>
    </div>
  )
}

function ChangeAccount({ account, persons, told, done }: Shared & { account: Account; done: () => void }) {
  const [role, setRole] = useState<Role>(account.role)
  const [person, setPerson] = useState(account.person)
  const [password, setPassword] = useState('')
  const [ending, setEnding] = useState(false)
  const [trouble, setTrouble] = useState('')
  const fail = (cause: unknown) => {
    setEnding(false)
    setTrouble(sentenceOf(cause))
  }
  const submit = (event: Event) => {
    event.preventDefault()
    door.changeAccount(account.id, { role, person, ...(password ? { password } : {}) }).then((all) => {
      told(all.accounts)
      showSlip({ text: t('ui.edit.kept') })
      done()
    }, fail)
  }
  const end = () =>
    door
      .endAccount(account.id)
      .then(() => door.accounts())
      .then((all) => {
        told(all.accounts)
        showSlip({ text: t('ui.doors.account.ended', { name: account.name }) })
        done()
      }, fail)
  const own = account.id === me.value.account
  return (
    <form class="sheet-of-paper" onSubmit={submit} aria-label={t('ui.doors.account.change', { name: account.name })}>
      <RoleChoice name={`role-${account.id}`} roles={given()} role={role} change={setRole} />
      <PersonChoice id={`person-${account.id}`} persons={persons} person={person} change={setPerson} />
      {!own && (
        <Password
          id={`password-${account.id}`}
          label={t('ui.doors.account.password.new')}
          hint={t('ui.doors.account.password.hint')}
          value={password}
          change={setPassword}
          complete="new-password"
        />
      )}
      {trouble && <Wrong text={trouble} />}
      {ending ? (
        <Ending account={account} end={() => void end()} stay={() => setEnding(false)} />
      ) : (
        <div class="row">
          <button type="submit">{t('ui.edit.keep')}</button>
          <button type="button" class="plain" onClick={done}>
            {t('ui.edit.leave')}
          </button>
          {!own && (
            <button type="button" class="plain" onClick={() => setEnding(true)}>
              {t('ui.doors.account.end')}
            </button>
          )}
        </div>
      )}
    </form>
  )
}

function Row({ account, change }: { account: Account; change: () => void }) {
  return (
    <div class="entry">
      <div class="entry-words">
        <p class="entry-name">{account.name}</p>
        <p class="quiet">
          {[
            t(`ui.role.${account.role}`),
            account.id === me.value.account && t('ui.doors.account.own'),
            !account.password && t('ui.doors.account.no_password'),
            account.passkeys > 0 && tn('ui.doors.account.passkeys', account.passkeys),
          ]
            .filter(Boolean)
            .join(t('ui.comma'))}
        </p>
      </div>
      {mayBe(me.value.role, account.role) && (
        <button type="button" aria-label={t('ui.doors.account.change', { name: account.name })} onClick={change}>
          {t('ui.doors.account.change.short')}
        </button>
      )}
    </div>
  )
}

export function Accounts({ persons }: { persons: readonly Someone[] }) {
  const [all, setAll] = useState<Account[] | null>(null)
  const [at, setAt] = useState('') // whose row is open; 'new'
  const [trouble, setTrouble] = useState('')
  useEffect(() => {
    door.accounts().then(
      (found) => setAll(found.accounts),
      (cause: unknown) => setTrouble(sentenceOf(cause)),
    )
  }, [])
  const close = () => {
    setAt('')
    focusDrawn(() => document.getElementById('add-account'))
  }
  return (
    <section class="part" aria-labelledby="accounts">
      <h2 id="accounts">{t('ui.doors.accounts')}</h2>
      {trouble && <Wrong text={trouble} />}
      <ul class="entries">
        {all?.map((account) => (
          <li key={account.id}>
            {at === account.id ? (
              <>
                <p class="entry-name">{account.name}</p>
                <ChangeAccount account={account} persons={persons} told={setAll} done={close} />
              </>
            ) : (
              <Row account={account} change={() => setAt(account.id)} />
            )}
          </li>
        ))}
      </ul>
      {at === 'new' ? (
        <NewAccount persons={persons} told={setAll} done={close} />
      ) : (
        <button type="button" id="add-account" onClick={() => setAt('new')}>
          {t('ui.doors.account.new')}
        </button>
      )}
    </section>
  )
}
