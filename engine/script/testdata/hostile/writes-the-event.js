// event
// ends: rejected
export default async function (event, step, api) {
  event.user = { id: 'usr_root' }
}
