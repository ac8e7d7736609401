// A button to a file of the project as text; a file that is not there yet is begun.
import { FileCog } from 'lucide-react'
import { call, useStudio } from '../engine'
import { acceptFile, fileTab, openTab } from '../document'
import { runCommand } from '../commands'
import { attempt, Button } from '../ui'

/** Opens it where texts are edited, whatever part of the studio is in front. */
export function openText(path: string): void {
  runCommand('view.section.pages')
  openTab(fileTab(path))
}

export function OpenText({ path, children }: { path: string; children: string }) {
  const known = useStudio((state) => state.project?.texts.some((file) => file.path === path) ?? false)
  const open = async () => {
    if (!known) acceptFile(await call('file.create', { path }))
    openText(path)
  }
  return (
    <Button icon={FileCog} onClick={() => attempt(open)}>
      {children}
    </Button>
  )
}
