// What runs leave behind: tokens, sessions, users, mails, the audit record.
// They are told when they are committed; of the record only that there is more,
// which its panel asks for while it is open.
import { create } from 'zustand'
import { call, on } from './client'
import type { AuditView, MailView, SessionView, Tokens, UserView } from './types'

interface LeftoversState {
  tokens: Tokens | null
  sessions: SessionView[]
  users: UserView[]
  outbox: MailView[]
  audit: AuditView[]
}

const empty: LeftoversState = { tokens: null, sessions: [], users: [], outbox: [], audit: [] }

export const useLeftovers = create<LeftoversState>()(() => empty)

export async function loadLeftovers(): Promise<void> {
  const [tokens, sessions, outbox] = await Promise.all([call('tokens.get'), call('sessions.list'), call('outbox.list')])
  useLeftovers.setState({ tokens, sessions, outbox })
}

export async function loadUsers(): Promise<void> {
  useLeftovers.setState({ users: await call('users.list') })
}

/** Asks for the audit entries that are not here yet. */
export async function loadAudit(): Promise<void> {
  const last = useLeftovers.getState().audit.at(-1)?.seq ?? 0
  const fresh = await call('audit.list', { after: last })
  useLeftovers.setState((state) => {
    const newest = state.audit.at(-1)?.seq ?? 0
    return { audit: [...state.audit, ...fresh.filter((entry) => entry.seq > newest)].slice(-2000) }
  })
}

export async function resetUsers(): Promise<void> {
  await call('users.reset')
  await Promise.all([loadUsers(), loadLeftovers()])
}

export async function revokeSession(id: string): Promise<void> {
  await call('sessions.revoke', { id })
  useLeftovers.setState({ sessions: await call('sessions.list') })
}

export async function logoutSession(id: string): Promise<void> {
  await call('sessions.logout', { id })
  useLeftovers.setState({ sessions: await call('sessions.list') })
}

export async function setUserActive(id: string, active: boolean): Promise<void> {
  await call('users.status', { id, active })
  await Promise.all([loadUsers(), loadLeftovers()])
}

export function clearLeftovers(): void {
  useLeftovers.setState(empty)
}

on('tokens', (tokens) => useLeftovers.setState({ tokens }))
on('sessions', (sessions) => useLeftovers.setState({ sessions }))
on('users', (users) => useLeftovers.setState({ users }))
on('outbox', (outbox) => useLeftovers.setState({ outbox }))
