// What stands over a text file: its path, how far it is saved, and a conflict
// with what is on disk.
import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { inOneLine } from '../engine'
import { closeTab, fileTab, keepMyFile, reloadFile, type OpenFile } from '../document'
import { attempt, Button } from '../ui'

export function FileNotice({ file, children }: { file: OpenFile; children?: ReactNode }) {
  return (
    <>
      <div className="panel-bar">
        <span className="mono small-text dim ellipsis">{file.path}</span>
        <span className="grow" />
        {children}
      </div>
      {file.save === 'conflict' && (
        <div className="banner" role="alert">
          <TriangleAlert size={15} aria-hidden />
          <span className="grow">
            {file.theirs
              ? `${file.path} was changed outside while you were editing it. Nothing is written until you choose, and both versions are kept.`
              : `${file.path} was removed outside while you were editing it. Yours is kept until you choose.`}
          </span>
          <Button size="small" onClick={() => attempt(async () => void (reloadFile(file.path) || (await closeTab(fileTab(file.path).key))))}>
            {file.theirs ? 'Take what is on disk' : 'Let it go'}
          </Button>
          <Button size="small" onClick={() => attempt(() => keepMyFile(file.path))}>
            Keep mine
          </Button>
        </div>
      )}
      {file.save === 'failed' && (
        <div className="banner bad" role="alert">
          <TriangleAlert size={15} aria-hidden />
          <span className="grow">{inOneLine(file.failure)} It is tried again.</span>
        </div>
      )}
    </>
  )
}
