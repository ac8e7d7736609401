// endless getter
// ends: timeout
export default async function (event, step, api) {
  const o = {get x() { for (;;); }}; api.state.set('k', o);
}
