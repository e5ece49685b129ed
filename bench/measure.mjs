// One row: the samples of its contenders, taken in turns, and the figures that they make.

// Stands for a peer that this machine does not have.
export class Missing {
  constructor(what) {
    this.what = what;
  }
}

const sorted = (values) => [...values].sort((a, b) => a - b);

// Between two samples, where the place falls between them.
function quantile(values, part) {
  const ordered = sorted(values);
  const place = (ordered.length - 1) * part;
  const below = ordered[Math.floor(place)];
  const above = ordered[Math.ceil(place)];
  return below + (above - below) * (place - Math.floor(place));
}

export const median = (values) => quantile(values, 0.5);

// How far apart the middle half of the samples is, as a share of the median.
export function spread(values) {
  const middle = median(values);
  return middle === 0 ? 0 : (quantile(values, 0.75) - quantile(values, 0.25)) / middle;
}

// A number, or null: there is none, or none of the peers that it is relative to is here. In a list each
// is a number or relative to a peer, and the smallest counts.
export function targetOf(target, peers) {
  if (!Array.isArray(target)) return target ?? null;
  const known = target
    .filter((one) => typeof one === 'number' || typeof peers[one.peer] === 'number')
    .map((one) => (typeof one === 'number' ? one : peers[one.peer] * one.times));
  return known.length === 0 ? null : Math.min(...known);
}

class Contender {
  constructor(name, measure) {
    this.name = name;
    this.measure = measure;
    this.samples = [];
    this.state = measure instanceof Missing ? 'missing' : 'measured';
  }

  async sample() {
    const figure = await this.measure();
    if (!Number.isFinite(figure)) throw new Error(`no figure: ${figure}`);
    this.samples.push(figure);
  }

  get result() {
    const { name, state } = this;
    if (state === 'missing') return { name, state, what: this.measure.what, value: null };
    if (state === 'failed') return { name, state, value: null };
    return { name, state, value: median(this.samples), spread: spread(this.samples) };
  }
}

// Each round begins with another one: none of them is always the first, on a machine that rests.
function* turns(contenders, rounds) {
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < contenders.length; i++)
      yield { round, contender: contenders[(round + i) % contenders.length] };
  }
}

// failed(name, error) is called for one that throws, which has then had its last turn; before(name,
// round, rounds) before each sample.
export async function measureRow(row, { rounds, failed, before = () => {} }) {
  const all = [['spindle', row.ours], ...Object.entries(row.peers ?? {})].map(
    ([name, measure]) => new Contender(name, measure),
  );
  const present = all.filter(({ state }) => state !== 'missing');
  const most = Math.max(rounds, row.rounds ?? 0);
  for (const { round, contender } of turns(present, most)) {
    if (contender.state === 'failed') continue;
    before(contender.name, round + 1, most);
    try {
      await contender.sample();
    } catch (error) {
      contender.state = 'failed';
      failed(contender.name, error);
    }
  }
  const [ours, ...peers] = all.map(({ result }) => result);
  const values = Object.fromEntries(peers.map(({ name, value }) => [name, value]));
  const { name, unit, note } = row;
  return { name, unit, note, ours, peers, rounds: most, target: targetOf(row.target, values) };
}

// null: nothing to say.
export function isMet({ ours, target }) {
  return ours.value === null || target === null ? null : ours.value <= target;
}

export function toJson(results) {
  return {
    rows: results.map(({ name, unit, ours, target, peers }) => ({
      name,
      unit,
      ours: ours.value,
      target,
      peers: Object.fromEntries(peers.map((peer) => [peer.name, peer.value])),
      spread: ours.spread ?? null,
    })),
  };
}
