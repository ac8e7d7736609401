// endless toJSON
// ends: timeout
export default async function (event, step, api) {
  JSON.stringify({toJSON() { for (;;); }})
}
