// deep argument
// ends: rejected timeout
export default async function (event, step, api) {
  let o = {}; for (let i = 0; i < 100000; i++) o = {o}; api.state.set('k', o)
}
