// Makes a failing program short: leaves out what is not needed for the difference.

// --- a program as a tree: each node is a line, and the nodes of its body up to the line that ends it

const opens = /^\??(coroutine|callback|producer|loop|with|group|timeout|timeoutat|each|try)\b/;

function parse(text) {
  const lines = text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
  let at = 0;
  const readNodes = () => {
    const nodes = [];
    while (at < lines.length && !/^(end|except|finally)\b/.test(lines[at])) nodes.push(readNode());
    return nodes;
  };
  const readNode = () => {
    const node = { line: lines[at++], parts: null };
    if (!opens.test(node.line)) return node;
    node.parts = [{ head: null, nodes: readNodes() }];
    while (lines[at] !== 'end') node.parts.push({ head: lines[at++], nodes: readNodes() });
    at++;
    return node;
  };
  return readNodes();
}

function write(nodes, indent = '') {
  return nodes
    .flatMap(({ line, parts }) => [
      indent + line,
      ...(parts ?? []).flatMap(({ head, nodes: body }) => [
        ...(head ? [indent + head] : []),
        ...(body.length > 0 ? [write(body, `${indent}  `).trimEnd()] : []),
      ]),
      ...(parts ? [`${indent}end`] : []),
    ])
    .map((line) => `${line}\n`)
    .join('');
}

// --- shorter programs: each is the tree with one thing less

// Every tree in which `edit` has changed the list of nodes somewhere: it gives the lists that may stand
// in place of one.
function variants(nodes, edit) {
  const here = edit(nodes);
  const below = nodes.flatMap((node, i) =>
    (node.parts ?? []).flatMap((part, p) =>
      variants(part.nodes, edit).map((body) => {
        const parts = node.parts.map((other, o) => (o === p ? { ...part, nodes: body } : other));
        return [...nodes.slice(0, i), { ...node, parts }, ...nodes.slice(i + 1)];
      }),
    ),
  );
  return [...here, ...below];
}

const without = (size) => (nodes) => {
  const lists = [];
  for (let at = 0; at + size <= nodes.length; at += Math.max(1, size >> 1))
    lists.push([...nodes.slice(0, at), ...nodes.slice(at + size)]);
  return lists;
};

// A block replaced by what is in it; a try without one of its parts.
const flatter = (nodes) =>
  nodes.flatMap((node, i) => {
    const around = (list) => [...nodes.slice(0, i), ...list, ...nodes.slice(i + 1)];
    if (!node.parts || /^(coroutine|callback|producer)/.test(node.line)) return [];
    const fewer = node.parts
      .slice(1)
      .map((part) => around([{ ...node, parts: node.parts.filter((other) => other !== part) }]));
    return [...node.parts.map(({ nodes: body }) => around(body)), ...fewer];
  });

// A line that says less: without its last word or its time.
const plainer = (nodes) =>
  nodes.flatMap((node, i) => {
    const changed = (line) => [...nodes.slice(0, i), { ...node, line }, ...nodes.slice(i + 1)];
    const lines = [];
    if (/ (eager|name=\S+|in=\S+)$/.test(node.line)) lines.push(node.line.replace(/ \S+$/, ''));
    if (/^\??(gather|gatherall|each|wait) .* \S+$/.test(node.line))
      lines.push(node.line.replace(/ \S+$/, ''));
    if (/^\??cancel \S+ m\d+$/.test(node.line)) lines.push(node.line.replace(/ m\d+$/, ''));
    if (/^loop \d/.test(node.line)) lines.push('loop 1');
    if (/^\??sleep (?!0$)/.test(node.line)) lines.push('sleep 0');
    return lines.map(changed);
  });

const steps = [without(8), without(4), without(2), without(1), flatter, plainer];

// A program without what it refers to makes no sense, and is no candidate.
function makesSense(text) {
  const defined = new Set(
    [
      ...text.matchAll(
        /^(coroutine|callback|producer|lock|event|condition|semaphore|bounded|barrier|queue|lifo|priority|future|counter|local) (\S+)/gm,
      ),
    ].map((match) => match[2]),
  );
  const used = text
    .split('\n')
    .map((line) => line.trim().replace('?', ''))
    .filter((line) => !/^(coroutine|callback|producer|except|lock|future)\b/.test(line))
    .flatMap((line) => line.split(' ').slice(1))
    .filter((word) => /^([lecsbqfxv]\d+|[akdp]\d+|rescue)$/.test(word));
  return defined.has('main') && used.every((word) => defined.has(word)) && reraisesAreWell(text);
}

// A reraise stands in an except.
function reraisesAreWell(text) {
  const stack = [];
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (opens.test(line)) stack.push('');
    else if (/^(except|finally)/.test(line)) stack[stack.length - 1] = line;
    else if (line === 'end') stack.pop();
    else if (line === 'reraise' && !stack.some((part) => part.startsWith('except'))) return false;
  }
  return true;
}

// Promise of the shortest program that was found for which failing([texts]) still gives a promise of
// a list with true at its place. failing() is given many at once.
export async function shrink(text, failing, tell = () => {}) {
  let best = write(parse(text));
  const tooMany = 150;
  for (let progress = true; progress;) {
    progress = false;
    for (const step of steps) {
      for (let from = 0; ;) {
        const candidates = [
          ...new Set(variants(parse(best), step).map((nodes) => write(nodes))),
        ].filter((candidate) => candidate.length < best.length && makesSense(candidate));
        const some = candidates.slice(from, from + tooMany);
        if (some.length === 0) break;
        const fails = await failing(some);
        const shorter = some.filter((_, i) => fails[i]).sort((a, b) => a.length - b.length)[0];
        if (shorter) {
          best = shorter;
          progress = true;
          tell(best);
        } else from += tooMany;
      }
    }
  }
  return best;
}
