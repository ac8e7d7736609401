// Starts `authflow debug` for a launch, and connects to a running one for an
// attach. Everything else is the program's.
'use strict'
const vscode = require('vscode')

/** Where the adapter of a session is. */
function adapter(session) {
  const wanted = session.configuration
  if (wanted.request === 'attach') {
    return new vscode.DebugAdapterServer(wanted.port, wanted.host || '127.0.0.1')
  }
  const args = ['debug', wanted.project]
  if (wanted.addr) args.push('--addr', wanted.addr)
  const program = vscode.workspace.getConfiguration('authflow').get('program', 'authflow')
  return new vscode.DebugAdapterExecutable(program, args)
}

/** F5 without a configuration debugs the folder that is open. */
function resolve(folder, wanted) {
  if (wanted.type || !folder) return wanted
  return { type: 'authflow', request: 'launch', name: 'Debug sign-ins', project: folder.uri.fsPath }
}

exports.activate = (context) => {
  context.subscriptions.push(
    vscode.debug.registerDebugAdapterDescriptorFactory('authflow', { createDebugAdapterDescriptor: adapter }),
    vscode.debug.registerDebugConfigurationProvider('authflow', { resolveDebugConfiguration: resolve }),
  )
}
