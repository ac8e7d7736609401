// Which version to compare with: commits of the flow, a bundle, another project.
import { FolderOpen, GitCommitHorizontal, Package } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import { create } from 'zustand'
import { call, type Version } from '../engine'
import { PickerDialog, type PickerItem } from '../commands'
import { ago, attempt, FormDialog } from '../ui'
import { compareWith } from './comparing'

type Asked = { slug: string; for: 'version' } | { slug: string; for: 'bundle' | 'folder' }

const useDialog = create<{ asked: Asked | null }>()(() => ({ asked: null }))

const close = () => useDialog.setState({ asked: null })

export function openCompare(slug: string): void {
  useDialog.setState({ asked: { slug, for: 'version' } })
}

export function CompareDialog() {
  const asked = useDialog((state) => state.asked)
  if (!asked) return null
  return asked.for === 'version' ? <Versions slug={asked.slug} /> : <Path slug={asked.slug} kind={asked.for} />
}

function Versions({ slug }: { slug: string }) {
  const [versions, setVersions] = useState<Version[] | null>(null)
  useEffect(() => {
    attempt(async () => setVersions(await call('compare.versions', { path: `flows/${slug}.json` })))
  }, [slug])
  const items = useMemo<PickerItem[]>(() => {
    const commits = (versions ?? []).map((version, index) => ({
      id: version.revision,
      title: version.subject,
      hint: `${version.author}, ${ago(version.at)}`,
      words: [version.revision, version.author],
      icon: <GitCommitHorizontal size={15} aria-hidden />,
      aside: <span className="faint mono">{index === 0 ? 'last commit' : version.revision.slice(0, 8)}</span>,
      group: 'Commits of this flow',
      take: () => compareWith(slug, { kind: 'revision', value: version.revision, label: `“${version.subject}”` }),
    }))
    const ask = (kind: 'bundle' | 'folder') => () => useDialog.setState({ asked: { slug, for: kind } })
    return [
      ...commits,
      { id: 'bundle', title: 'A bundle…', hint: 'What a server has, or had', icon: <Package size={15} aria-hidden />, group: 'Files', take: ask('bundle') },
      { id: 'folder', title: 'Another project…', hint: 'A flow of the same name in another folder', icon: <FolderOpen size={15} aria-hidden />, group: 'Files', take: ask('folder') },
    ]
  }, [slug, versions])
  if (versions === null) return null
  const placeholder = versions.length > 0 ? 'A commit, a bundle, another project' : 'This flow has no commits: a bundle, or another project'
  return <PickerDialog label="Compare with" placeholder={placeholder} items={items} empty="No version is called that." onDone={() => useDialog.setState((state) => (state.asked?.for === 'version' ? { asked: null } : state))} />
}

const paths = {
  bundle: { title: 'Compare with a bundle', label: 'File of the bundle', hint: '/srv/acme.afb' },
  folder: { title: 'Compare with another project', label: 'Folder of the project', hint: '/home/ada/acme' },
}

function Path({ slug, kind }: { slug: string; kind: 'bundle' | 'folder' }) {
  const [value, setValue] = useState('')
  const { title, label, hint } = paths[kind]
  const compare = () => {
    close()
    compareWith(slug, { kind, value: value.trim(), label: value.trim() })
  }
  return (
    <FormDialog title={title} action="Compare" ready={value.trim() !== ''} onDone={compare} onClose={close}>
      <label className="col" style={{ gap: 4 }}>
        {label}
        <input className="input mono" value={value} placeholder={hint} onChange={(event) => setValue(event.target.value)} />
      </label>
    </FormDialog>
  )
}
