/**
 * Leaves something behind, and looks whether somebody has.
 * @output {boolean} kept - whether it was there
 */
export default async function (event, step, api) {
  api.state.set('kept', Boolean(globalThis.left || Object.prototype.left || Array.prototype.left))
  globalThis.left = 1
  Object.prototype.left = 1
  Array.prototype.left = 1
}
