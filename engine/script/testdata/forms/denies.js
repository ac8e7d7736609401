export default async (event, step, api) => {
  if (event.user.id === 'u1') api.deny('because', {user_message: 'no'})
  api.state.set('after', 1)
}
