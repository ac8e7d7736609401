// A small catalogue for tests of the document model, in the shapes of the real one.
import type { Block, Catalogue, Descriptor } from '../src/engine/types'
import type { Doc } from '../src/document/model'

function descriptor(id: string, part: Partial<Descriptor>): Descriptor {
  return { id, family: 'control', title: id, summary: '', help: '', synonyms: [], icon: 'box', terminal: false, asks: false, fields: [], outputs: [], ports: [{ id: 'next', title: 'next', tone: 'neutral' }], ...part }
}

const blocks: Descriptor[] = [
  descriptor('page', {
    asks: true,
    ports: [{ id: 'submitted', title: 'submitted', tone: 'good' }],
    fields: [{ name: 'buttons', title: 'Buttons', kind: 'list', port_of: 'port', items: [{ name: 'port', title: 'Outcome', kind: 'identifier' }] }],
  }),
  descriptor('check', {
    title: 'Password check',
    ports: [
      { id: 'failed', title: 'failed', tone: 'bad' },
      { id: 'ok', title: 'ok', tone: 'good' },
    ],
    fields: [{ name: 'max_attempts', title: 'Attempts', kind: 'number', default: 5 }],
  }),
  descriptor('decision', {
    title: 'Decision',
    ports: [{ id: 'default', title: 'default', tone: 'neutral' }],
    fields: [
      {
        name: 'rows',
        title: 'Rows',
        kind: 'list',
        port_of: 'port',
        items: [
          { name: 'port', title: 'Outcome', kind: 'identifier' },
          { name: 'when', title: 'When', kind: 'expression' },
        ],
      },
    ],
  }),
  descriptor('log', {}),
  descriptor('deny', { terminal: true, ports: [] }),
  descriptor('issue', { terminal: true, ports: [], title: 'Issue session', stages: { login: ['post_login'] } }),
]

export const catalogue: Catalogue = {
  families: [{ id: 'control', title: 'Control' }],
  blocks,
  triggers: [
    {
      id: 'login',
      title: 'Login',
      stages: [
        { id: 'pre_login', title: 'Pre-Login' },
        { id: 'post_auth', title: 'Post-Auth' },
        { id: 'post_login', title: 'Post-Login' },
      ],
      locked: ['check'],
    },
  ],
}

export const lookup = (type: string): Descriptor | undefined => blocks.find((block) => block.id === type)

/** sign_in → password → (ok) sign → end; (failed) → no. */
export function loginDoc(): Doc {
  const block = (type: string, stage: string, next?: Record<string, string>): Block => (next ? { type, stage, next } : { type, stage })
  return {
    flow: {
      format: 1,
      name: 'Login',
      trigger: 'login',
      enabled: true,
      start: 'sign_in',
      blocks: {
        sign_in: block('page', 'pre_login', { submitted: 'password' }),
        password: block('check', 'pre_login', { ok: 'note', failed: 'no' }),
        no: block('deny', 'pre_login'),
        note: block('log', 'post_auth', { next: 'done' }),
        done: block('issue', 'post_login'),
      },
    },
    layout: {
      format: 1,
      blocks: { sign_in: { x: 56, y: 64 }, password: { x: 56, y: 224 }, no: { x: 56, y: 384 }, note: { x: 56, y: 64 }, done: { x: 56, y: 64 } },
    },
  }
}
