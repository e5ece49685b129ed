// The chart library, uPlot, loaded when the first chart is to be drawn; and the page's colours for it.

import { pageFolder } from './program.mjs';

let loading = null;

// Promise of uPlot, or of null if it cannot be loaded: the page does without charts then.
export function loadCharts() {
  loading ??= Promise.all([loadStyle(), loadScript()]).then(
    () => globalThis.uPlot,
    () => null,
  );
  return loading;
}

const vendor = (file) => `${pageFolder()}vendor/${file}`;

function loadStyle() {
  const link = document.createElement('link');
  return loaded(Object.assign(link, { rel: 'stylesheet', href: vendor('uPlot.min.css') }));
}

function loadScript() {
  const script = document.createElement('script');
  return loaded(Object.assign(script, { src: vendor('uPlot.iife.min.js') }));
}

function loaded(element) {
  return new Promise((resolve, reject) => {
    element.onload = resolve;
    element.onerror = reject;
    document.head.append(element);
  });
}

// What a custom property of the style is now, as a colour that a canvas understands.
export function colorOf(property) {
  const probe = document.createElement('span');
  probe.style.color = `var(${property})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

// Calls `redraw()` whenever the colours are other ones, or `element` has another width.
export function onLookChange(element, redraw) {
  new ResizeObserver(redraw).observe(element);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  document.addEventListener('themechange', redraw);
}

// An axis as all charts have it.
export function axisStyle() {
  const line = colorOf('--line');
  return {
    stroke: colorOf('--soft-ink'),
    font: '11px system-ui, sans-serif',
    grid: { stroke: line, width: 1 },
    ticks: { stroke: line, width: 1, size: 4 },
  };
}
