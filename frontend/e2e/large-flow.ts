// A flow of many blocks with 1.3 wires a block, in three lanes: for counts and
// for benchmarks.
export interface LargeFlow {
  flow: { blocks: Record<string, { type: string; stage: string; config?: object; next?: Record<string, string> }> } & Record<string, unknown>
  layout: { format: 1; blocks: Record<string, { x: number; y: number }> }
}

export function largeFlow(count: number): LargeFlow {
  const blocks: LargeFlow['flow']['blocks'] = {}
  const places: LargeFlow['layout']['blocks'] = {}
  const columns = Math.ceil(Math.sqrt(count / 3))
  ;['pre_login', 'post_auth', 'post_login'].forEach((stage, lane, all) => {
    const first = Math.ceil((lane * count) / all.length)
    const end = Math.ceil(((lane + 1) * count) / all.length)
    for (let i = first; i < end; i++) {
      const next = i + 1 < count ? `b${i + 1}` : 'end'
      blocks[`b${i}`] =
        i % 3 === 0
          ? { type: 'decision', stage, config: { rows: [{ port: 'high', when: 'event.authentication.risk_score > 50' }] }, next: { high: next, default: next } }
          : { type: 'log_event', stage, config: { type: `step.${i}` }, next: { next } }
      places[`b${i}`] = { x: 56 + ((i - first) % columns) * 296, y: 64 + Math.floor((i - first) / columns) * 168 }
    }
  })
  blocks.end = { type: 'deny', stage: 'post_login', config: { reason: 'done' } }
  places.end = { x: 56, y: 64 + columns * 168 + 168 }
  return { flow: { format: 1, name: 'Large', trigger: 'login', enabled: true, start: 'b0', blocks }, layout: { format: 1, blocks: places } }
}
