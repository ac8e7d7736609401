// The one block that is selected in the flow in front.
import { activeFlow, flowOf } from '../document'

export function selectedBlock(): { flow: string; block: string } | null {
  const flow = activeFlow()
  const chosen = flow === null ? undefined : flowOf(flow)?.blocks
  return flow !== null && chosen?.length === 1 ? { flow, block: chosen[0]! } : null
}
