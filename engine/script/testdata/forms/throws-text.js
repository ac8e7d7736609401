export default function (event, step, api) {
  const words = 'just words'
  throw words
}
