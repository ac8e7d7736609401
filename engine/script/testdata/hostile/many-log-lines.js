// many log lines
// ends: fine timeout
export default async function (event, step, api) {
  for (let i = 0; i < 100000; i++) console.log('x'.repeat(1000))
}
