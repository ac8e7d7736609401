// Go values behind event and api
// ends: fine timeout
export default async function (event, step, api) {
  const seen = []
  const look = (o, depth) => {
    if (o === null || (typeof o !== 'object' && typeof o !== 'function') || depth > 4) return
    for (const k of [...Reflect.ownKeys(o), 'Interface', 'Elem', 'Method', 'Field', 'Call', 'Export', '__proto__', 'constructor']) {
      let v
      try { v = o[k] } catch { continue }
      if (typeof v === 'function' && !String(v).includes('ownKeys') && /\b(func|reflect|goja)\b/.test(String(v))) seen.push(String(k))
      if (k !== '__proto__' && k !== 'constructor') look(v, depth + 1)
    }
  }
  look(event, 0); look(step, 0); look(api, 0); look(console, 0); look(globalThis, 0)
  if (seen.length) api.state.set('leaked', seen)
}
