// Where in a flow a field stands: known to every widget below an inspector.
import { createContext, use } from 'react'
import type { Problem } from '../engine'

export interface BlockPlace {
  slug: string
  block: string
  problems: Problem[]
}

export const BlockContext = createContext<BlockPlace | null>(null)

export function useBlockPlace(): BlockPlace {
  const place = use(BlockContext)
  if (!place) throw new Error('a field stands outside an inspector')
  return place
}
