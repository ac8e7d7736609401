// Every command of the studio, from all of its parts.
import { actionCommands } from '../actions/commands'
import { canvasCommands } from '../canvas'
import type { Command } from '../commands'
import { compareCommands } from '../compare'
import { debugCommands } from '../debug'
import { hintCommands } from '../hints/commands'
import { problemCommands } from '../problems'
import { testCommands } from '../scenarios'
import { shellCommands } from './commands'

export const studioCommands: Command[] = [...shellCommands, ...canvasCommands, ...debugCommands, ...actionCommands, ...compareCommands, ...hintCommands, ...problemCommands, ...testCommands]
