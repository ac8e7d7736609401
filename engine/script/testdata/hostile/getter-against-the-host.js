// a getter where a text belongs
// ends: rejected
export default async function (event, step, api) {
  api.deny({ toString() { for (;;); } })
}
