// Symbol.toPrimitive in a name
// ends: rejected
export default async function (event, step, api) {
  api.state.set({ [Symbol.toPrimitive]() { for (;;); } }, 1)
}
