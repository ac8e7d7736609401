// The page's half of a passkey ceremony: it hands the options of the page to the
// browser's authenticator and sends back what that answers, in the page's own
// form. It keeps nothing and speaks with nobody else.
(() => {
  'use strict'
  const form = document.querySelector('form[data-passkey]')
  const source = document.querySelector('script[type="application/json"][data-passkey-options]')
  if (!form || !source) return
  const start = form.querySelector('[data-passkey-start]')
  const tell = (what) => {
    for (const p of document.querySelectorAll('[data-passkey-says]')) p.hidden = p.dataset.passkeySays !== what
  }
  if (!window.isSecureContext || !window.PublicKeyCredential || !navigator.credentials) {
    start.remove() // lest Enter in a field use it
    tell('unsupported')
    return
  }

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0)).buffer
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
  const ids = (list) => (list || []).map((c) => ({ ...c, id: bytes(c.id) }))

  const creating = form.dataset.passkey === 'register'
  const given = JSON.parse(source.textContent)
  const options = { ...given, challenge: bytes(given.challenge) }
  if (creating) {
    options.user = { ...given.user, id: bytes(given.user.id) }
    options.excludeCredentials = ids(given.excludeCredentials)
  } else {
    options.allowCredentials = ids(given.allowCredentials)
  }

  // What toJSON of a credential answers, which not every browser has.
  const plain = (credential) => {
    const from = credential.response
    const response = { clientDataJSON: text(from.clientDataJSON) }
    if (creating) {
      response.attestationObject = text(from.attestationObject)
      response.transports = from.getTransports ? from.getTransports() : []
    } else {
      response.authenticatorData = text(from.authenticatorData)
      response.signature = text(from.signature)
      if (from.userHandle) response.userHandle = text(from.userHandle)
    }
    const out = { id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults: credential.getClientExtensionResults() }
    if (credential.authenticatorAttachment) out.authenticatorAttachment = credential.authenticatorAttachment
    return out
  }

  const send = (credential) => {
    form.elements.namedItem('credential').value = JSON.stringify(plain(credential))
    tell('working')
    form.submit()
  }

  let offered // what the browser offers in the autofill, until the button is used
  start.addEventListener('click', async (event) => {
    event.preventDefault()
    if (offered) offered.abort()
    tell('')
    start.disabled = true
    try {
      const publicKey = options
      send(creating ? await navigator.credentials.create({ publicKey }) : await navigator.credentials.get({ publicKey }))
    } catch (problem) {
      tell(problem.name === 'InvalidStateError' ? 'exists' : problem.name === 'SecurityError' ? 'unsupported' : 'failed')
      start.disabled = false
      start.focus()
    }
  })

  if (form.dataset.passkeyAutofill && PublicKeyCredential.isConditionalMediationAvailable) {
    PublicKeyCredential.isConditionalMediationAvailable().then((available) => {
      if (!available) return undefined
      offered = new AbortController()
      return navigator.credentials.get({ publicKey: options, mediation: 'conditional', signal: offered.signal }).then(send)
    }).catch(() => undefined) // the button is still there
  }
})()
