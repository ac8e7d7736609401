export default async (event, step, api) => {
  const a = await fetch('https://one.example.org')
  const body = await a.json()
  const r = Math.random(), t = Date.now()
  const b = await fetch('https://two.example.org', {method: 'POST', body: JSON.stringify({r})})
  const score = body.score * 2
  const key = api.secrets.get('CRM_KEY').length
  api.state.set('all', [score, r, t, b.status, key, api.now() > t])
}
