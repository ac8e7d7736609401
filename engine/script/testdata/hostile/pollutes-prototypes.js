// prototypes, for the next run
// ends: fine
export default async function (event, step, api) {
  Object.prototype.polluted = 'yes'; Array.prototype.map = () => ['polluted']; String.prototype.split = () => ['polluted']; Promise.prototype.then = () => {}; globalThis.kept = 'yes'; JSON.stringify = () => '"polluted"'
}
