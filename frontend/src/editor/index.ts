// The front of this folder: text files of the project, for Actions and pages.
export { CodeEditor } from './CodeEditor'
export { FileNotice } from './FileNotice'
export { TextEditor } from './TextEditor'
export { openText, OpenText } from './OpenText'
