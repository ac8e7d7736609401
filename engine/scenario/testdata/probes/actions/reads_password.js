/**
 * Looks for the password in everything that it is given.
 * @output {boolean} found - whether it was there
 */
export default async function (event, step, api) {
  const all = JSON.stringify([event, step, api.config, api.input]) + Object.keys(globalThis).join()
  api.state.set('found', all.includes('analytical-engine') || /"password/.test(all))
}
