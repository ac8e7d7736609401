// A file of the project as plain text: settings, the world, texts, scenarios.
import { json } from '@codemirror/lang-json'
import { yaml } from '@codemirror/lang-yaml'
import { describe } from '../engine'
import { useFiles } from '../document'
import { Empty } from '../ui'
import { CodeEditor } from './CodeEditor'
import { FileNotice } from './FileNotice'

const languages = { json: json(), yaml: yaml() }

export function TextEditor({ path }: { path: string }) {
  const file = useFiles((state) => state.open[path])
  const failed = useFiles((state) => state.failed[path])
  if (failed) return <Empty title={`${path} cannot be opened`}>{describe(failed).message}</Empty>
  if (!file) return <Empty title="Opening…" />
  return (
    <div className="col grow">
      <FileNotice file={file} />
      <CodeEditor file={file} language={path.endsWith('.json') ? languages.json : /\.ya?ml$/.test(path) ? languages.yaml : []} />
    </div>
  )
}
