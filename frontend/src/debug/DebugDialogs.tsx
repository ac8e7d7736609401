// The dialogs of the debugger, one at a time, over the window.
import { BackDialog, EditedDialog } from './BackDialogs'
import { ForceDialog } from './ForceDialog'
import { PinDialog } from './PinDialog'
import { RecordDialog, ReplayDialog } from './Recordings'
import { closeDebugSheet, useDebugSheet } from './sheets'
import { StopDialog } from './StopDialog'
import { TestDialog } from './TestDialog'

const sheets = { force: ForceDialog, pin: PinDialog, back: BackDialog, edited: EditedDialog, record: RecordDialog, test: TestDialog, replay: ReplayDialog }

export function DebugDialogs() {
  const sheet = useDebugSheet((state) => state.sheet)
  const Sheet = sheet === null ? null : sheets[sheet]
  return (
    <>
      <StopDialog />
      {Sheet && <Sheet onClose={closeDebugSheet} />}
    </>
  )
}
