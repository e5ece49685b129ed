// The spinner turns as soon as the page is there, and again on request.

import { connectConsole } from './console-panel.mjs';

export function startSpinner(section) {
  const run = connectConsole(section, 'spinner');
  run();
}
