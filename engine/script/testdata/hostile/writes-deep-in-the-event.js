// deep in event
// ends: rejected
export default async function (event, step, api) {
  event.user.email = 'root@example.com'
}
