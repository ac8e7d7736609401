// every door to code from text
// ends: fine
export default async function (event, step, api) {
  const doors = [() => eval('1'), () => Function('return 1')(), () => (async () => {}).constructor('return 1')(), () => (function* () {}).constructor('yield 1')(),
    () => (() => {}).constructor('return 1')(), () => Reflect.construct(Function, ['return 1'])(), () => [].constructor.constructor('return 1')(), () => event.constructor.constructor('return this')()]
  for (let i = 0; i < doors.length; i++) {
    try { doors[i](); api.state.set('leaked', 'door ' + i) } catch {}
  }
}
