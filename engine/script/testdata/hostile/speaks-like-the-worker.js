// frames of the protocol on the console
// ends: fine
export default async function (event, step, api) {
  console.log('\u0000\u0000\u0000\u0002{}'); console.error(JSON.stringify({ Done: { Result: { outputs: { leaked: true } } } }))
}
