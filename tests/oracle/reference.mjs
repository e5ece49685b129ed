// The reference: CPython 3.14, which the npm package pyodide carries as WebAssembly, runs
// reference.py in this process.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadPyodide } from 'pyodide';

const source = fileURLToPath(new URL('reference.py', import.meta.url));

// Promise of { traceOf(program), translated(program) }: its trace, and the program as Python.
// It takes some seconds, so that one is to be used for many programs.
export async function loadReference() {
  const python = await loadPyodide({ stderr: () => {} });
  // Pyodide has made the browser's loop the running one.
  python.runPython('import asyncio; asyncio._set_running_loop(None)');
  python.runPython(readFileSync(source, 'utf8'), { filename: source });
  return {
    traceOf: python.globals.get('trace_of'),
    translated: python.globals.get('translated'),
  };
}
