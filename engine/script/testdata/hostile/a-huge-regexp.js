// a huge regexp
// ends: rejected timeout memory fine
export default async function (event, step, api) {
  new RegExp('(a{1,1000}){1,1000}').test('a')
}
