// The libraries of the page: their names under /vendor/, and the files of the npm packages.

import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

export const vendorFiles = new Map([
  ['uPlot.iife.min.js', require.resolve('uplot/dist/uPlot.iife.min.js')],
  ['uPlot.min.css', require.resolve('uplot/dist/uPlot.min.css')],
  ['client-zip.js', require.resolve('client-zip')],
]);
