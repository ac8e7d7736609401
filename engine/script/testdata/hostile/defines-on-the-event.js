// a property of event
// ends: rejected
export default async function (event, step, api) {
  Object.defineProperty(event, 'user', { value: { id: 'usr_root' } })
}
