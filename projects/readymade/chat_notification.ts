/**
 * Writes a line into a chat channel, by its incoming webhook. A chat that cannot
 * be reached stops nobody.
 *
 * The host must stand in egress_hosts of authflow.json.
 *
 * @title Chat notification
 * @config {text} url_secret - name of the secret that holds the webhook's address: whoever has it can write there
 * @config {text} [text=Somebody signed in] - the line; may hold {{ … }}
 * @output {boolean} sent - whether the chat took it
 */
export default async function (event: Authflow.Event, step: Authflow.Step, api: Authflow.Api) {
  const facts = [event.client?.name, event.request?.geo?.country, event.request?.network].filter(Boolean)
  const text = facts.length > 0 ? `${api.config.text} (${facts.join(', ')})` : api.config.text
  let sent = false
  try {
    const answer = await api.fetch(await api.secrets.get(api.config.url_secret), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ text }),
    })
    sent = answer.ok
  } catch (e) {
    api.log('warn', 'the chat could not be reached', { problem: String(e) })
  }
  api.state.set('sent', sent)
}
