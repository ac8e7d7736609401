// microtasks that breed
// ends: timeout memory
export default async function (event, step, api) {
  const f = () => { Promise.resolve().then(f); Promise.resolve().then(f) }; f(); await new Promise(() => {})
}
