// Carrying out safe fixes: each is one step of the flow's history.
import { allProblems, call, useProblems, type FlowEdit, type Problem } from '../engine'
import { applyFix, edit, flowTab, goToBlock, openFlow, openTab } from '../document'
import { announce, notify } from '../ui'

export async function fixProblem(problem: Problem): Promise<void> {
  const { flow, fix, block } = problem
  if (!fix || !flow) return
  openTab(flowTab(flow))
  await openFlow(flow)
  if (edit(flow, applyFix(fix.title, fix.edit))) announce(`Fixed: ${fix.title}. Undo brings the old state back.`)
  if (block) await goToBlock(flow, block)
}

/** What is done at once: the fixes of a flow that do not stand in each other's way. */
export function fixesOf(problems: Problem[], slug: string): FlowEdit[] {
  const gone = new Set<string>()
  const done = new Set<string>()
  const out: FlowEdit[] = []
  for (const { fix, flow } of problems) {
    if (!fix || flow !== slug) continue
    const clear = fix.edit.every((one) => {
      const place = `${one.block}/${'port' in one ? one.port : one.op}`
      return !gone.has(one.block) && !done.has(place) && !('to' in one && gone.has(one.to))
    })
    if (!clear) continue
    for (const one of fix.edit) {
      done.add(`${one.block}/${'port' in one ? one.port : one.op}`)
      if (one.op === 'delete_block') gone.add(one.block)
      out.push(one)
    }
  }
  return out
}

/** All safe fixes of a flow, as one step. */
export async function fixFlow(slug: string): Promise<void> {
  const edits = fixesOf(allProblems(useProblems.getState()), slug)
  if (edits.length === 0) return
  await openFlow(slug)
  if (edit(slug, applyFix(edits.length === 1 ? 'Carry out a safe fix' : `Carry out ${edits.length} safe fixes`, edits))) announce(`${edits.length} safe fixes carried out. Undo brings the old state back.`)
}

export async function suppress(problem: Problem, where: 'block' | 'flow' | 'project', reason: string): Promise<void> {
  const { code, flow, block } = problem
  const place = where === 'project' ? {} : where === 'flow' ? { flow } : { flow, block }
  useProblems.setState({ suppressed: await call('problems.suppress', { code, ...place, reason }) })
  notify.info(`${code} is suppressed. The bundle and every comparison say so, and why.`)
}

export async function unsuppress({ code, flow, block }: Problem): Promise<void> {
  useProblems.setState({ suppressed: await call('problems.unsuppress', { code, flow, block }) })
  announce(`${code} is reported again.`)
}
