// the environment, the process, the disk
// ends: fine
export default async function (event, step, api) {
  for (const name of ['process', 'require', 'global', 'Deno', 'Bun', 'Buffer', 'os', 'fs', 'module.constructor', 'WebAssembly', 'importScripts', 'XMLHttpRequest', 'setTimeout']) {
    let v
    try { v = name.split('.').reduce((o, k) => o[k], globalThis) } catch { continue }
    if (v !== undefined && v !== Object) api.state.set('leaked', name)
  }
}
