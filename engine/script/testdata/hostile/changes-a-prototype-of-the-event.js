// the prototype of event
// ends: rejected
export default async function (event, step, api) {
  Object.setPrototypeOf(event, { user: { id: 'usr_root' } })
}
