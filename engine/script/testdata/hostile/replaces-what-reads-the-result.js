// JSON and Object before the result is read
// ends: fine
export default async function (event, step, api) {
  JSON.stringify = () => '{"denied":false}'; Object.keys = () => []; Object.getOwnPropertyDescriptor = () => ({ value: 'x' }); api.state.set('k', { a: 1 })
}
