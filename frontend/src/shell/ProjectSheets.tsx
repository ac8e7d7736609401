// Dialogs that need an open project.
import type { Project } from '../engine'
import { FolderDialog, NewActionDialog, NewFileDialog, NewFlowDialog, openProject } from '../project'
import { attempt } from '../ui'
import { closeSheet, useSheet } from './sheets'

export function ProjectSheets({ project }: { project: Project }) {
  const sheet = useSheet()
  switch (sheet) {
    case 'new-flow':
      return <NewFlowDialog onClose={closeSheet} />
    case 'new-action':
      return <NewActionDialog taken={project.actions.map((file) => file.path)} onClose={closeSheet} />
    case 'new-page':
      return <NewFileDialog taken={project.pages.map((file) => file.path)} onClose={closeSheet} />
    case 'open-folder':
      return (
        <FolderDialog
          title="Open a project"
          action="Open"
          needsProject
          onClose={closeSheet}
          onChoose={(dir) => {
            closeSheet()
            attempt(() => openProject(dir))
          }}
        />
      )
    default:
      return null
  }
}
