// A page of the project: its template, beside what people see of it.
import { html } from '@codemirror/lang-html'
import { Eye } from 'lucide-react'
import { useState } from 'react'
import { inOneLine } from '../engine'
import { useFiles } from '../document'
import { Button, Empty } from '../ui'
import { CodeEditor, FileNotice } from '../editor'
import { PagePreview } from './PagePreview'
import './pages.css'

const language = html()

export function PageEditor({ path }: { path: string }) {
  const file = useFiles((state) => state.open[path])
  const failed = useFiles((state) => state.failed[path])
  const [preview, setPreview] = useState(true)
  if (failed) return <Empty title={`${path} cannot be opened`}>{inOneLine(failed)}</Empty>
  if (!file) return <Empty title="Opening…" />
  return (
    <div className="col grow">
      <FileNotice file={file}>
        <Button size="small" look="ghost" icon={Eye} aria-pressed={preview} onClick={() => setPreview(!preview)}>
          Preview
        </Button>
      </FileNotice>
      <div className="page-columns">
        <CodeEditor file={file} language={language} />
        {preview && <PagePreview path={path} text={file.text} />}
      </div>
    </div>
  )
}
