// What a running program's loop counts: its tasks, its switches and its memory, as numbers and, for
// the last half minute, as lines.

import { axisStyle, colorOf, loadCharts, onLookChange } from './chart.mjs';
import { onceAFrame, setText } from './frame.mjs';

const span = 30; // seconds
const height = 120;
const ticks = [-30, -20, -10, 0];

const short = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

export class Counters {
  #section;
  #frame;
  #chart = null;
  #previous = null;
  #samples = [[], [], []]; // times, tasks, switches a second
  #draw;

  constructor(section) {
    this.#section = section;
    this.#frame = section.querySelector('.chart');
    this.#draw = onceAFrame(() => this.#chart?.setData(this.#samples));
    onLookChange(
      this.#frame,
      onceAFrame(() => this.#rebuild()),
    );
  }

  // Another run is counted from now on.
  restart() {
    this.#previous = null;
  }

  // `statistics` as an instance gives them; returned with what a second and a task have of them.
  add(statistics) {
    const counted = derive(statistics, this.#previous);
    this.#previous = { ...statistics, at: performance.now() / 1000 };
    this.#push(counted);
    this.#set('tasks', short.format(counted.tasks));
    this.#set('switches', short.format(counted.switchesPerSecond));
    this.#set('memory', counted.tasks > 0 ? formatBytes(counted.memoryPerTask) : '–');
    this.#set('busy', `${Math.round(counted.busyShare * 100)} %`);
    this.#draw();
    return counted;
  }

  #set(name, text) {
    setText(this.#section.querySelector(`[data-counter=${name}]`), text);
  }

  #push({ tasks, switchesPerSecond }) {
    const now = performance.now() / 1000;
    const [times, alive, switches] = this.#samples;
    times.push(now);
    alive.push(tasks);
    switches.push(switchesPerSecond);
    while (times[0] < now - span) this.#samples.forEach((sample) => sample.shift());
  }

  async #rebuild() {
    const Chart = await loadCharts();
    if (!Chart) return;
    this.#chart?.destroy();
    this.#chart = new Chart(this.#options(), this.#samples, this.#frame);
  }

  #options() {
    const axis = {
      ...axisStyle(),
      values: (_, values) => values.map((value) => short.format(value)),
    };
    const fromZero = (_, least, most) => [0, Math.max(1, most * 1.1)];
    const line = (name, color) => ({
      scale: name,
      stroke: colorOf(color),
      width: 2,
      points: { show: false },
    });
    const now = () => performance.now() / 1000;
    return {
      width: this.#frame.clientWidth,
      height,
      padding: [8, 4, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, range: () => [now() - span, now()] },
        tasks: { range: fromZero },
        switches: { range: fromZero },
      },
      axes: [
        {
          ...axis,
          splits: () => ticks.map((tick) => now() + tick),
          values: () => ticks.map((tick) => `${tick} s`),
          size: 24,
        },
        { ...axis, scale: 'tasks', size: 40, space: 30 },
        { ...axis, scale: 'switches', side: 1, size: 40, space: 30, grid: { show: false } },
      ],
      series: [{}, line('tasks', '--connecting'), line('switches', '--receiving')],
    };
  }
}

function derive(statistics, previous) {
  const passed = previous ? performance.now() / 1000 - previous.at : 0;
  const since = (name) => Math.max(0, statistics[name] - (previous?.[name] ?? statistics[name]));
  return {
    ...statistics,
    switchesPerSecond: passed > 0 ? since('switches') / passed : 0,
    busyShare: passed > 0 ? Math.min(1, since('busy') / passed) : 0,
    memoryPerTask: statistics.tasks > 0 ? statistics.taskMemory / statistics.tasks : 0,
  };
}

export function formatBytes(bytes) {
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  if (bytes < 1e6) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

export const formatCount = (count) => short.format(count);
