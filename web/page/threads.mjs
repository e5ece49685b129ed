// The spinner in a thread: browsers give threads only to pages that are cross-origin isolated, and WebKitGTK to none.

import { connectConsole } from './console-panel.mjs';

export function startThreads(section) {
  const canRun = typeof SharedArrayBuffer === 'function';
  section.querySelector('.notice').hidden = canRun;
  section.querySelector('.runnable').hidden = !canRun;
  if (canRun) connectConsole(section, 'spinner_threads');
}
