// endless finally
// ends: timeout
export default async function (event, step, api) {
  try { for (;;); } finally { for (;;); }
}
