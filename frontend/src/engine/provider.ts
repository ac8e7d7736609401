// The provider of the harness: what was ordered of it and what it did. It is
// looked at while its page is open; every order answers how things stand then.
import { create } from 'zustand'
import { call, on } from './client'
import type { FaultOrder, Methods, ProviderView } from './types'

const empty: ProviderView = { endpoints: [], faults: {}, requests: [], next: [], picker: false, keys: [], logouts: [] }

export const useProvider = create<ProviderView & { loaded: boolean }>()(() => ({ ...empty, loaded: false }))

type Order = { [M in keyof Methods]: Methods[M][1] extends ProviderView ? M : never }[keyof Methods]

async function order<M extends Order>(method: M, args: Methods[M][0]): Promise<void> {
  useProvider.setState({ ...(await call(method as 'provider.fault', args as Methods['provider.fault'][0])), loaded: true })
}

export const loadProvider = () => order('provider.get', {})
export const orderFault = (endpoint: string, fault: FaultOrder) => order('provider.fault', { endpoint, fault })
/** Without an endpoint all faults go. */
export const clearFaults = (endpoint = '') => order('provider.clear_faults', { endpoint })
export const clearRequests = () => order('provider.clear_requests', {})
export const queueClaims = (user: string, claims: Methods['provider.claims'][0]['claims']) => order('provider.claims', { user, claims })
export const queueUser = (user: string, aal: string, times: number) => order('provider.next_user', { user, aal, times })
export const clearNextUsers = () => order('provider.clear_next', {})
export const setPicker = (on: boolean) => order('provider.picker', { on })
export const rotateKeys = () => order('provider.rotate_keys', {})

/** Looks again and again until the returned function is called. */
export function watchProvider(every = 1500): () => void {
  const look = () => void loadProvider().catch(() => undefined) // the next look may be luckier
  look()
  const timer = setInterval(look, every)
  return () => clearInterval(timer)
}

/** What stood there belongs to a project that is no longer open. */
export function clearProvider(): void {
  useProvider.setState({ ...empty, loaded: false })
}

// A run may use a fault or the queue up while the page is not open.
on('run', () => {
  const { faults, next } = useProvider.getState()
  if (Object.keys(faults).length + next.length > 0) void loadProvider().catch(() => undefined)
})
