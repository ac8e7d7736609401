// A code editor over one open file of the project.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { bracketMatching, foldGutter, foldKeymap, indentOnInput } from '@codemirror/language'
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from '@codemirror/lint'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import { Compartment, EditorState, type Extension } from '@codemirror/state'
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import { useProblems, type Problem } from '../engine'
import { saveFile, typeFile, useLine, type OpenFile } from '../document'
import { editorTheme } from './theme'
import './editor.css'

interface CodeEditorProps {
  file: OpenFile
  language: Extension
  /** Findings of an editor's own, beside those of the check. */
  findings?: Diagnostic[]
}

const none: Diagnostic[] = []

export function CodeEditor({ file, language, findings = none }: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const { path, version } = file
  const latest = useRef(file)
  useEffect(() => {
    latest.current = file
  })

  useEffect(() => {
    if (!host.current) return
    const languages = new Compartment()
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: latest.current.text,
        extensions: [
          lineNumbers(),
          foldGutter(),
          lintGutter(),
          history(),
          drawSelection(),
          indentOnInput(),
          bracketMatching(),
          closeBrackets(),
          autocompletion(),
          highlightActiveLine(),
          highlightActiveLineGutter(),
          highlightSelectionMatches(),
          search({ top: true }),
          keymap.of([
            { key: 'Mod-s', run: () => (void saveFile(path), true) },
            ...closeBracketsKeymap,
            ...searchKeymap,
            ...historyKeymap,
            ...foldKeymap,
            ...completionKeymap,
            ...lintKeymap.filter((binding) => binding.key !== 'F8'),
            // Mod+Enter is a command of the studio.
            ...defaultKeymap.filter((binding) => binding.key !== 'Mod-Enter'),
            indentWithTab,
          ]),
          languages.of(language),
          editorTheme,
          EditorView.contentAttributes.of({ 'aria-label': `Text of ${path}`, tabindex: '0' }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) typeFile(path, update.state.doc.toString())
          }),
        ],
      }),
    })
    view.current = editor
    editor.focus()
    return () => {
      view.current = null
      editor.destroy()
    }
  }, [path, language])

  // The text was replaced from outside: the editor takes it as one change.
  useEffect(() => {
    const editor = view.current
    if (!editor || version === 0) return
    const text = latest.current.text
    if (editor.state.doc.toString() !== text) editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } })
  }, [version])

  const problems = useProblems((state) => state.saved)
  useEffect(() => {
    const editor = view.current
    if (!editor) return
    const end = editor.state.doc.length
    const own = findings.filter((finding) => finding.from <= end).map((finding) => ({ ...finding, to: Math.min(finding.to, end) }))
    const all = [...diagnosticsOf(problems, path, editor.state), ...own].sort((a, b) => a.from - b.from)
    editor.dispatch(setDiagnostics(editor.state, all))
  }, [problems, path, findings])

  const line = useLine()
  useEffect(() => {
    const editor = view.current
    if (!editor || line.path !== path || line.n === 0) return
    const at = editor.state.doc.line(Math.min(Math.max(1, line.line), editor.state.doc.lines)).from
    editor.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) })
    editor.focus()
  }, [line, path])

  return <div className="code-editor" ref={host} />
}

function diagnosticsOf(problems: Problem[], path: string, state: EditorState): Diagnostic[] {
  return problems
    .filter((p) => p.file === path)
    .map((p) => {
      const line = state.doc.line(Math.min(Math.max(1, p.line ?? 1), state.doc.lines))
      const from = Math.min(line.to, line.from + Math.max(0, (p.column ?? 1) - 1))
      const to = p.column ? Math.min(line.to, from + 1) : line.to
      return { from, to: Math.max(from, to), severity: p.severity, message: p.why ? `${p.message}\n${p.why}` : p.message, source: p.code }
    })
}
