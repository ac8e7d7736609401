// It looks for what a debugger puts into a script.
// ends: fine
export default (event, step, api) => {
  const found = []
  const look = (o, where) => {
    for (const name of Object.getOwnPropertyNames(o)) {
      if (/line |of the host|^eval$/.test(name)) found.push(where + name)
    }
  }
  look(globalThis, 'global ')
  for (const name of ['line gate', 'line hook', 'line calls', 'line ends', 'line me', 'line text', 'eval']) {
    if (globalThis[name] !== undefined) found.push(name)
    Object.defineProperty(globalThis, name, {configurable: true, get() { found.push('asked for ' + name) }})
    delete globalThis[name]
  }
  for (const name of ['line gate', 'line hook', 'line calls', 'line ends', 'eval']) {
    if (globalThis[name + ' of the host'] !== undefined) found.push(name + ' of the host')
  }
  Object.defineProperty(Object.prototype, 'eval', {configurable: true, set(v) { found.push(v) }})
  Object.defineProperty(Array.prototype, '0', {configurable: true, set(v) { found.push('an array was written') }})
  ;(function f() { if (f.caller) found.push('caller') }).call
  let code
  try { code = (0, eval)('1') } catch {}
  try { code = code || eval('1') } catch {}
  try { code = code || new Function('return 1')() } catch {}
  if (code || found.length) api.state.set('leaked', [code, ...found].join())
}
