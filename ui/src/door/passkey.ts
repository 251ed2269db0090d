// SPDX-License-Identifier: AGPL-3.0-or-later
// What is asked of the device in one's hand (W3C, Web Authentication Level 2, 2021): to make a key for
// this house, and to sign with it. The house looks at what comes of it; here nothing is believed.

import { fromBase64, toBase64 } from '../base/base64'
import { t } from '../base/words'
import { sentenceOf } from '../net/api'
import { door, type Me, type Passkey } from '../net/door'

// A key is made for a name, never for a number: no browser knows one at 192.168.1.5 or [fd00::5].
export function isName(host: string): boolean {
  return host !== '' && !host.includes(':') && !/(^|\.)\d+$/.test(host)
}

export function canKnow(): boolean {
  return isSecureContext && 'PublicKeyCredential' in window && isName(location.hostname)
}

const sent = (bytes: ArrayBuffer) => toBase64(new Uint8Array(bytes))

// Has the house know this device under that name; answers all that it knows now.
export async function know(label: string): Promise<Passkey[]> {
  const asked = await door.askNew()
  const made = (await navigator.credentials.create({
    publicKey: {
      challenge: fromBase64(asked.challenge),
      rp: { id: asked.rp, name: t('app.name') },
      user: { id: new TextEncoder().encode(asked.user), name: asked.name, displayName: asked.name },
      pubKeyCredParams: asked.algorithms.map((alg) => ({ type: 'public-key', alg })),
      excludeCredentials: asked.known.map((id) => ({ type: 'public-key', id: fromBase64(id) })),
      authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
      attestation: 'none',
      timeout: asked.timeout_ms,
    },
  })) as PublicKeyCredential
  const { clientDataJSON, attestationObject } = made.response as AuthenticatorAttestationResponse
  const kept = await door.keepPasskey(asked.challenge, { label, client_data: sent(clientDataJSON), attestation: sent(attestationObject) })
  return kept.passkeys
}

// Comes in by whatever this device knows of the house.
export async function enterByDevice(): Promise<Me> {
  const asked = await door.askDevice()
  const used = (await navigator.credentials.get({
    publicKey: { challenge: fromBase64(asked.challenge), rpId: asked.rp, userVerification: 'preferred', timeout: asked.timeout_ms },
  })) as PublicKeyCredential
  const { clientDataJSON, authenticatorData, signature, userHandle } = used.response as AuthenticatorAssertionResponse
  return door.enterBy(asked.challenge, {
    credential: sent(used.rawId),
    client_data: sent(clientDataJSON),
    authenticator_data: sent(authenticatorData),
    signature: sent(signature),
    user: userHandle ? sent(userHandle) : '',
  })
}

// Whoever let go of it did nothing wrong; `stopped` is what is said then.
export function sentenceOfDevice(cause: unknown, stopped: string): string {
  if (!(cause instanceof DOMException)) return sentenceOf(cause)
  return cause.name === 'InvalidStateError' ? t('ui.passkey.known') : stopped
}
