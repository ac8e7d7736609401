// Go writes a list that was never made as null. Here each answer gets its empty
// lists, once, so that nothing above has to ask.

const project = ['flows', 'actions', 'pages', 'actions.*.fields', 'actions.*.ports', 'actions.*.outputs']
const run = ['stack', 'path']
const session = ['*.amr', '*.clients']
const provider = ['endpoints', 'requests', 'next', 'keys', 'logouts']

/** Where lists stand, by method or event; '' is the answer itself, '*' every entry. */
const lists: Record<string, string[]> = {
  'templates.list': ['', '*.flows'],
  'project.recent': [''],
  'project.folders': ['folders', 'sources'],
  'project.import_agama': [...project.map((path) => `project.${path}`), 'report.flows', 'report.pages', 'report.actions', 'report.entries'],
  'project.create': project,
  'project.open': project,
  'project.current': project,
  'project.rename': project,
  'catalogue.get': ['families', 'blocks', 'triggers', 'triggers.*.stages', 'triggers.*.locked', 'blocks.*.fields', 'blocks.*.ports', 'blocks.*.outputs', 'blocks.*.synonyms'],
  'flow.save': ['problems'],
  'flow.check': [''],
  'flow.scope': [''],
  'file.save': ['problems'],
  'problems.list': [''],
  'problems.rules': [''],
  'problems.suppressed': [''],
  'problems.suppress': [''],
  'problems.unsuppress': [''],
  'actions.events': [''],
  'actions.try': ['calls', 'result.logs'],
  'harness.get': ['users', 'users.*.factors'],
  'runs.list': ['', '*.stack', '*.path'],
  'run.get': run,
  'debug.set_value': run,
  'debug.look': ['stack'],
  'debug.compare': [''],
  'debug.changes': [''],
  'compare.versions': [''],
  'compare.load': ['changes', 'others'],
  'debug.complete': [''],
  'debug.variable': ['variables'],
  'tokens.get': ['tokens'],
  'sessions.list': ['', ...session],
  'users.list': ['', '*.factors'],
  'outbox.list': ['', '*.links'],
  'audit.list': [''],
  'provider.get': provider,
  'provider.fault': provider,
  'provider.clear_faults': provider,
  'provider.clear_requests': provider,
  'provider.claims': provider,
  'provider.next_user': provider,
  'provider.clear_next': provider,
  'provider.picker': provider,
  'provider.rotate_keys': provider,
  'calls.list': ['calls', 'stubs'],
  'calls.answer': ['calls', 'stubs'],
  'calls.drop': ['calls', 'stubs'],
  'calls.forget': ['calls', 'stubs'],
  'calls.keep': ['calls', 'stubs'],
  'tests.list': ['cases', 'unreadable'],
  'tests.run': ['results', 'missed', 'coverage.flows', 'coverage.flows.*.blocks', 'coverage.flows.*.blocks.*.ports', 'coverage.actions', 'coverage.actions.*.missed'],
  'tests.revise': ['diff', 'kept'],
  'tests.generate': ['missing'],
  'tests.mutate': ['survived', 'unreached'],
  'contracts.list': ['contracts', 'unreadable', 'effects', 'words'],
  'contracts.prove': ['results', 'results.*.path'],
  'contracts.save': ['results', 'results.*.path'],
  'contracts.drop': ['results', 'results.*.path'],
  'bundle.preview': ['flows', 'parts', 'secrets', 'hosts', 'unlocked', 'suppressed', 'contracts', 'problems', 'changes', 'verdicts'],
  'bundle.history': [''],
  'bundle.verify': ['flows', 'secrets', 'hosts', 'contracts', 'scenarios', 'problems'],
  'event:run': run,
  'event:calls': ['calls', 'stubs'],
  'event:problems': [''],
  'event:suppressed': [''],
  'event:contracts': ['results', 'results.*.path'],
  'event:project': project,
  'event:tokens': ['tokens'],
  'event:sessions': ['', ...session],
  'event:outbox': ['', '*.links'],
}

/** An answer with every list in place; null answers that mean "none" stay null. */
export function shaped(name: string, answer: unknown): unknown {
  return (lists[name] ?? []).reduce<unknown>((value, path) => fill(value, path === '' ? [] : path.split('.')), answer)
}

function fill(value: unknown, path: string[]): unknown {
  const [key, ...rest] = path
  if (key === undefined) return value ?? []
  if (value === null || typeof value !== 'object') return value
  if (key === '*') return Array.isArray(value) ? value.map((entry: unknown) => fill(entry, rest)) : value
  const object = value as Record<string, unknown>
  return { ...object, [key]: fill(object[key], rest) }
}
