// What flows and Actions call outside, the latest last, and the stubs that are
// set. Looked at again when a run stops.
import { create } from 'zustand'
import type { Outside, Stub } from './call-types'
import { call, on } from './client'

const none: Outside = { calls: [], stubs: [] }

export const useCalls = create<Outside>()(() => none)

export async function loadCalls(): Promise<void> {
  useCalls.setState(await call('calls.list', {}))
}

export async function answerWith(method: string, url: string, status: number, body: string): Promise<void> {
  useCalls.setState(await call('calls.answer', { method, url, status, body }))
}

/** Writes a stub into world.yaml, where it stays. */
export async function keepStub(stub: Stub): Promise<void> {
  useCalls.setState(await call('calls.keep', { stub }))
}

export async function dropStub(method: string, url: string): Promise<void> {
  useCalls.setState(await call('calls.drop', { method, url }))
}

export async function forgetCalls(): Promise<void> {
  useCalls.setState(await call('calls.forget', {}))
}

/** What stood there belongs to a project that is no longer open. */
export function clearCalls(): void {
  useCalls.setState(none)
}

on('calls', (outside) => useCalls.setState(outside))
on('run', () => void loadCalls().catch(() => undefined)) // the next stop may be luckier
