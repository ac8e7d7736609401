// a huge log line
// ends: fine timeout
export default async function (event, step, api) {
  console.log('x'.repeat(2**24))
}
