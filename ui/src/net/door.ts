// SPDX-License-Identifier: AGPL-3.0-or-later
// Who may enter: accounts, cards, sessions, homes, as docs/formats/api.md has them.

import { one, read, remove, tell } from './api'

export type Role = 'nobody' | 'guest' | 'viewer' | 'teller' | 'keeper' | 'owner'

export interface Me {
  role: Role
  home: string
  account: string
  session: string
  person: string
  hand: boolean // whether what is said here is that person's own word
  name: string
  about: string
  owned: boolean
  near: boolean
  secure: boolean
}

export interface Account {
  id: string
  name: string
  role: Role
  person: string
  password: boolean
  passkeys: number
  made_ms: number
}

export interface Invitation {
  id: string
  role: Role
  person: string
  label: string
  made_ms: number
  until_ms: number
  used: number
}

export interface Card {
  id: string
  code: string
  link: string
  qr_size: number
  qr_path: string
}

export interface Session {
  id: string
  name: string
  browser: string
  card: boolean
  this: boolean
  made_ms: number
  seen_ms: number
}

// A device that opens the door by itself.
export interface Passkey {
  id: string
  label: string
  rp: string // the name of the house that it was made for
  made_ms: number
  used_ms: number // 0: not yet
}

// What the house asks a device to sign.
export interface Asked {
  challenge: string // base64url
  rp: string
  timeout_ms: number
}

export interface AskedNew extends Asked {
  user: string
  name: string
  algorithms: number[] // of COSE
  known: string[] // credentials, base64
}

// What it signed, in base64.
export interface Signed {
  credential: string
  client_data: string
  authenticator_data: string
  signature: string
  user: string
}

export interface HomeName {
  id: string
  name: string
}

export interface Someone {
  id: string
  name: string
}

export const door = {
  me: () => read<Me>('/me'),
  enter: (key: { code: string } | { name: string; password: string }) => tell<Me>('/enter', key),
  askDevice: () => tell<Asked>('/enter/passkey', {}),
  enterBy: (challenge: string, signed: Signed) => tell<Me>(`/enter/passkey/${one(challenge)}`, signed),
  leave: () => tell<unknown>('/leave', {}),
  own: (name: string, password: string) => tell<Me>('/owner', { name, password }),
  password: (before: string, password: string) => tell<unknown>('/password', { before, password }),
  passkeys: () => read<{ passkeys: Passkey[] }>('/passkeys'),
  askNew: () => tell<AskedNew>('/passkeys', {}),
  keepPasskey: (challenge: string, made: { label: string; client_data: string; attestation: string }) =>
    tell<{ passkeys: Passkey[] }>(`/passkeys/${one(challenge)}/keep`, made),
  callPasskey: (id: string, label: string) => tell<{ passkeys: Passkey[] }>(`/passkeys/${one(id)}`, { label }),
  forgetPasskey: (id: string) => remove(`/passkeys/${one(id)}`),
  accounts: () => read<{ accounts: Account[] }>('/accounts'),
  addAccount: (fresh: { name: string; role: Role; password: string; person: string }) => tell<{ accounts: Account[] }>('/accounts', fresh),
  changeAccount: (id: string, news: { role?: Role; person?: string; password?: string }) =>
    tell<{ accounts: Account[] }>(`/accounts/${one(id)}`, news),
  endAccount: (id: string) => remove(`/accounts/${one(id)}`),
  invitations: () => read<{ invitations: Invitation[] }>('/invitations'),
  invite: (fresh: { role: Role; person: string; label: string; days: number }) => tell<Card>('/invitations', fresh),
  takeBack: (id: string) => remove(`/invitations/${one(id)}`),
  sessions: () => read<{ sessions: Session[] }>('/sessions'),
  endSession: (id: string) => remove(`/sessions/${one(id)}`),
  homes: () => read<{ homes: HomeName[] }>('/homes'),
  nameHome: (home: { id?: string; name: string }) => tell<{ homes: HomeName[] }>('/homes', home),
  persons: () => read<{ persons: Someone[] }>('/persons'),
  person: (id: string) => read<Someone>(`/persons/${one(id)}`),
}
