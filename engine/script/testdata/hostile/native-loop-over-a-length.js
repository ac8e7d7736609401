// native loop over a length
// ends: timeout
export default async function (event, step, api) {
  Array.prototype.indexOf.call({length: 2**53}, 1)
}
