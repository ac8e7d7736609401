/**
 * Tells another service who signs in, and waits for its answer.
 *
 * The host must stand in egress_hosts of authflow.json.
 *
 * @title Webhook
 * @config {text} url - https address that is called
 * @config {text} [key_secret] - name of the secret that is sent as a bearer token
 * @config {failed|deny|go_on} [when_it_fails=failed] - leave by the outcome failed, deny, or go on as if nothing had happened
 * @port failed - no answer in time, or another one than 2xx
 * @output {integer} status - status of the answer; 0 when there was none
 * @output {any} answer - what it said: a value when it is JSON, else text
 */
export default async function (event: Authflow.Event, step: Authflow.Step, api: Authflow.Api) {
  const headers: { [name: string]: string } = { 'Content-Type': 'application/json' }
  if (api.config.key_secret) headers.Authorization = `Bearer ${await api.secrets.get(api.config.key_secret)}`
  const body = JSON.stringify({
    user_id: event.user?.id ?? null,
    email: event.user?.email ?? null,
    client_id: event.client?.id ?? null,
    ip: event.request?.ip ?? null,
    country: event.request?.geo?.country ?? null,
  })
  let status = 0
  let text = ''
  try {
    const answer = await api.fetch(api.config.url, { method: 'POST', headers, body })
    status = answer.status
    text = await answer.text()
  } catch (e) {
    api.log('warn', 'the webhook could not be called', { problem: String(e) })
  }
  api.state.set('status', status)
  api.state.set('answer', parsed(text))
  if (status >= 200 && status < 300) return
  if (api.config.when_it_fails === 'deny') return api.deny('webhook_failed')
  if (api.config.when_it_fails === 'failed') api.leave('failed')
}

function parsed(text: string) {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
