// A flow beside what a bundle has of it.
import { beginComparing } from '../engine'
import { flowTab, openFlow, openTab } from '../document'

export async function compareWithBundle(slug: string, path: string, label: string): Promise<void> {
  openTab(flowTab(slug))
  await openFlow(slug)
  beginComparing(slug, { kind: 'bundle', value: path, label })
}
