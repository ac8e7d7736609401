/** Makes itself somebody else. */
export default async function (event) {
  event.user = { id: 'usr_grace' }
}
