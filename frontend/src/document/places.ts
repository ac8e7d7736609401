// To where a run stands: a block on its canvas, or a line of its Action.
import type { Place } from '../engine'
import { openFile } from './files'
import { fileTab, goToBlock, goToLine, openTab } from './tabs'

const ACTIONS = 'actions/'

/** Brings a frame of a stack into view; `focus` gives the canvas the keyboard, an editor takes it. */
export async function goToPlace(place: Place, focus = false): Promise<void> {
  if (place.file === undefined) return goToBlock(place.flow, place.block, focus)
  const path = ACTIONS + place.file
  openTab(fileTab(path))
  await openFile(path)
  goToLine(path, place.line ?? 1)
}
