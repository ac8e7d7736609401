// a regexp made at run time
// ends: timeout
export default async function (event, step, api) {
  'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.match('^(?!b)(a+)+$')
}
