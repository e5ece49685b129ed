// The timeline of a run: a row for each download, a bar for each of its phases. The bars are the
// chart library's; a row is a button over them that cancels its download, says what it shows, and
// carries the phases as data (data-phases: [phase, from, to] in seconds since the rows' data-began).

import { axisStyle, colorOf, loadCharts, onLookChange } from './chart.mjs';
import { countryName } from './countries.mjs';
import { isRunning, phases } from './downloads.mjs';
import { wordFor } from './flag-grid.mjs';
import { onceAFrame, setText } from './frame.mjs';
import { RovingFocus } from './roving.mjs';

const labelWidth = 34;
const axisHeight = 28;
const tallestRow = 12;
const height = 300;
const smallestLabelledRow = 9;

export class Timeline {
  #frame;
  #rows = document.createElement('ol');
  #readout;
  #roving;
  #chart = null;
  #colors = null;
  #downloads = null;
  #buttons = new Map();
  #bars = []; // of each phase that a download may have had: { from, to, fill } by row

  // `onCancel(code)` is called when somebody presses a row.
  constructor(section, onCancel) {
    this.#frame = section.querySelector('.chart');
    this.#readout = section.querySelector('.readout');
    this.#rows.className = 'rows';
    this.#rows.ariaLabel = 'Downloads';
    this.#roving = new RovingFocus(this.#rows);
    this.#rows.addEventListener('click', (event) => press(event, onCancel));
    for (const type of ['focusin', 'pointerover']) {
      this.#rows.addEventListener(type, (event) => this.#readOut(event));
    }
    onLookChange(
      this.#frame,
      onceAFrame(() => this.#rebuild()),
    );
  }

  layOut(downloads) {
    this.#downloads = downloads;
    const count = downloads.all.length;
    this.#buttons = new Map(downloads.all.map(({ code }, at) => [code, makeRow(code, at, count)]));
    this.#rows.replaceChildren(...[...this.#buttons.values()].map(({ item }) => item));
    this.#roving.update();
    for (const download of downloads.all) this.mark(download);
    this.#frame.classList.toggle('dense', rowHeight(count) < smallestLabelledRow);
    this.#rebuild();
  }

  // A download has changed.
  mark(download) {
    const { button } = this.#buttons.get(download.code);
    const sentence = sentenceFor(download);
    const canBeCancelled = isRunning(download);
    button.dataset.phases = JSON.stringify(
      download.phases.map(({ phase, start, end }) => [phase, start, end]),
    );
    button.dataset.state = download.state;
    button.setAttribute('aria-disabled', String(!canBeCancelled));
    button.setAttribute('aria-label', canBeCancelled ? `${sentence}. Cancel it` : sentence);
  }

  draw() {
    if (!this.#chart) return;
    const { all, elapsed, began } = this.#downloads;
    this.#rows.dataset.began = began;
    this.#bars = barsOf(all, elapsed, this.#colors);
    while (this.#chart.series.length <= this.#bars.length) this.#addSeries();
    const rows = all.map((download, at) => at);
    const series = this.#chart.series.slice(1);
    this.#chart.setData([
      rows,
      ...series.map((_, at) => this.#bars[at]?.to ?? rows.map(() => null)),
    ]);
  }

  async #rebuild() {
    if (!this.#downloads) return;
    const Chart = await loadCharts();
    if (!Chart) return setText(this.#readout, 'The chart library could not be loaded.');
    const focused = this.#rows.contains(document.activeElement) ? document.activeElement : null;
    this.#chart?.destroy();
    this.#colors = Object.fromEntries(phases.map((phase) => [phase, colorOf(`--${phase}`)]));
    const count = this.#downloads.all.length;
    this.#chart = new Chart(this.#options(count), [[], []], this.#frame);
    this.#chart.over.append(this.#rows);
    focused?.focus();
    this.draw();
  }

  #options(count) {
    return {
      width: this.#frame.clientWidth,
      height: Math.round(rowHeight(count) * count) + axisHeight,
      padding: [0, 18, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, ori: 1, dir: -1, range: () => [-0.5, count - 0.5] },
        y: { ori: 0, dir: 1, range: () => [0, endOfAxis(this.#downloads.elapsed)] },
      },
      axes: [
        {
          side: 3,
          size: labelWidth,
          grid: { show: false },
          ticks: { show: false },
          values: () => [],
        },
        {
          ...axisStyle(),
          side: 2,
          size: axisHeight,
          values: (_, times) => times.map((time) => `${time} s`),
        },
      ],
      series: [{}, this.#seriesOptions()],
    };
  }

  #addSeries() {
    this.#chart.addSeries(this.#seriesOptions());
  }

  // The bars at one place in the sequence of phases: those of a row may have any colours.
  #seriesOptions() {
    const part = (name) => (_, series) => this.#bars[series - 1]?.[name] ?? [];
    const rows = () => this.#downloads.all.map((_, at) => at - 0.4);
    return {
      width: 0,
      fill: 'transparent',
      points: { show: false },
      paths: globalThis.uPlot.paths.bars({
        disp: {
          x0: { unit: 1, values: rows },
          size: { unit: 1, values: () => [0.8] },
          y0: { unit: 1, values: part('from') },
          y1: { unit: 1, values: part('to') },
          fill: { unit: 3, values: part('fill') },
        },
      }),
    };
  }

  #readOut({ target }) {
    const code = target.closest('li')?.dataset.code;
    if (code) setText(this.#readout, sentenceFor(this.#downloads.get(code)));
  }
}

const rowHeight = (count) => Math.min(tallestRow, Math.max(2, height / count));

function makeRow(code, at, count) {
  const item = document.createElement('li');
  const button = document.createElement('button');
  item.dataset.code = code;
  item.style.top = `${(at * 100) / count}%`;
  item.style.height = `${100 / count}%`;
  Object.assign(button, { type: 'button', tabIndex: -1, textContent: code });
  item.append(button);
  return { item, button };
}

function press(event, onCancel) {
  const button = event.target.closest('button');
  if (button?.getAttribute('aria-disabled') !== 'false') return;
  onCancel(button.closest('li').dataset.code);
}

function barsOf(downloads, elapsed, colors) {
  const most = Math.max(0, ...downloads.map((download) => download.phases.length));
  return Array.from({ length: most }, (_, at) => {
    const entered = downloads.map((download) => download.phases[at]);
    return {
      from: entered.map((phase) => phase?.start ?? null),
      to: entered.map((phase) => (phase ? (phase.end ?? Math.max(elapsed, phase.start)) : null)),
      fill: entered.map((phase) => (phase ? colors[phase.phase] : null)),
    };
  });
}

const ends = [1, 1.5, 2, 3, 4, 5, 6, 8, 10];

// A round number that leaves room for the present, so that the axis moves seldom.
function endOfAxis(elapsed) {
  const wanted = Math.max(elapsed * 1.02, 0.1);
  const power = 10 ** Math.floor(Math.log10(wanted));
  return ends.find((end) => end * power >= wanted) * power;
}

// 'BR Brazil: waiting 0.31 s, connecting 1.20 s, downloaded'
function sentenceFor({ code, state, phases: entered, message }) {
  const took = entered
    .filter(({ end }) => end !== null)
    .map(({ phase, start, end }) => `${phase} ${(end - start).toFixed(2)} s`);
  return `${code} ${countryName(code)}: ${[...took, message || wordFor(state)].join(', ')}`;
}
