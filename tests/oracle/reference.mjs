// The reference: CPython 3.14, which the npm package pyodide carries as WebAssembly, runs
// reference.py in this process.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadPyodide } from 'pyodide';

const source = fileURLToPath(new URL('reference.py', import.meta.url));

// Promise of { traceOf(program), translated(program), operations() }: its trace, the program as
// Python, the names of all operations.
// It takes some seconds, so that one is to be used for many programs.
export async function loadReference() {
  const python = await loadPyodide({ stderr: () => {} });
  python.runPython(readFileSync(source, 'utf8'), { filename: source });
  const calls = (name) => {
    const call = python.globals.get(name);
    return (program) => {
      try {
        return call(program);
      } catch (error) {
        throw new Error(`reference.py: ${error.message}`); // without the source of Pyodide
      }
    };
  };
  const operations = () => python.runPython('" ".join([*OPERATIONS, *BLOCKS])').split(' ');
  return { traceOf: calls('trace_of'), translated: calls('translated'), operations };
}
