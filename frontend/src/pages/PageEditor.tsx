// A page of the project: its template, beside its shape without data.
import { html } from '@codemirror/lang-html'
import { Eye } from 'lucide-react'
import { useMemo, useState } from 'react'
import { describe } from '../engine'
import { useFiles } from '../document'
import { Button, Empty } from '../ui'
import { CodeEditor, FileNotice } from '../editor'
import { sketch } from './sketch'
import './pages.css'

const language = html()
const POLICY = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">"
const sizes = { phone: 390, tablet: 640, wide: 0 }

export function PageEditor({ path }: { path: string }) {
  const file = useFiles((state) => state.open[path])
  const failed = useFiles((state) => state.failed[path])
  const [preview, setPreview] = useState(true)
  const [size, setSize] = useState<keyof typeof sizes>('phone')
  const text = file?.text ?? ''
  const srcdoc = useMemo(() => POLICY + sketch(text), [text])
  if (failed) return <Empty title={`${path} cannot be opened`}>{describe(failed).message}</Empty>
  if (!file) return <Empty title="Opening…" />
  return (
    <div className="col grow">
      <FileNotice file={file}>
        {preview && (
          <div className="row" role="group" aria-label="Size of the preview" style={{ gap: 2 }}>
            {(Object.keys(sizes) as (keyof typeof sizes)[]).map((name) => (
              <Button key={name} size="small" look="ghost" aria-pressed={size === name} onClick={() => setSize(name)}>
                {name[0]!.toUpperCase() + name.slice(1)}
              </Button>
            ))}
          </div>
        )}
        <Button size="small" look="ghost" icon={Eye} aria-pressed={preview} onClick={() => setPreview(!preview)}>
          Preview
        </Button>
      </FileNotice>
      <div className="page-columns">
        <CodeEditor file={file} language={language} />
        {preview && (
          <div className="page-preview">
            <iframe title={`Preview of ${path}`} sandbox="" srcDoc={srcdoc} style={{ width: sizes[size] || '100%' }} />
          </div>
        )}
      </div>
    </div>
  )
}
