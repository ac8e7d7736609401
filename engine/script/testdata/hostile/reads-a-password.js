// passwords and hashes in what it is given
// ends: fine
export default async function (event, step, api) {
  const text = JSON.stringify([event, step, api.config, api.input]) + Object.keys(globalThis).join()
  for (const word of ['password', 'hash', '$argon2', 'totp_secret', 'recovery']) {
    if (text.toLowerCase().includes(word)) api.state.set('leaked', word)
  }
  for (const path of ['user.password', 'user.password_hash', 'user.totp_secret', 'request.cookies', 'request.headers', 'request.body']) {
    let v = event
    for (const part of path.split('.')) v = v === undefined ? undefined : v[part]
    if (v !== undefined) api.state.set('leaked', path)
  }
}
